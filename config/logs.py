"""Logs for machines to read: one JSON object a line, tied together by the request's id, with nothing personal.

What people search for here tells of their health, and some addresses hold a secret link: no line has a query string,
a client's address or the path of a request – only the route that served it.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import Error as DjangoError

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_REFUSED = re.compile(r"^(Invalid request|Error handling request)\b.*", re.DOTALL)  # gunicorn adds client and address
_QUERY = re.compile(r"\?[^\s\"']*")
_REQUEST_LOGGERS = {"django.request", "django.security", "django.server", "gunicorn.error", "gunicorn.access"}


class RequestIdFilter(logging.Filter):
    """Gives each record `request_id`, and takes addresses out of what Django and gunicorn say of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        if record.name in _REQUEST_LOGGERS or record.name.startswith("django.security."):
            message = record.getMessage()
            request = getattr(record, "request", None)
            path = getattr(request, "path", "")
            if path and len(path) > 1:
                match = getattr(request, "resolver_match", None)
                message = message.replace(path, f"/{match.route}" if match else "(no route)")
            record.msg, record.args = _REFUSED.sub(r"\1", _QUERY.sub("", message)), ()
        return True


class PlainFormatter(logging.Formatter):
    """Lines for a person to read; a traceback without what the database repeats of the values it refused."""

    def formatException(self, ei: Any) -> str:
        text = super().formatException(ei)
        for error in chained(ei[1]):
            if isinstance(error, psycopg.Error | DjangoError) and (said := str(error)):
                text = text.replace(said, first_line(error))
        return text


class JsonFormatter(PlainFormatter):
    """One JSON object: time (UTC), level, logger, request_id, message, then `data` of the record and any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def chained(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that led to it."""
    waiting, seen = [error], set[int]()
    while waiting:
        found = waiting.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__]


def first_line(error: BaseException) -> str:
    """What may be logged of a database error's text.

    The lines after the first (DETAIL, CONTEXT, the statement) repeat values, over as many lines as a value has. When a
    value itself is wrong (SQLSTATE class 22, "invalid input syntax for type date") the first line repeats it too.
    """
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or ""
    if state.startswith("22"):
        return f"(not logged; SQLSTATE {state})"
    first, *more = str(error).splitlines() or [""]
    return f"{first} (the rest is not logged)" if more else first


def logging_config(form: str, level: str) -> dict[str, Any]:
    """For dictConfig, of Django and of gunicorn alike: `form` is json or plain, `level` such as INFO."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "config.logs.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "config.logs.JsonFormatter"},
            "plain": {
                "()": "config.logs.PlainFormatter",
                "fmt": "%(levelname)s %(name)s [%(request_id)s] %(message)s",
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # RequestIdMiddleware logs each request, without its query; 4xx need no second line
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "procrastinate": {"level": "WARNING"},  # it tells of each job that begins and ends
            "psycopg.pool": {"level": "ERROR"},  # connections that are made again by themselves
            "gunicorn.error": {"handlers": ["console"], "level": level, "propagate": False},
            "gunicorn.access": {"handlers": [], "propagate": False},
            "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD request that Django answers as a GET
        },
    }
