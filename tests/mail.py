"""Outgoing mail as tests see it: what was queued, a mail server on loopback, and worker processes."""

import email
import email.policy
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from network.models import Message

ROOT = Path(__file__).resolve().parent.parent


class Mailbox:
    """The messages written since it was made, oldest first."""

    def __init__(self) -> None:
        self.known = set(Message.objects.values_list("pk", flat=True))

    @property
    def messages(self) -> list[Message]:
        return list(Message.objects.exclude(pk__in=self.known).order_by("pk"))

    def to(self, address: str) -> list[Message]:
        return [message for message in self.messages if message.address == address]

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self.messages)

    def __getitem__(self, index: int) -> Message:
        return self.messages[index]


class SmtpServer:
    """`arrived`: messages whose DATA was taken. `answer(message)`, when set, gives the server's answer to DATA."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.taken = threading.Event()
        self.answer: Callable[[EmailMessage], str] = lambda message: "250 taken"
        self.refused: dict[str, str] = {}  # address → answer to RCPT
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrived.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        self.taken.set()
        return self.answer(message)

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="mail.example.org")
        self.controller.start()

    def stop(self) -> None:
        if not self.controller.loop.is_closed():  # a test may have stopped it
            self.controller.stop()

    def __enter__(self) -> "SmtpServer":
        self.start()
        return self

    def __exit__(self, *error) -> None:
        self.stop()


def database_url() -> str:
    """The test database, for another process."""
    params = connection.get_connection_params()
    user, password = quote(params.get("user") or ""), quote(params.get("password") or "")
    host, port = params.get("host") or "", params.get("port") or ""
    who = f"{user}:{password}@" if password else f"{user}@"
    where = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    return f"postgres://{who}{'' if where else host}{f':{port}' if port else ''}/{params['dbname']}{where}"


def start_worker(server: SmtpServer | None, *options: str, **variables: str) -> subprocess.Popen:
    """`manage.py worker` in a process of its own, on the test database."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment |= {"DATABASE_URL": database_url(), "LOG_FORMAT": "plain", "DEMO": "0", "DEBUG": "0"}
    environment |= {"SECRET_KEY": settings.SECRET_KEY, "SITE_URL": settings.SITE_URL}
    environment["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port if server else 9}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", *options],
        cwd=ROOT,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"
        )
