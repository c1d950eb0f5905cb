"""Middleware of our own: request ids and the access log, private pages, compression without leaks, no NUL bytes."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.middleware.gzip import GZipMiddleware

from .logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]

access = logging.getLogger("portal.access")


class RequestIdMiddleware:
    """Gives each request an id, seen in the log and in the answer's X-Request-ID, and logs one line about it.

    A proxy's X-Request-ID is taken when it is 8–64 letters, digits, dots, dashes or underscores.
    """

    WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if self.WELL_FORMED.fullmatch(given) else uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            if not request.path_info.startswith("/health/"):
                self.log(request, response, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response

    def log(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        route = f"/{match.route}" if match else "(no route)"
        data = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        # What somebody answers without a name is not to be found by the id that a proxy's log has beside an address.
        token = request_id.set("-") if getattr(response, "anonymous", False) else None
        access.info("%s %s %s", request.method, route, response.status_code, extra={"data": data})
        if token:
            request_id.reset(token)


class PrivatePagesMiddleware:
    """Lets nothing keep a page made for somebody who is signed in, unless the page itself says what may.

    Professionals share computers: without this the browser's back button shows members' pages after signing out. It
    goes by the session's cookie, so no page has to remember it.

    Browsers keep what is gone, and an address that leads on for good, without an end unless they are told otherwise.
    A listing may come back and an old name be taken again: they ask each time.
    """

    KEPT_WITHOUT_END = frozenset({301, 308, 410})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        elif response.status_code in self.KEPT_WITHOUT_END:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


class AnonymousGZipMiddleware(GZipMiddleware):
    """Compresses pages of people who are not signed in and that carry no token.

    A compressed page that holds a secret beside what a visitor typed can be made to tell the secret by its length
    (the BREACH attack). Cookies tell it, not request.user: an answer may be made before anybody asked who this is.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            return response
        return super().process_response(request, response)


class RefuseNullBytesMiddleware:
    """Answers 400 to a NUL byte in the path, the query, a form, a file's name or a cookie.

    PostgreSQL cannot store one, so each place that passed it on would be a server error.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            texts = self.texts(request)
        except UnreadablePostError as error:
            raise BadRequest("The client hung up before its form had arrived.") from error
        if any("\0" in text for text in texts):
            raise BadRequest("The request has a NUL byte.")
        return self.get_response(request)

    @staticmethod
    def texts(request: HttpRequest) -> list[str]:
        texts = [request.path_info, *request.COOKIES.values()]
        for fields in (request.GET, request.POST):
            for name, values in fields.lists():
                texts += [name, *map(str, values)]
        if request.FILES:
            texts += [file.name or "" for _, files in request.FILES.lists() for file in files]
        return texts
