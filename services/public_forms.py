"""Forms about a listing that anybody may send without signing in."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import limits
from network.public_forms import PublicForm

from . import feedback
from .models import AccessFeedback, ListingReport, Service

ANSWERS_AN_HOUR = 20  # from one network; people of one office or library share one


class ReportForm(PublicForm, forms.ModelForm):
    """Something in the listing is wrong."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"), choices=ListingReport.Kind.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = ListingReport
        fields = ("kind", "body", "sender_email")
        labels = {
            "body": gettext_lazy("How should it be?"),
            "sender_email": gettext_lazy("Your e-mail address"),
        }
        help_texts = {
            "body": gettext_lazy("For example the right number, or what you found when you came."),
            "sender_email": gettext_lazy("Only if you want an answer."),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 5}), "sender_email": forms.EmailInput(attrs={"autocomplete": "email"})}  # fmt: skip


class HelpedForm(forms.Form):
    """The one press. Its key is the answer's own, see `services.feedback`."""

    helped = forms.ChoiceField(choices=AccessFeedback.Helped.choices)
    key = forms.CharField(max_length=300)

    def __init__(self, *args: Any, service: Service, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service, self.request = service, request
        self.pk: uuid.UUID | None = None

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        self.pk = feedback.opened(cleaned.get("key", ""), self.service)
        if self.pk is None:
            self.add_error(None, _("This page had been open for very long. Press your answer again."))
        elif not self.errors and not self.may_answer():
            self.add_error(None, _("Many answers have come from your network within an hour. Wait a while."))
        return cleaned

    def may_answer(self) -> bool:
        """A press that changes an answer takes no new place."""
        if self.pk and AccessFeedback.objects.filter(pk=self.pk).exists():
            return True
        return limits.may("services.helped", limits.client_mark(self.request), times=ANSWERS_AN_HOUR)


class MoreForm(forms.Form):
    """The two further questions; either may be left."""

    getting_in = forms.TypedChoiceField(
        label=gettext_lazy("How was it to get in?"), required=False, coerce=int, empty_value=None,
        choices=AccessFeedback.GettingIn.choices, widget=forms.RadioSelect,
    )  # fmt: skip
    being_met = forms.TypedChoiceField(
        label=gettext_lazy("How were you met?"), required=False, coerce=int, empty_value=None,
        choices=AccessFeedback.BeingMet.choices, widget=forms.RadioSelect,
    )  # fmt: skip
