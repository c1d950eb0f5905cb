"""Pages that are the same for everybody who is not signed in: made once, kept, and not sent again to who has them.

    @login_not_required
    @require_safe
    @public_page(clock=hours.clock)
    def service_list(request): …

The answer is kept in the process under all that it depends on: the catalogue's number, our release, the language, the
address with its query, and what the clock changes on it. The same words make its ETag, so that `If-None-Match` is
answered before anything is asked of the database but that number.

Who has a session, or a message that waits, gets the view as it is: nothing kept is given to them, and what is made for
them is not kept. For the others `request.user` is nobody, there are no messages, and a page that reads the session, sets
a cookie or takes a form's token is not kept either. What must happen for each reader (counting a search) stands outside
of this decorator.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Event, Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .versions import catalogue_version, release

View = Callable[..., HttpResponseBase]
Clock = Callable[[str], str]  # takes the catalogue's number; what the time of day means for a page, as a word

CACHE_CONTROL = "public, max-age=0, must-revalidate"  # anybody may keep it, and asks each time whether it still holds


class Kept(NamedTuple):
    """An answer as it is kept: compressed, since most ask for it so."""

    body: bytes
    content_type: str


class Keeper:
    """Answers by their tags, the least used ones dropped when together they are too large."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.lock = Lock()

    def get(self, tag: str) -> Kept | None:
        with self.lock:
            if found := self.kept.get(tag):
                self.kept.move_to_end(tag)
            return found

    def keep(self, tag: str, answer: Kept) -> None:
        with self.lock:
            if old := self.kept.pop(tag, None):
                self.bytes -= len(old.body)
            self.kept[tag] = answer
            self.bytes += len(answer.body)
            while self.bytes > self.most_bytes:
                self.bytes -= len(self.kept.popitem(last=False)[1].body)

    def forget(self) -> None:
        with self.lock:
            self.kept.clear()
            self.bytes = 0


KEEPER = Keeper(settings.KEPT_PAGES_BYTES)
PATIENCE = 5  # seconds to wait for somebody else's page; then one makes it oneself


class Making:
    """Pages that are being made in this process, so that after an edit one reader makes each and the others wait for it."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.lock = Lock()

    @contextmanager
    def one(self, tag: str) -> Iterator[None]:
        """Goes on at once for the first; for the others when the first is done, whatever came of it."""
        with self.lock:
            event = self.events.get(tag)
            mine = event is None
            if mine:
                event = self.events[tag] = Event()
        if not mine and event:
            event.wait(PATIENCE)
        try:
            yield
        finally:
            if mine and event:
                with self.lock:
                    del self.events[tag]
                event.set()


MAKING = Making()


class NoMessages(list[Any]):
    """In the place of the messages of a request that has none: asking for them would read the session."""

    def update(self, response: HttpResponseBase) -> list[Any]:
        return []


def day(version: str) -> str:
    """For pages on which only the date tells anything."""
    return timezone.localdate().isoformat()


def public_page(*, clock: Clock = day) -> Callable[[View], View]:
    """See the module. `clock` tells one time from another where the page shows a difference."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if settings.DEBUG or not is_anybody(request):
                return view(request, *args, **kwargs)
            request.user = AnonymousUser()
            # Django's deny-by-default has asked the empty session who this is. From here on nobody may.
            request.session.accessed = False
            request._messages = NoMessages()  # type: ignore[attr-defined]
            tag = tag_of(request, clock)
            if has_it_already(request, tag):
                return labelled(HttpResponseNotModified(), tag)
            if kept := KEEPER.get(tag):
                return labelled(unpacked(kept, request), tag)
            with MAKING.one(tag):
                return kept_or_made(request, tag, lambda: view(request, *args, **kwargs))

        return answer

    return decorate


def kept_or_made(request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    if kept := KEEPER.get(tag):  # somebody else has made it meanwhile
        return labelled(unpacked(kept, request), tag)
    try:
        response = make()
    except Exception:
        request.session.accessed = True
        raise
    if not isinstance(response, HttpResponse) or not may_be_kept(request, response):
        request.session.accessed = True  # others may see another page here: `Vary` is to say so
        return response
    kept = Kept(gzip.compress(response.content, compresslevel=5, mtime=0), response["Content-Type"])
    KEEPER.keep(tag, kept)
    return labelled(unpacked(kept, request), tag)


def is_anybody(request: HttpRequest) -> bool:
    """Nothing in the request says who this is, not even that somebody was here before."""
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and "Authorization" not in request.headers
    )


def tag_of(request: HttpRequest, clock: Clock) -> str:
    version = catalogue_version()  # before anything that the page is made of is read
    site = (settings.SITE_URL, settings.DEMO)
    parts = (release(), site, version, clock(version), translation.get_language(), request.get_full_path())
    return hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=16).hexdigest()


def has_it_already(request: HttpRequest, tag: str) -> bool:
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in asked or any(one.removeprefix("W/") == f'"{tag}"' for one in asked)


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not response.has_header("Content-Disposition")
        and not request.session.accessed
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def unpacked(kept: Kept, request: HttpRequest) -> HttpResponse:
    """Compressed for who takes it so: nothing secret is on the page, so its length tells nothing."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.body, content_type=kept.content_type)
        response.headers["Content-Encoding"] = "gzip"
        return response
    return HttpResponse(gzip.decompress(kept.body), content_type=kept.content_type)


def labelled(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = f'W/"{tag}"'
    response.headers["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response
