"""What leaves by mail about signing in. Each sending is an event of its own: a second code is a new message."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.urls import translate_url
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network import mail
from network.emails import link
from network.models import User

# What was changed → what the message says of it. The names are the library's own.
CHANGES = {
    "password_changed": _("Your password was changed."),
    "password_set": _("A password was set for your account."),
    "password_reset": _("Your password was changed by a link that was sent to you."),
    "totp_activated": _("A second step was set up for signing in to your account."),
    "totp_deactivated": _("The second step for signing in was removed from your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account. The old ones do not work any more."),
    "account_connected": _("Your account was connected to your organisation's own sign-in."),
}


def code(to: User | str, code: str, *, again: bool = False) -> None:
    """A one-time code, for signing in or (`again`) for showing once more who one is."""
    why = (
        _("You get this because a code was asked for in your account.")
        if again
        else _("You get this because a code for signing in was asked for with this address.")
    )
    context = {"code": code, "again": again, "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60}
    _send("code", to, why, context)


def no_account(address: str) -> None:
    """The same work as for a known address, and a help to who signed up with another one of theirs."""
    why = _("You get this because somebody tried to sign in with this address.")
    _send(
        "no_account", address, why, {"sign_in_url": link("sign_in", language=get_language() or settings.LANGUAGE_CODE)}
    )


def new_password(to: User, url: str) -> None:
    why = _("You get this because a new password was asked for with this address.")
    url = in_language(url, to.language)
    _send("new_password", to, why, {"url": url, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600})


def confirm_address(address: str, url: str, *, language: str) -> None:
    why = _("You get this because somebody wants to sign in with this address from now on.")
    url = in_language(url, language)
    _send(
        "confirm_address", address, why, {"url": url, "days": settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS}, language
    )


def address_taken(owner: User) -> None:
    """To the owner of an address that somebody else wanted for their account."""
    why = _("You get this because somebody wants to sign in with this address from now on.")
    _send("address_taken", owner, why, {"sign_in_url": link("sign_in", language=owner.language)})


def address_changed(old: str, new: str, *, language: str) -> None:
    """To the old address: the one place where the person still sees what somebody else did."""
    why = _("You get this because this was the address of your account.")
    _send("address_changed", old, why, {"new": new}, language)


def changed(to: User, what: str) -> None:
    why = _("You get this because the way to sign in to your account was changed.")
    reset_url = link("account_reset_password", language=to.language)
    _send("changed", to, why, {"what": CHANGES[what], "reset_url": reset_url})


def in_language(url: str, language: str) -> str:
    """The library makes addresses in the language of whoever asks; the reader gets the same page in hers."""
    return translate_url(url, language)


def _send(name: str, to: User | str, why: str | Promise, context: dict[str, Any], language: str = "") -> None:
    event = f"{name.replace('_', ' ')}:{uuid4()}"
    language = language or (get_language() or "" if isinstance(to, str) else "")
    mail.send(f"account/{name}", to=to, event=event, context=context, why=why, language=language)
