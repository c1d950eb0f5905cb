"""Nothing that was typed is lost when a form cannot be taken.

A session that had ended, a token that had changed, a post that was too large: each time the person gets the form's
page back with everything as typed, and a word that nothing was saved. The page is fetched by a GET with the rights of
whoever asks (`reopened`) and its HTML is filled in (`network.refill`): no post is ever sent again, so nothing is ever
saved or done by itself.

Only the ended session needs to keep anything: a `KeptForm`, encrypted, for an hour. It is kept for the person who
opened the form, whom the form itself names (the `{% csrf_token %}` of `templatetags/kept.py` signs it), and for the
browser, by its session. Addresses of accounts (passwords, codes) and views marked `@never_kept` are left alone.
"""

import re
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    UnreadablePostError,
)
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import escape_uri_path

from . import limits
from .models import KeptForm, User
from .models.kept_form import KEPT_FOR
from .posted import LARGEST, body_of, drain, fields_of_body, is_form, is_multipart, length_of, sent_from_here
from .refill import Typed, fields_of, refill

WRITER = "form_writer"  # the hidden field that names who opened a form
PARAMETER, WHOLE = "kesken", "koko"  # of an address: the key of a kept form; whether its whole text is asked for
LARGE_AT_ONCE = threading.BoundedSemaphore(1)  # in one process: bounds the memory
SECRET = re.compile(r"passw|salasana|passcode|secret|otp|recovery|csrf", re.IGNORECASE)
ENDED, TOKEN_CHANGED, TOO_LARGE = "ended", "token", "large"
CLOSED = {403, 404}  # the answers to somebody who may not open a page
STATUS = {ENDED: 200, TOKEN_CHANGED: 403, TOO_LARGE: 400}
SHORT = 15  # characters of a typed value that nobody needs to copy
LONG = 100_000  # characters that a field gets back at most: more make a browser stand still
_signer = signing.TimestampSigner(salt="network.kept_forms.writer")

View = TypeVar("View", bound=Callable[..., Any])
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def never_kept(view: View) -> View:
    """For a view whose form holds secrets, or tells of somebody who must stay unknown."""
    view.never_kept = True  # type: ignore[attr-defined]
    return view


def writer_mark(user: Any) -> str:
    """What a form carries so that it can be given back to the same person only; empty for visitors."""
    return _signer.sign(user.pk) if user is not None and user.is_authenticated else ""


def writer_of(mark: str | None) -> int | None:
    """Key of the person who opened the form; None for a visitor's form and for a forged mark."""
    try:
        return int(_signer.unsign(mark or "", max_age=settings.SESSION_COOKIE_AGE))
    except (signing.BadSignature, ValueError):
        return None


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The view of a refused token (CSRF_FAILURE_VIEW): the middleware gives the form back in its place."""
    response = lost(request, TOKEN_CHANGED)
    response.token_refused = True  # type: ignore[attr-defined]
    return response


class KeptFormsMiddleware:
    """Stands inside the session and the language and outside of whatever may refuse a form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key, whole = take_parameters(request)
        if request.method == "POST" and is_form(request):
            return self.posted(request, key)
        response = self.get_response(request)
        if not key or request.method != "GET":
            return response
        sign_in = sign_in_again(request, response)
        if sign_in:
            return asking_to_sign_in(request, sign_in, key)
        return whole_text(request, response, key) if whole else shown_again(request, response, key)

    def posted(self, request: HttpRequest, key: str) -> HttpResponseBase:
        try:
            if is_multipart(request) and length_of(request) <= LARGEST:
                request._body = request.read()  # what Django parses, and what stays if it refuses
            request.POST  # noqa: B018  parses it
        except (RequestDataTooBig, TooManyFieldsSent):
            request._post, request._files = QueryDict(), MultiValueDict()  # type: ignore[attr-defined]  # nobody tries again
            return self.too_large(request)
        except UnreadablePostError as error:
            raise BadRequest("The client hung up before its form had arrived.") from error
        response = self.get_response(request)
        if getattr(response, "token_refused", False):
            return self.token_changed(request)
        if sign_in := sign_in_again(request, response):
            return kept(request, sign_in) or response
        if key and 300 <= response.status_code < 400:
            kept_of(request, key).delete()
        return response

    def token_changed(self, request: HttpRequest) -> HttpResponseBase:
        if not sent_from_here(request) or left_alone(request) or not may_read(request.POST.get(WRITER), request.user):
            return lost(request, TOKEN_CHANGED)
        page = self.reopened(request)
        if sign_in := sign_in_again(request, page):
            return kept(request, sign_in) or page
        typed = without_secrets(fields_of(request.POST))
        return given_back(request, page, typed, TOKEN_CHANGED) or lost(request, TOKEN_CHANGED, typed, page)

    def too_large(self, request: HttpRequest) -> HttpResponseBase:
        """Read it and give it back; a post that is far too large, or one of very many, is only told about."""
        if sent_from_here(request) and not left_alone(request) and LARGE_AT_ONCE.acquire(blocking=False):
            try:
                if limits.may("large-form", limits.client_mark(request), times=20) and (body := body_of(request)):
                    return self.too_large_with(request, fields_of_body(request, body))
            finally:
                LARGE_AT_ONCE.release()
        drain(request)
        return lost(request, TOO_LARGE)

    def too_large_with(self, request: HttpRequest, fields: Typed) -> HttpResponseBase:
        page = self.reopened(request)
        writer = (fields.get(WRITER) or [""])[0]
        if sign_in_again(request, page) or not may_read(writer, page.asked_by):  # type: ignore[attr-defined]
            return lost(request, TOO_LARGE)
        typed = without_secrets(fields)
        long = {name: values for name, values in typed.items() if max(map(len, values)) > LONG}
        key = keep(request, page.asked_by.pk, long) if long and page.asked_by.is_authenticated else ""  # type: ignore[attr-defined]
        short = {name: [value[:LONG] for value in values] for name, values in typed.items()}
        told = {"long": long, "whole": f"?{urlencode({PARAMETER: key, WHOLE: 1})}" if key else ""}
        return given_back(request, page, short, TOO_LARGE, told) or lost(request, TOO_LARGE, short, page, told)

    def reopened(self, request: HttpRequest) -> HttpResponseBase:
        """The page of the same address as a GET shows it to the same person."""
        environ = {
            name: value
            for name, value in request.META.items()
            if name not in {"CONTENT_LENGTH", "CONTENT_TYPE", "CSRF_COOKIE_NEEDS_UPDATE"}
            and not name.startswith("HTTP_IF_")
        }
        environ |= {"REQUEST_METHOD": "GET", "wsgi.input": BytesIO()}
        again = WSGIRequest(environ)
        again.session = request.session
        again.LANGUAGE_CODE = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        page = self.get_response(again)
        page.asked_by = getattr(again, "user", None)  # type: ignore[attr-defined]
        return page


# Keeping and giving back --------------------------------------------------------------------------------------------


def kept(request: HttpRequest, sign_in: str) -> HttpResponseRedirect | None:
    """Keep what was typed and ask to sign in; None when it is not to be kept."""
    user = request.user
    writer = user.pk if user.is_authenticated else writer_of(request.POST.get(WRITER))
    if writer is None:
        return None
    if not sent_from_here(request) or left_alone(request) or not may_read(request.POST.get(WRITER), user):
        return None
    if not User.objects.filter(pk=writer, is_active=True).exists():
        return None
    return asking_to_sign_in(request, sign_in, keep(request, writer, without_secrets(fields_of(request.POST))))


def keep(request: HttpRequest, writer: int, typed: Typed) -> str:
    """Write the kept form and remember it in the browser's session. The key that opens it."""
    form, secret = KeptForm.objects.keep(writer, request.path, typed)
    request.session[PARAMETER] = [*request.session.get(PARAMETER, []), str(form.pk)][-20:]
    return f"{form.pk}.{secret}"


def asking_to_sign_in(request: HttpRequest, sign_in: str, key: str) -> HttpResponseRedirect:
    """To the sign-in page, which leads back to the form with its key."""
    query = request.GET.copy()
    query[PARAMETER] = key
    return HttpResponseRedirect(
        f"{sign_in}?{urlencode({'next': f'{escape_uri_path(request.path)}?{query.urlencode()}'})}"
    )


def kept_of(request: HttpRequest, key: str) -> Any:
    """The kept form of the key if this person wrote it in this browser, or no rows."""
    name = key.partition(".")[0]
    if not request.user.is_authenticated or name not in request.session.get(PARAMETER, []):
        return KeptForm.objects.none()
    return KeptForm.objects.alive().filter(pk=name, writer=request.user, path=request.path)


def opened(request: HttpRequest, response: HttpResponseBase, key: str) -> Typed | None:
    """What the key opens; None when it opens nothing, or when the page itself is closed to this person."""
    form = kept_of(request, key).first()
    return form.fields(key.partition(".")[2]) if form and response.status_code not in CLOSED else None


def shown_again(request: HttpRequest, response: HttpResponseBase, key: str) -> HttpResponseBase:
    """The page that a kept form belongs to, filled in, for its writer in their browser."""
    typed = opened(request, response, key)
    if typed is None:
        return response
    return given_back(request, response, typed, ENDED) or lost(request, ENDED, typed)


def whole_text(request: HttpRequest, response: HttpResponseBase, key: str) -> HttpResponseBase:
    """Texts of which the form got back only the beginning, as a file."""
    typed = opened(request, response, key)
    if typed is None:
        return response
    text = "\n\n---\n\n".join(value for values in typed.values() for value in values)
    headers = {"Content-Disposition": 'attachment; filename="teksti.txt"', "Cache-Control": "private, no-store"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def given_back(
    request: HttpRequest, page: HttpResponseBase, typed: Typed, why: str, told: dict[str, Any] | None = None
) -> HttpResponse | None:
    """The page with its form filled in and a word on top of it; None when the page has no such form."""
    html_page = page.headers.get("Content-Type", "").startswith("text/html")
    if not isinstance(page, HttpResponse) or not html_page or page.status_code != 200:
        return None
    filled = refill(page.content.decode(page.charset), request.path, typed)
    if filled is None:
        return None
    notice = render_to_string("network/_kept_notice.html", {"filled": filled, **words_of(why, told, filled.labels)})
    page.content = f"{filled.html[: filled.place]}{notice}{filled.html[filled.place :]}"
    page.status_code = STATUS[why]
    page.headers["Cache-Control"] = "private, no-store"
    return page


def lost(
    request: HttpRequest,
    why: str,
    typed: Typed | None = None,
    page: HttpResponseBase | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    """A plain page for a form that cannot be given back: what to do, and the typed texts to copy.

    None of them when the form's own page is closed to this person.
    """
    if page is not None and page.status_code in CLOSED:
        typed = told = None
    texts = [value for values in (typed or {}).values() for value in values if len(value) > SHORT]
    response = HttpResponse(render_to_string("form_lost.html", {"texts": texts, **words_of(why, told, {})}))
    response.status_code = STATUS[why]
    response.headers["Cache-Control"] = "private, no-store"
    return response


def words_of(why: str, told: dict[str, Any] | None, labels: dict[str, str]) -> dict[str, Any]:
    """For the templates: why, and for a text that was cut its label, its length and where the whole of it is."""
    told = told or {"long": {}, "whole": ""}
    long = [(labels.get(name) or name, max(map(len, values))) for name, values in told["long"].items()]
    return {"why": why, "long": long, "longest": LONG, "whole": told["whole"]}


def purge_kept() -> int:
    """For the job of every ten minutes: delete what was kept for its time. The number of rows deleted."""
    return KeptForm.objects.filter(created_at__lte=timezone.now() - KEPT_FOR).delete()[0]


# The request --------------------------------------------------------------------------------------------------------


def take_parameters(request: HttpRequest) -> tuple[str, bool]:
    """The key of a kept form and whether its whole text is asked for, taken out of the address: no view sees them."""
    if PARAMETER not in request.GET:
        return "", False
    query = request.GET.copy()
    key, whole = query.pop(PARAMETER)[-1], query.pop(WHOLE, [])
    request.META["QUERY_STRING"] = query.urlencode()
    request.GET = query  # type: ignore[assignment]
    return str(key), bool(whole)


def without_secrets(fields: Typed) -> Typed:
    return {name: values for name, values in fields.items() if name != WRITER and not SECRET.search(name)}


def accounts(request: HttpRequest) -> str:
    """Where the addresses of accounts begin: the folder of the sign-in page."""
    return urlsplit(resolve_url(settings.LOGIN_URL)).path.rstrip("/").rpartition("/")[0] + "/"


def left_alone(request: HttpRequest) -> bool:
    """Forms of accounts, with passwords and codes, and those that say so."""
    if request.path.startswith(accounts(request)):
        return True
    try:
        return bool(getattr(resolve(request.path_info).func, "never_kept", False))
    except Resolver404:
        return True


def may_read(mark: str | None, user: Any) -> bool:
    """Whether a form may be shown: not when another person is signed in than the one who opened it."""
    return not mark or user is None or not user.is_authenticated or writer_of(mark) == user.pk


def sign_in_again(request: HttpRequest, response: HttpResponseBase) -> str:
    """The page that asks to sign in when the answer leads to one that would come back here; else empty."""
    if response.status_code != 302:
        return ""
    to = urlsplit(response.headers["Location"])
    back = urlsplit(dict(parse_qsl(to.query)).get("next", ""))
    leads_there = to.path.startswith(accounts(request)) and unquote(back.path) == request.path
    return to.path if leads_there and not request.path.startswith(accounts(request)) else ""
