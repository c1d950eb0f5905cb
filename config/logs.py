"""Logs for machines to read: one JSON object a line, tied together by the request's id, with nothing personal.

What people search for here tells of their health, and some addresses hold a secret link: no line has a query string,
a client's address or the path of a request – only the route that served it.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# PostgreSQL repeats the values of a refused row here.
_VALUES = re.compile(r"^(DETAIL|CONTEXT|HINT): .*$", re.MULTILINE)
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


class JsonFormatter(logging.Formatter):
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
            line["exception"] = _VALUES.sub(r"\1: (not logged)", self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
