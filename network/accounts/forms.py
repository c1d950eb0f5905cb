"""The library's forms in our words: no placeholders (a label says it), boxes that suit a phone and a password manager."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network.models import User

from . import emails
from .addresses import who_signs_in

DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code"}


class PlainForm(forms.Form):
    """Labels and attributes for the fields that a form of the library has."""

    labels: dict[str, Any] = {}
    attributes: dict[str, dict[str, str]] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs |= self.attributes.get(name, {})
            field.label = self.labels.get(name, field.label)
            if name in self.hints:
                field.help_text = self.hints[name]


class SignInForm(PlainForm, account.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}
    attributes = {"login": {"autocomplete": "username", "inputmode": "email"}}
    hints = {"password": ""}


class RequestCodeForm(PlainForm, account.RequestLoginCodeForm):
    labels = {"email": _("E-mail address")}
    attributes = {"email": {"inputmode": "email"}}

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action="request_login_code", key=address):
            raise get_adapter().validation_error("rate_limited")
        self._user = who_signs_in(address)
        return address


class CodeForm(PlainForm, account.ConfirmLoginCodeForm):
    labels = {"code": _("Code from the e-mail")}
    attributes = {"code": DIGITS}


class ReauthenticationCodeForm(PlainForm, account.ConfirmReauthenticationCodeForm):
    labels = {"code": _("Code from the e-mail")}
    attributes = {"code": DIGITS}


class ResetPasswordForm(PlainForm, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}
    attributes = {"email": {"inputmode": "email"}}

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        person = who_signs_in(address)
        self.users = [person] if person else []
        return address

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """One message goes out, with a link or with the word that there is no account."""
        if self.users:
            return super().save(request, **kwargs)
        emails.no_account(self.cleaned_data["email"])
        return self.cleaned_data["email"]


NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password again")}


class NewPasswordForm(PlainForm, account.ResetPasswordKeyForm):
    labels = NEW_PASSWORD


class SetPasswordForm(PlainForm, account.SetPasswordForm):
    labels = NEW_PASSWORD


class ChangePasswordForm(PlainForm, account.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), **NEW_PASSWORD}
    hints = {"oldpassword": ""}


class ChangeAddressForm(PlainForm, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}
    attributes = {"email": {"inputmode": "email"}}

    def clean_email(self) -> str:
        """The answer is the same for an address that somebody else signs in with."""
        address = User.objects.normalize_email(self.cleaned_data["email"])
        if isinstance(self.user, User) and address == self.user.email:
            raise get_adapter().validation_error("same_as_current")
        return address


class ReauthenticateForm(PlainForm, account.ReauthenticateForm):
    labels = {"password": _("Password")}
    hints = {"password": ""}


class SecondFactorForm(PlainForm, factor.AuthenticateForm):
    labels = {"code": _("Code")}
    attributes = {"code": DIGITS}
    hints = {"code": _("The six figures that your app shows now, or one of your recovery codes.")}


class SecondFactorAgainForm(PlainForm, factor.ReauthenticateForm):
    labels = SecondFactorForm.labels
    attributes = SecondFactorForm.attributes
    hints = SecondFactorForm.hints


class ActivateAppForm(PlainForm, totp.ActivateTOTPForm):
    labels = {"code": _("Code that the app shows")}
    attributes = {"code": DIGITS}
