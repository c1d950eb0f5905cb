"""Writing to an organisation, and handling what came."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.guards import GuardedForm
from network.models import OrganisationMessage
from network.public_forms import PublicForm


class HandleForm(GuardedForm):
    """What was done about a message, and whether its sender gets to read it."""

    answer = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Write it so that the sender may read it."),
    )
    send = forms.BooleanField(label=_("Send this to the sender by e-mail"), required=False, initial=True)

    def __init__(self, *args: Any, may_send: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_send:
            del self.fields["send"]


class OrganisationMessageForm(PublicForm, forms.ModelForm):
    times = 5

    class Meta:
        model = OrganisationMessage
        fields = ["body", "sender_name", "sender_email"]
        labels = {"body": _("Message"), "sender_name": _("Your name"), "sender_email": _("Your e-mail address")}
        help_texts = {"sender_email": _("Give it if you would like an answer.")}
        widgets = {
            "body": forms.Textarea(attrs={"rows": 7}),
            "sender_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "sender_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
