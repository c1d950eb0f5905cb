"""The floor: the least that a page of Django's does. One indexed query, thirty rows, a base template."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from services.models import Service

ROWS = 30


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    rows = Service.objects.order_by("sort_name", "pk").only("slug", "name", "summary")[:ROWS]
    return render(request, "bench/floor.html", {"rows": rows})


class CountQueriesMiddleware:
    """`X-Queries` for a request with `X-Count-Queries`; the others are measured and are not counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "X-Count-Queries" not in request.headers:
            return self.get_response(request)
        count = 0

        def counted(execute: Any, *args: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response.headers["X-Queries"] = str(count)
        return response
