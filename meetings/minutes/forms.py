"""Forms of minutes; the texts themselves are saved one by one (see `writing`)."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import GuardedForm
from network.public_forms import OnceForm

from ..models import MeetingFeedback, Minutes, MinutesComment


class NewItemForm(GuardedForm, OnceForm):
    title = forms.CharField(label=_("A matter that was not on the agenda"), max_length=200)


class WishesForm(GuardedForm, OnceForm):
    ideas = forms.CharField(
        label=_("Ideas for the next season"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=6000,
        help_text=_("One on each line. They come to the wish list of the group."),
    )

    def clean_ideas(self) -> list[str]:
        lines = [line.strip(" -*•\t") for line in self.cleaned_data["ideas"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if any(len(line) > 300 for line in found):
            raise forms.ValidationError(_("An idea is too long: at most 300 characters fit on a line."))
        return found


class CommentsForm(forms.ModelForm):
    class Meta:
        model = Minutes
        fields = ("comments_until",)
        widgets = {"comments_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_comments_until(self) -> dt.date:
        until: dt.date | None = self.cleaned_data["comments_until"]
        if until is None or until < timezone.localdate():
            raise forms.ValidationError(_("Give a day that has not been yet."))
        return until


class CommentForm(GuardedForm, OnceForm, forms.ModelForm):
    class Meta:
        model = MinutesComment
        fields = ("item", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items
        field.empty_label = _("The whole of the minutes")


class PublishForm(GuardedForm):
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=20)
    what_changed = forms.CharField(
        label=_("What was corrected"), max_length=500, required=False, help_text=_("Members who read the minutes see this.")
    )  # fmt: skip

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if minutes.number == 1:
            del self.fields["what_changed"]
        else:
            self.fields["what_changed"].required = True


class PostponeForm(GuardedForm):
    to = forms.DateField(label=_("New day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Why"), max_length=500, required=False)

    def clean_to(self) -> dt.date:
        to: dt.date = self.cleaned_data["to"]
        if to < timezone.localdate():
            raise forms.ValidationError(_("Give a day that has not been yet."))
        return to


class FeedbackForm(GuardedForm, forms.ModelForm):
    class Meta:
        model = MeetingFeedback
        fields = ("useful", "heard", "refers_better", "text")
        widgets = {
            **dict.fromkeys(("useful", "heard", "refers_better"), forms.RadioSelect),
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("useful", "heard", "refers_better"):
            field: Any = self.fields[name]
            field.choices = [*MeetingFeedback.Scale.choices]

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) not in (None, "") for name in self._meta.fields or ()):
            raise forms.ValidationError(_("Answer at least one of the questions."))
        return cleaned
