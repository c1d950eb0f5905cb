"""What django-allauth asks the portal: who may, what to say, and by which door mail leaves."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Network, User

from . import emails, provider, second_factor
from .addresses import who_signs_in


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is wrong. Check both and try again."
        ),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_code": gettext_lazy("The code is wrong. Check it and try again."),
        "incorrect_password": gettext_lazy("The password is wrong."),
        "invalid_password_reset": gettext_lazy("The link does not work any more."),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes and try again."),
        "same_as_current": gettext_lazy("This is your address already."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # every page is a page

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A closed account gets the answer of a wrong password."""
        person = super().authenticate(request, **credentials)
        return person if isinstance(person, User) and person.is_active else None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the address alone: the library adds the host's name, and each further name would give more tries."""
        return User.objects.normalize_email(credentials.get("email") or credentials.get("username"))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, _("This account is closed. The coordinator can open it again."))
        return redirect("sign_in")

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Where one was going, with a fragment of its own: the form's `#virhe` would otherwise stay in the address."""
        response = super().post_login(request, user, **more)
        if second_factor.is_missing(request, user):
            return redirect("mfa_reauthenticate" if second_factor.has_one(user) else "mfa_activate_totp")
        if isinstance(response, HttpResponseRedirect) and "#" not in response["Location"]:
            response["Location"] += "#sisalto"
        return response

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_email" if self.request.user.is_authenticated else "sign_in")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Change the account's address; refused when somebody else got it meanwhile."""
        taken = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        try:
            with transaction.atomic():
                if not taken.exists():
                    return super().confirm_email(request, email_address)
        except IntegrityError:
            pass
        messages.error(request, _("The address could not be changed. Somebody else signs in with it."))
        return False

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """One message whether the address is free or not; what is on the screen is the same too."""
        address = emailconfirmation.email_address
        if owner := User.objects.filter(email=address.email).exclude(pk=address.user_id).first():
            emails.address_taken(owner)
        else:
            url = self.get_email_confirmation_url(request, emailconfirmation)
            emails.confirm_address(address.email, url, language=address.user.language)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The library's other messages. KeyError for one that the portal does not know."""
        kind = template_prefix.rpartition("/")[2]
        to: User | str = who_signs_in(email) or email
        if kind == "login_code":
            emails.code(to, context["code"], again=context["reauthentication"])
        elif kind == "password_reset_key":
            emails.new_password(context["user"], context["password_reset_url"])
        elif kind == "email_changed":
            language = self.request.user.language if isinstance(self.request.user, User) else ""
            emails.address_changed(context["from_email"], context["to_email"], language=language)
        elif kind != "email_deleted" and isinstance(to, User):  # a change that was given up changed nothing
            emails.changed(to, kind)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy("Set up the second step first."),
        "incorrect_code": gettext_lazy("The code is wrong. Check it and try again."),
    }

    def get_totp_issuer(self) -> str:
        return Network.current().local_name

    def build_totp_svg(self, url: str) -> str:
        """Drawn in the page itself, dark on white whatever the page's colours are: the policy lets no data: image in."""
        return segno.make(url, error="m").svg_inline(scale=4, dark="#000", light="#fff", border=4, omitsize=True)


class ProviderAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The one provider of the settings; nothing in the database adds another."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **more: Any) -> None:
        """To a page with an address of its own: the one of coming back holds the provider's code."""
        if error != AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("socialaccount_login_error"))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Go on with the person it is, or show everybody else the same calm page."""
        person = provider.person_of(sociallogin)
        if person is None:
            raise ImmediateHttpResponse(redirect("openid_connect_refused"))
        provider.connect(request, sociallogin, person)
