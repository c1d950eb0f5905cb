"""Who writes: the context that triggers put beside each event of the history.

A context is one request, one job or one command; all that it writes is one version of each thing it touched. It holds
the number of the person and how it was done – no address of a page, which may hold a token.
"""

import re
from collections.abc import Callable
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

DESK, PAGE, LINK, IMPORT, JOB = "desk", "page", "link", "import", "job"
AT_DESK = re.compile(r"/([a-z]{2}/)?hallinta/")  # in every language
READ_ONLY = {"GET", "HEAD", "OPTIONS", "TRACE"}


def written(*, by: Any = None, how: str = "", author: Any = None) -> pghistory.context:
    """`with written(by=person, how=LINK): …` – inside a request it tells more of that request.

    `author`: whose text it is when another person lets it through.
    """
    told = {
        "user": by.pk if by is not None else None,
        "author": author.pk if author is not None else None,
        "how": how,
    }
    return pghistory.context(**{key: value for key, value in told.items() if value})


class HistoryMiddleware:
    """Each request that may write has a context of its own. Stands after the middleware that knows the person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in READ_ONLY:
            return self.get_response(request)
        desk = bool(AT_DESK.match(request.path_info))
        person = request.user if request.user.is_authenticated else None
        with written(by=person, how=DESK if desk else PAGE):
            return self.get_response(request)
