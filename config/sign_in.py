"""Signing in and out by e-mail address and password."""

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from network.models import User


class SignInForm(AuthenticationForm):
    """The same answer for a wrong address and a wrong password."""

    error_messages = {
        "invalid_login": _("The e-mail address or the password is wrong. Check both and try again."),
        "inactive": _("The e-mail address or the password is wrong. Check both and try again."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        username = self.fields["username"]
        username.label, username.widget.input_type = _("E-mail address"), "email"
        username.widget.attrs |= {"autocomplete": "username", "inputmode": "email"}

    def clean_username(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["username"])


class SignInView(auth_views.LoginView):
    template_name = "network/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """With a fragment of its own: the form's `#virhe` would otherwise stay in the address."""
        return f"{super().get_success_url()}#sisalto"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_accounts"] = User.objects.filter(email__endswith="@example.org", is_active=True)
            context["demo_password"] = settings.DEMO_PASSWORD
        return context


sign_in = login_not_required(SignInView.as_view())
# Open to all: whoever presses it after the session has ended is signed out already.
sign_out = login_not_required(auth_views.LogoutView.as_view())
