"""The portal's addresses, and two that fail on purpose."""

from typing import Never

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import path

from config import urls
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401


@login_not_required
def refuse(request: HttpRequest) -> Never:
    raise PermissionDenied


@login_not_required
def fail(request: HttpRequest) -> Never:
    raise RuntimeError("This address fails on purpose.")


# Patterns with a language prefix must stand in the root, so the portal's list is taken over as it is.
urlpatterns = [path("testi/403/", refuse), path("testi/500/", fail), *urls.urlpatterns]
