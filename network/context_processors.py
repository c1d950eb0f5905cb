"""What every page shows of the network: its name, urgent lines, menu and the same page in other languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from .models import Network, UrgentLine

# Each language in its own words, as a reader looks for it.
NATIVE = {"fi": "suomeksi", "sv": "på svenska", "en": "in English"}


def network(request: HttpRequest) -> dict[str, Any]:
    return {
        "network": SimpleLazyObject(Network.current),
        "urgent_lines": SimpleLazyObject(lambda: list(UrgentLine.objects.all())),
        "language_links": SimpleLazyObject(lambda: language_links(request)),
        "main_menu": SimpleLazyObject(lambda: main_menu(request)),
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
    }


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """The page's address in every language; the front page's where the page itself has none (an error page)."""
    current = translation.get_language()
    here = escape_leading_slashes(request.get_full_path())  # `//host/` would lead to another site
    links = []
    for code, _name in settings.LANGUAGES:
        url = translate_url(here, code)
        if code != current and url == here:
            with translation.override(code):
                url = reverse("front_page")
        links.append(
            {
                "code": code,
                "label": code.upper(),
                "native": NATIVE[code],
                "url": url,
                "path": url.split("?")[0],
                "current": code == current,
            }
        )
    return links


def main_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Entries with `current` as `aria-current` wants it: `page` on the entry's own page, `true` below it."""
    entries = [
        (_("Services"), reverse("services:list")),
        (_("Meetings"), reverse("meetings:list")),
        (_("Members"), reverse("organisation_list")),
        (_("Bulletins"), reverse("bulletin_list")),
    ]
    return [{"label": label, "url": url, "current": _current(request.path, url)} for label, url in entries]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url) else ""
