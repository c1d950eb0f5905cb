"""gunicorn's settings, for `make serve`, `make demo` and the image: gunicorn -c deploy/gunicorn.conf.py"""

import gc
import os
import sys
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # gunicorn does so only after it has read this file

from config.logs import logging_config  # noqa: E402

env = environ.Env()
if (ROOT / ".env").exists():
    env.read_env(ROOT / ".env")

wsgi_app = "config.wsgi:application"
bind = env.str("BIND", default="") or f"127.0.0.1:{env.str('PORT', default='') or 8000}"
worker_class = "gthread"
workers = env.int("WEB_WORKERS", default=2)
threads = env.int("WEB_THREADS", default=4)  # fewer than DATABASE_POOL_MAX
preload_app = True  # read once: workers share the memory of the code
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # a worker is replaced now and then, so that no leak grows for months
max_requests_jitter = 500
limit_request_line = 8190  # bytes; a search of 5,000 letters must reach the page that answers it
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  a heartbeat file without a name
control_socket_disable = True
secure_scheme_headers: dict[str, str] = {}  # Django alone decides whom to believe, see BEHIND_PROXY


def post_worker_init(worker: object) -> None:
    """What the search knows is read before the first visitor comes. Without a database it is read later."""
    import contextlib

    from django.db import Error, connection

    from services.search import knowledge

    with contextlib.suppress(Error):
        knowledge.current()
    connection.close()


# The portal writes its own line for each request: gunicorn's would have the query and the client's address.
accesslog = None
logconfig_dict = logging_config(env.str("LOG_FORMAT", default="json"), env.str("LOG_LEVEL", default="INFO"))


def pre_fork(server: object, worker: object) -> None:
    """What has been read stays shared: the collector does not write on it in each worker."""
    gc.collect()
    gc.freeze()
