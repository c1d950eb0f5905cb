"""gunicorn's settings, for `make serve`, `make demo` and the image: gunicorn -c deploy/gunicorn.conf.py"""

import os

wsgi_app = "config.wsgi:application"
bind = os.environ.get("BIND", "") or "127.0.0.1:" + os.environ.get("PORT", "8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))  # fewer than DATABASE_POOL_MAX
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # a worker is replaced now and then, so that no leak grows for months
max_requests_jitter = 500
limit_request_line = 8190  # bytes; a search of 5,000 letters must reach the page that answers it
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  a heartbeat file without a name
control_socket_disable = True
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")

# The portal writes its own line for each request: gunicorn's would have the query and the client's address.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "config.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": os.environ.get("LOG_FORMAT", "json"),
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO"), "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD request that Django answers as a GET
    },
}
