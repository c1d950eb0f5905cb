"""Signing in: what allauth keeps, and sessions."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.personal_data import AGREEMENT, GONE, Kind, Rows, add, delete, of_model

# The library does not speak the portal's languages.
NAMES = {
    "type": _("Way"),
    "created_at": _("Begun"),
    "last_seen_at": _("Seen last"),
    "last_used_at": _("Used last"),
    "ip": _("Network address (IP)"),
    "user_agent": _("What the browser told of itself"),
    "provider": _("Who signs you in"),
    "uid": _("Your sign there"),
    "extra_data": _("What was told of you"),
    "last_login": _("Last signed in"),
    "date_joined": _("Linked"),
}


def add_sign_in(code: str, label: str, fields: tuple[str, ...], title: Any) -> None:
    """Of a package that may be away: told of when it is there. Never a secret: what proves who somebody is."""
    if apps.is_installed(f"allauth.{label.split('.')[0]}"):
        model = apps.get_model(label)
        add(
            of_model(
                code,
                title=title,
                model=model,
                fields=fields,
                names=NAMES,
                of=lambda person: model._default_manager.filter(user=person),
                erase=delete,
                fate=GONE,
                why=_("Signing in safely"),
                basis=AGREEMENT,
                how_long=_("As long as you have an account"),
            )
        )


add_sign_in("addresses", "account.EmailAddress", ("email", "verified", "primary"), _("Addresses you sign in with"))
add_sign_in("second-factors", "mfa.Authenticator", ("type", "created_at", "last_used_at"), _("Second factors"))
add_sign_in(
    "other-sign-ins",
    "socialaccount.SocialAccount",
    ("provider", "uid", "extra_data", "last_login", "date_joined"),
    _("Your organisation’s own sign-in"),
)
add_sign_in(
    "devices", "usersessions.UserSession", ("created_at", "last_seen_at", "ip", "user_agent"), _("Where you are signed in")
)  # fmt: skip


def sessions_of(person: User) -> list[Session]:
    """A session's row does not say whose it is: each is opened. There are as many as people signed in lately."""
    current = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    return [session for session in current if session.get_decoded().get("_auth_user_id") == str(person.pk)]


def session_rows(person: User) -> Rows:
    return [{"expires": session.expire_date.isoformat()} for session in sessions_of(person)]


def session_words(person: User) -> Rows:
    return [{"expires": session.expire_date} for session in sessions_of(person)]


def erase_sessions(person: User) -> None:
    Session.objects.filter(pk__in=[session.pk for session in sessions_of(person)]).delete()


add(
    Kind(
        "sessions",
        title=_("Browsers where you are signed in"),
        rows=session_rows,
        shown=session_words,
        erase=erase_sessions,
        fate=_("You are signed out everywhere."),
        why=_("Signing in safely"),
        basis=AGREEMENT,
        labels={"expires": _("ends by itself")},
        models=("sessions.Session",),
        how_long=_("Until you sign out; two weeks at most"),
    )
)
