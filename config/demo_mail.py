"""The demo's mail: it never leaves the machine, and waits in a folder for the page that shows it."""

import datetime as dt
import email
import email.policy
import hashlib
import os
import re
from collections.abc import Sequence
from email.message import EmailMessage as Letter
from pathlib import Path
from typing import NamedTuple

import nh3
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

SHOWN = 200  # newest letters on the page
BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
TAGS = {"a", "b", "br", "blockquote", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "hr", "li", "ol", "p",
        "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip
CLASSES = {"button", "card", "code", "quiet"}


class EmailBackend(BaseEmailBackend):
    """One file for each message, named after its Message-ID: one that is sent twice is there once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.DEMO_MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in email_messages:
            message = each.message()
            name = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:24]
            unfinished = settings.DEMO_MAIL_DIR / f"{name}.{os.getpid()}"
            unfinished.write_bytes(message.as_bytes())
            unfinished.rename(settings.DEMO_MAIL_DIR / f"{name}.eml")
        return len(email_messages)


class DemoLetter(NamedTuple):
    name: str
    arrived_at: dt.datetime
    headers: Letter

    @property
    def text(self) -> str:
        return self.body("plain")

    @property
    def html(self) -> SafeString:
        """Its content as a part of our page: no style, script, picture or form of its own."""
        html = self.body("html")
        inner = found[1] if (found := BODY.search(html)) else html
        attributes = {"a": {"href", "class", "lang"}, "p": {"class", "lang"}, "div": {"class", "lang"}}
        clean = nh3.clean(
            inner, tags=TAGS, attributes=attributes, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None
        )
        return mark_safe(clean)  # cleaned just now

    def body(self, kind: str) -> str:
        part = self.headers.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def letters() -> list[DemoLetter]:
    """The newest first."""
    paths = settings.DEMO_MAIL_DIR.glob("*.eml")
    return sorted(map(read, paths), key=lambda letter: letter.arrived_at, reverse=True)[:SHOWN]


def read(path: Path) -> DemoLetter:
    arrived = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return DemoLetter(path.stem, timezone.localtime(arrived), message)


@login_not_required
@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    refuse_outside_the_demo()
    return render(request, "demo/letter_list.html", {"letters": letters()})


@login_not_required
@require_safe
def letter_detail(request: HttpRequest, name: str) -> HttpResponse:
    refuse_outside_the_demo()
    path = settings.DEMO_MAIL_DIR / f"{name}.eml"
    if not path.is_file():
        raise Http404(_("There is no such message."))
    return render(request, "demo/letter_detail.html", {"letter": read(path)})


def refuse_outside_the_demo() -> None:
    if not settings.DEMO:
        raise Http404
