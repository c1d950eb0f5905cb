"""The library's views where the portal adds something of its own; the others are taken as they are in `urls`."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from network.models import User

from . import domains, emails, second_factor

PROVIDER = "organisaatio"
LANGUAGE = "sign_in_language"

logger = logging.getLogger(__name__)


class SignInView(account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["provider_name"] = settings.OIDC_NAME if settings.OIDC_SERVER_URL else ""
        if settings.DEMO:
            context["demo_accounts"] = User.objects.filter(email__endswith="@example.org", is_active=True)
            context["demo_password"] = settings.DEMO_PASSWORD
        return context


class CodeProcess(LoginCodeVerificationProcess):
    """Sends one message to any address: a code to who may come in, to others the word that they have no account."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        if self.user or domains.organisation_of(email):
            emails.code(self.user or email, self.generate_code())
        else:
            emails.no_account(email)

    @classmethod
    def begin(cls, request: HttpRequest, person: User | None, address: str) -> None:
        login = Login(user=person, email=address)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state |= {**cls.initial_state(user=person, email=address), "initiated_by_user": True}
        process = cls(stage=stage)
        process.send()
        process.persist()


class RequestCodeView(account.RequestLoginCodeView):
    def form_valid(self, form: Any) -> HttpResponse:
        CodeProcess.begin(self.request, form._user, form.cleaned_data["email"])
        return super(account.RequestLoginCodeView, self).form_valid(form)


class ConfirmCodeView(account.ConfirmLoginCodeView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tries are counted in the session, which many requests at once could cheat; so they are counted here too."""
        address = self._process.state["email"]
        if answer := ratelimit.consume_or_429(request, action="confirm_login_code", key=address):
            return answer
        return super().post(request, *args, **kwargs)

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        if self._process.user is None:  # a code that was right went to somebody of an organisation's own domain
            person = domains.join(self._process.state["email"], translation.get_language() or settings.LANGUAGE_CODE)
            self._process._user = self.stage.login.user = person
        if self._process.user is None:
            return self.stage.abort()
        return super()._verify_form_valid(form)


class ActivateAppView(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        factor = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        second_factor.remember_shown(self.request, factor)
        self.request.session.cycle_key()
        return response


sign_in = SignInView.as_view()
# Open to all: whoever presses it after the session has ended is signed out already.
sign_out = login_not_required(require_POST(account.LogoutView.as_view()))
request_code = RequestCodeView.as_view()
confirm_code = method_decorator(sensitive_post_parameters(), name="dispatch")(ConfirmCodeView).as_view()
activate_app = never_cache(ActivateAppView.as_view())


@login_not_required
@rate_limit(action="provider")
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    if request.method == "POST":
        request.session[LANGUAGE] = translation.get_language()
    return calmly(openid.login, request, provider_id)


@login_not_required
@rate_limit(action="provider")
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The provider knows one address for coming back, so the language is remembered beside it."""
    translation.activate(request.session.pop(LANGUAGE, settings.LANGUAGE_CODE))
    return calmly(openid.callback, request, provider_id)


def calmly(view: Callable[..., HttpResponseBase], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A provider that is away or answers nonsense is no fault of ours, and of the person even less."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        logger.warning("The organisation's sign-in did not answer as it should: %s", type(error).__name__)
        return redirect("socialaccount_login_error")


@login_not_required
@require_safe
def provider_refused(request: HttpRequest) -> HttpResponse:
    return render(request, "account/provider_refused.html")
