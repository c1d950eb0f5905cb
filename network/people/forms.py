"""Forms of the pages about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.guards import GuardedForm


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
