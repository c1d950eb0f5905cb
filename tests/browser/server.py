"""A portal for browser tests: `python -m tests.browser.server URL`, run by the fixture `portal`.

Makes a test database of its own (two runs at once get two), fills it, collects the static files and serves it all by
gunicorn as in production. It says `ready` on standard output, and ends – with its database – when its standard input
closes, which the kernel sees to even when the tests are killed.
"""

import fcntl
import os
import signal
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from gunicorn.app.base import BaseApplication

from config.management.commands.prepare import Command as Prepare


class Server(BaseApplication):
    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self.address,
            "workers": 1,
            "worker_class": "gthread",
            "threads": 4,
            "graceful_timeout": 1,
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: print("ready", flush=True),  # noqa: T201
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from config.wsgi import application

        return application


def end_with_the_tests() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def collect_static() -> None:
    """The first portal of a run does it, the others wait for its files."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    with (settings.STATIC_ROOT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Prepare().collect_static(verbosity=0)


def main(url: str) -> None:
    django.setup()
    from django.db import connection

    from . import data

    # One that a killed run left behind is taken over.
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        data.fill()
        connection.close()
        collect_static()
        threading.Thread(target=end_with_the_tests, daemon=True).start()
        Server(urlsplit(url).netloc).run()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1])
