"""Addresses under /tili/. Only what the portal offers is here; the library has more (open sign-up, passkeys …)."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.usersessions.views import list_usersessions
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from . import views

urlpatterns = [
    path("kirjaudu/", views.sign_in, name="sign_in"),
    path("kirjaudu/", views.sign_in, name="account_login"),  # by the library's name
    path("kirjaudu-ulos/", views.sign_out, name="sign_out"),
    path("kirjaudu-ulos/", views.sign_out, name="account_logout"),
    path("koodi/", views.request_code, name="account_request_login_code"),
    path("koodi/syota/", views.confirm_code, name="account_confirm_login_code"),
    path("salasana/", account.password_change, name="account_change_password"),
    path("salasana/aseta/", account.password_set, name="account_set_password"),
    path("salasana/unohtui/", account.password_reset, name="account_reset_password"),
    path("salasana/unohtui/lahetetty/", account.password_reset_done, name="account_reset_password_done"),
    path("salasana/uusi/valmis/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^salasana/uusi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sahkoposti/", account.email, name="account_email"),
    path("sahkoposti/vahvista/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("varmista/", account.reauthenticate, name="account_reauthenticate"),
    path("varmista/koodi/", account.request_reauthentication_code, name="account_request_reauthentication_code"),
    path("varmista/koodi/syota/", account.confirm_reauthentication_code, name="account_confirm_reauthentication_code"),
    path("kaksivaiheinen/", factor.index, name="mfa_index"),
    path("kaksivaiheinen/kirjaudu/", factor.authenticate, name="mfa_authenticate"),
    path("kaksivaiheinen/varmista/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("kaksivaiheinen/sovellus/", views.activate_app, name="mfa_activate_totp"),
    path("kaksivaiheinen/sovellus/poista/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("kaksivaiheinen/varakoodit/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("kaksivaiheinen/varakoodit/uudet/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("kaksivaiheinen/varakoodit/lataa/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("istunnot/", list_usersessions, name="usersessions_list"),
    path("organisaatio/", views.provider_login, {"provider_id": views.PROVIDER}, name="openid_connect_login"),
    path("organisaatio/ei-onnistu/", views.provider_refused, name="openid_connect_refused"),
    path("organisaatio/virhe/", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("organisaatio/peruttu/", social.login_cancelled, name="socialaccount_login_cancelled"),
]

# Without a language in front: the provider knows this one address.
callback = path(
    "tili/organisaatio/paluu/", views.provider_callback, {"provider_id": views.PROVIDER}, name="openid_connect_callback"
)
