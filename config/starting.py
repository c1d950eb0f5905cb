"""What `manage.py demo` and `manage.py serve` share before they start the web server."""

import contextlib
import os
import secrets
import socket
import sys
from typing import NoReturn

from django.conf import settings
from django.core.management.base import CommandError


def start_again(**variables: str) -> NoReturn:
    """Replace this process by the same command with other settings."""
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **variables})  # noqa: S606


def refuse_used_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another one, for example PORT={port + 1}"
            ) from error


def kept_secret(name: str, size: int) -> str:
    """A random secret of `size` bytes that is made once and kept in DATA_DIR, readable to its owner only."""
    path = settings.DATA_DIR / name
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_name(f"{name}.{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(size))
        with contextlib.suppress(FileExistsError):
            os.link(new, path)  # unlike a rename it keeps the one that another process made meanwhile
        new.unlink()
    return path.read_text()
