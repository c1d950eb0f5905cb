"""Signing in as a person does it, for the tests beside this file."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests import factories

SIGN_IN, CODE, TYPE_CODE = "/tili/kirjaudu/", "/tili/koodi/", "/tili/koodi/syota/"
AGAIN = "/tili/varmista/"
SECOND_STEP, SET_UP = "/tili/kaksivaiheinen/kirjaudu/", "/tili/kaksivaiheinen/sovellus/"


def by_password(client: Client, address: str, password: str = factories.PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": address, "password": password} | more)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_in(message) -> str:
    (code,) = re.findall(r"^\d{6}$", message.text, re.MULTILINE)
    return code


def link_in(message) -> str:
    """The path of the link in the message."""
    return re.search(r"https?://[^/\s]+(/tili/\S+)", message.text)[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def app_code(secret: str = factories.TOTP_SECRET, periods: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def show_again(client: Client, password: str = factories.PASSWORD) -> None:
    """Who is signed in shows by the password that it is still them."""
    assert client.post(AGAIN, {"password": password}).status_code == 302
