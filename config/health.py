"""Addresses for the machinery: is the process alive, and may it get visitors.

Answered before host checks, redirects and sessions, so that a probe needs no name, no https and leaves no trace. They
tell nothing but yes or no; why is in the log.
"""

import logging
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from network.finnish_text import dictionary

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """`/health/live`: the process answers. `/health/ready`: the database does too and has all migrations,
    and the dictionaries of the search are there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrated = False  # asked until it is true once: migrations are not taken back under a running process

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in {"/health/live", "/health/ready"}:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        well = request.path_info == "/health/live" or self.is_ready()
        return HttpResponse(
            "ok\n" if well else "not ready\n",
            status=200 if well else 503,
            content_type="text/plain",
            headers={"Cache-Control": "no-store"},
        )

    def is_ready(self) -> bool:
        connection = connections[DEFAULT_DB_ALIAS]
        if not dictionary.are_there():
            logger.warning("Not ready: the search's dictionaries wait for `manage.py build_words`")
            return False
        try:
            if not self.migrated:
                executor = MigrationExecutor(connection)
                waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
                if waiting:
                    logger.warning("Not ready: %d migrations wait for `manage.py migrate`", len(waiting))
                    return False
                self.migrated = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception:
            logger.exception("Not ready: the database does not answer")
            return False
        return True
