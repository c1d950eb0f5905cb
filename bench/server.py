"""A web server for each size of the catalogue, with its own database and gunicorn's settings of production."""

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

from .client import Connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds for the first answer
SIGN_IN = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from network.models import User
person, session = User.objects.get(email="{email}"), SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.create()
print(settings.SESSION_COOKIE_NAME + "=" + session.session_key)
"""


class Server:
    def __init__(self, services: int) -> None:
        self.services, self.port = services, free_port()
        self.environment = {
            **os.environ,
            "BENCH_SERVICES": str(services), "DJANGO_SETTINGS_MODULE": "bench.settings", "PORT": str(self.port),
            "SECRET_KEY": secrets.token_urlsafe(50), "SITE_URL": f"http://127.0.0.1:{self.port}", "LOG_LEVEL": "WARNING",
            "LOG_FORMAT": "plain", "BIND": "", "STATIC_MANIFEST": "1", "DEBUG": "0", "DEMO": "0",
            "GUNICORN_CMD_ARGS": "--max-requests 0",  # a worker that grows is not to be replaced before it is seen
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.sessions: dict[str, str] = {}

    def manage(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    def prepare(self) -> float:
        """Tables, static files, and the load unless it is there; seconds that filling took."""
        self.manage("prepare", "--verbosity", "0")
        count = "from services.models import Service; print(Service.objects.count())"
        if self.manage("shell", "--verbosity", "0", "-c", count) == str(self.services):
            self.prepare_experts()
            return 0
        numbers = {
            "services": self.services, "organisations": max(self.services // 50, 10), "users": max(self.services // 50, 10),
        }  # fmt: skip
        began = time.perf_counter()
        self.manage("seed_load", *(f"--{key}={value}" for key, value in numbers.items()))
        seconds = time.perf_counter() - began
        self.prepare_experts()
        return seconds

    def prepare_experts(self) -> None:
        count = "from experts.models import Order; print(Order.objects.count())"
        if self.manage("shell", "--verbosity", "0", "-c", count) == "0":
            self.manage("seed_load", "--services=0", "--organisations=0", "--users=0", "--experts=300", "--orders=1000")

    def headers(self, person: str) -> dict[str, str]:
        """What a browser of the person sends, who has signed in; nothing for nobody."""
        if person and person not in self.sessions:
            self.sessions[person] = self.manage("shell", "--verbosity", "0", "-c", SIGN_IN.format(email=person))
        return {"Cookie": self.sessions[person]} if person else {}

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"], cwd=ROOT, env=self.environment
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with Connection(self.port) as connection:
                    if connection.ask("/robots.txt").status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The web server did not start.")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def memory(self) -> list[float]:
        """Proportional set size of each worker, in megabytes."""
        if self.process is None:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [pss(int(child)) for child in children]


def pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
