"""What `manage.py demo` and `manage.py serve` share: what stands before the web server, and running it."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import NoReturn

from django.conf import settings
from django.core.management.base import CommandError

PATIENCE = 25  # seconds to end; a message that is being sent takes up to 20
WORKER_PAUSE = 2  # seconds before a worker that died is started again


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


def end_in_good_order() -> None:
    """SIGTERM ends all as Ctrl-C does; and a shell that starts this in the background has SIGINT ignored."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)


def start_beside(*command: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a Python program that does not outlive this process, not even when this one is killed."""
    return subprocess.Popen(  # noqa: S603
        ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, *command],  # noqa: S607
        cwd=settings.BASE_DIR,
        env=environment,
        process_group=0,  # Ctrl-C reaches this process only, which then ends the others in good order
    )


def start_web(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return start_beside("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", environment=environment)


def start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return start_beside("manage.py", "worker", "--quiet", environment=environment)


def keep_worker(web: subprocess.Popen[bytes], environment: Mapping[str, str]) -> int:
    """Have a worker beside the web server until that one ends; the web server's status.

    A worker that has died is started again: pages are shown also when mail cannot be sent.
    """
    worker = start_worker(environment)
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return web.wait(timeout=WORKER_PAUSE)
            if worker.poll() is not None:
                worker = start_worker(environment)
    finally:
        end(worker)


def end(process: subprocess.Popen[bytes]) -> None:
    """End it as it likes to, else for sure."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
