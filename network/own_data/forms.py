from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import GuardedForm
from network.models import User
from network.public_forms import OnceForm


class CorrectionForm(GuardedForm, OnceForm):
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and how should it be?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class EraseForm(OnceForm):
    """Typing one's own address is slow enough to be meant."""

    email = forms.EmailField(
        label=gettext_lazy("Write your e-mail address to confirm"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        given = User.objects.normalize_email(self.cleaned_data["email"])
        if given != self.person.email:
            raise ValidationError(_("This is not the address of this account."))
        return given
