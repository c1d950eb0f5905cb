"""What was posted, read from the request itself when Django will not: too large, or with too many fields."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import (
    HttpRequest,
)

from .refill import Typed, fields_of

LARGEST = 16_000_000  # bytes of a post that is read for giving it back
DRAINED = 64_000_000  # bytes that are read and dropped, so that the browser listens to the answer
MOST_FIELDS = 20_000


def is_multipart(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def is_form(request: HttpRequest) -> bool:
    return is_multipart(request) or request.content_type == "application/x-www-form-urlencoded"


def length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def body_of(request: HttpRequest) -> bytes | None:
    """The body of a form that Django refused; None when it is too large even for giving it back."""
    body: bytes | None = getattr(request, "_body", None)
    if body is None and length_of(request) <= LARGEST:
        body = request.read()
    return body


def fields_of_body(request: HttpRequest, body: bytes) -> Typed:
    """The fields without Django's limits, but for a number of them; files are dropped."""
    if not is_multipart(request):
        pairs = (pair.partition(b"=") for pair in body.split(b"&", MOST_FIELDS)[:MOST_FIELDS])
        return fields_of((unquoted(name), unquoted(value)) for name, _equals, value in pairs)
    boundary = (request.content_params or {}).get("boundary", "")
    parts = body.split(b"--" + boundary.encode(errors="replace"), MOST_FIELDS)[1:]
    fields = []
    for part in parts if boundary else []:
        head, _blank, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'form-data; name="([^"]*)"(?!; filename)', head)
        if name:
            fields.append((name[1].decode(errors="replace"), value.removesuffix(b"\r\n").decode(errors="replace")))
    return fields_of(fields)


def unquoted(part: bytes) -> str:
    """As `urllib.parse.unquote_plus`, which would need many times the memory for a text with many escapes."""
    plain = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), part.replace(b"+", b" "))
    return plain.decode(errors="replace")


def drain(request: HttpRequest) -> None:
    """Read on and forget, within bounds: a browser listens only when it has sent everything."""
    left = DRAINED
    try:
        while left > 0 and (chunk := request.read(65_536)):
            left -= len(chunk)
    except OSError:
        return


def sent_from_here(request: HttpRequest) -> bool:
    """Whether a page of this portal sent the form. Another site must not fill in a form in a person's browser."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    given = f"{parts.scheme}://{parts.netloc}"
    return given == f"{request.scheme}://{request.get_host()}" or given in settings.CSRF_TRUSTED_ORIGINS
