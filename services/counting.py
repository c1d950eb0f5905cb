"""Counting what people search for: the words and how many services they found, and nothing of who asked.

A search is counted once: when it comes from the search box or a link, not when its list is paged, sorted or narrowed. The
page that somebody comes from tells these apart; it is looked at and forgotten. A reader who asks for the same page again
has it and gets 304: that is not counted either. Decision 0177.
"""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from .counts import Kept

LONGEST = 100
MACHINES = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python", re.IGNORECASE)
FOUND = Kept(1000)  # what the pages that this process has made told: kept pages are counted too

View = Callable[..., HttpResponseBase]


def normalised(words: str) -> str:
    """Small letters and single spaces; nothing for what is never kept: digits, addresses, or more than a few words."""
    text = unicodedata.normalize("NFKC", words).lower()
    if "@" in text or any(sign.isnumeric() for sign in text):
        return ""
    kept = " ".join(re.sub(r"[^\w\s-]|_", " ", text).split()).strip("- ")
    return kept if len(kept) <= LONGEST else ""


def tell(request: HttpRequest, found: int, step: str) -> None:
    """The list tells what the words of this request find."""
    FOUND.keep(_key(request), (found, step))


def counted(view: View) -> View:
    """Counts the searches that a list of services answers; stands outside of what keeps its pages."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and is_new_search(request) and (told := FOUND.get(_key(request))):
            count(request.GET.get("q", ""), request.GET.get("municipality", ""), *told)
        return response

    return answer


def is_new_search(request: HttpRequest) -> bool:
    asked = request.GET
    if (
        request.method != "GET"
        or not asked.get("q")
        or any(asked.get(name) for name in ("page", "sort", "unknown", "old"))
    ):
        return False
    headers = request.headers
    if "prefetch" in headers.get("Sec-Purpose", "") + headers.get("Purpose", ""):
        return False
    agent = headers.get("User-Agent", "")
    return not MACHINES.search(agent) and not _goes_on(request)


def _goes_on(request: HttpRequest) -> bool:
    """The reader comes from the list of the same words."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
        words = parse_qs(before.query, max_num_fields=100).get("q", [""])[0]
    except ValueError:
        return False
    same = before.netloc == request.get_host() and before.path == request.path
    return same and normalised(words) == normalised(request.GET["q"])


def count(words: str, municipality: str, found: int, step: str) -> None:
    """One more of the words today. A failure is no reason to show no services."""
    if not (kept := normalised(words)):
        return
    place = municipality if municipality.isdigit() and len(municipality) <= 3 else None
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        # The answer does not wait for the disk.
        cursor.execute(
            "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
            " INSERT INTO services_searchcount AS kept (words, municipality_id, day, count, found, step)"
            " SELECT %s, (SELECT code FROM network_municipality WHERE code = %s), %s, 1, %s, %s FROM quick"
            " ON CONFLICT (words, municipality_id, day)"
            " DO UPDATE SET count = kept.count + 1, found = excluded.found, step = excluded.step",
            [kept, place, timezone.localdate(), found, step],
        )


def _key(request: HttpRequest) -> str:
    return request.get_full_path()
