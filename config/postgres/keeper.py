"""The keeper: a small detached process that runs the project's own PostgreSQL as its child.

    python keeper.py DATA_DIR BIN_DIR

It needs nothing but the standard library and is started by `config.postgres.embedded` only. Files under DATA_DIR:

    users.lock     every process that uses the server holds a shared flock on it for as long as it lives
    keeper.lock    the keeper holds an exclusive flock on it: one keeper at a time
    keeper.ready   there while the keeper's server takes connections
    keeper.error   why the last keeper gave up; absent when all is well
    postgres/      the database cluster
    postgres.log   what the keeper and the server say

The kernel frees a flock at any death, so nothing needs to be tidied up after a `kill -9`. The keeper restarts the
server when it dies, and stops it when it gets the exclusive lock on users.lock: then the last user is gone.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SUPERUSER = "portal"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 107  # bytes; what sockaddr_un holds
OLDEST_VERSION = 15
LINGER = 2.0  # seconds without users before the server stops, so that commands in a row do not each start it
POLL = 0.25  # seconds between two looks at the users, and while the server starts:
POLL_STARTING = 0.02
LOG_MAX = 5_000_000  # bytes, before the log is moved aside at a start
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


class Failure(Exception):
    """The server cannot run; the text tells a person what to do."""


def socket_dir(data_dir: Path) -> Path:
    """Folder of the server's unix socket: in DATA_DIR, or under /tmp by a stable hash when that path is too long.

    A comma will not do either: clients read it as the end of one host and the beginning of the next.
    """
    inside = data_dir / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_MAX and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(f"/tmp/portal-postgres-{os.geteuid()}-{digest}")  # noqa: S108  its owner and rights are checked


def make_private(folder: Path) -> None:
    """Make a folder only its owner can enter; raises Failure when somebody else has put something there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Failure(f"{folder} belongs to somebody else. Remove it, or set PORTAL_DATA_DIR to a folder of your own.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def leftovers(cluster: Path) -> list[int]:
    """Process ids of PostgreSQL processes of this cluster that nobody keeps: each has the cluster as its folder."""
    home = os.path.realpath(cluster)
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{entry}/cwd") == home and "postgres" in os.readlink(f"/proc/{entry}/exe"):
                    found.append(int(entry))
    return found


class Keeper:
    def __init__(self, data_dir: Path, bin_dir: Path) -> None:
        self.data_dir = data_dir
        self.bin_dir = bin_dir
        self.cluster = data_dir / "postgres"
        self.sockets = socket_dir(data_dir)
        self.users = os.open(data_dir / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self.ready = data_dir / "keeper.ready"
        self.server: subprocess.Popen[bytes] | None = None
        self.last_used = time.monotonic()

    # --- what has to be there ---------------------------------------------------------------------------------
    def wrapper(self) -> list[str]:
        """Words before a PostgreSQL program: the server dies with the keeper, and root becomes nobody for it."""
        setpriv, unshare = shutil.which("setpriv"), shutil.which("unshare")
        if not setpriv or not unshare:
            raise Failure("setpriv and unshare are missing. Install them: apt-get install util-linux")
        words = [setpriv, "--pdeathsig", "INT", "--"]
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root. In a user namespace root is seen as nobody: the files stay root's
            # own, no account is added and no folder's rights are changed.
            words = [unshare, "--user", "--map-user=65534", "--map-group=65534", "--", *words]
        return words

    def version(self) -> int:
        """Major version of the binaries; raises Failure when they cannot be run or are too old."""
        done = subprocess.run(  # noqa: S603
            [*self.wrapper(), self.bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        match = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
        if not match:
            said = done.stderr.strip() or done.stdout.strip()
            if os.geteuid() == 0:
                raise Failure(
                    "PostgreSQL does not run as root, and this machine does not let root start it as nobody "
                    f"({said}). Run the command as a normal user, or set DATABASE_URL to a server of your own."
                )
            raise Failure(f"{self.bin_dir}/postgres does not run: {said}")
        if int(match[1]) < OLDEST_VERSION:
            raise Failure(
                f"{self.bin_dir} holds PostgreSQL {match[1]}; the portal needs {OLDEST_VERSION} or newer. "
                "Unset PG_BIN to use the version that `make install` brings."
            )
        return int(match[1])

    def prepare(self) -> None:
        """Have a cluster that these binaries can run. Made beside its place and renamed, so never half there."""
        version = self.version()
        make_private(self.sockets)
        marker = self.cluster / "PG_VERSION"
        if self.cluster.exists():
            if self.cluster.stat().st_uid != os.geteuid():
                raise Failure(f"{self.cluster} belongs to another user. Run the command as that user.")
            if marker.exists() and marker.read_text().strip() != str(version):
                raise Failure(
                    f"The data in {self.cluster} was made by PostgreSQL {marker.read_text().strip()}, the binaries are "
                    f"{version}. Set PG_BIN to a matching version, or move that folder away to begin with an empty one."
                )
            return
        for unfinished in self.data_dir.glob("postgres.new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        new = self.data_dir / f"postgres.new-{os.getpid()}"
        # In the C locale lower('Ä') and pg_trgm would lose å ä ö. PostgreSQL 17 and newer have C.UTF-8 built in.
        provider = ["builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else ["libc"]
        made = subprocess.run(  # noqa: S603
            [
                *self.wrapper(), self.bin_dir / "initdb", "-D", new, "-U", SUPERUSER, "-E", "UTF8",
                f"--locale-provider={provider[0]}", *provider[1:], "--locale=C.UTF-8", "--auth=trust",
            ],
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(new, ignore_errors=True)
            raise Failure(f"initdb did not succeed: {made.stdout.strip()[-600:]}")
        new.rename(self.cluster)

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    # --- the server -------------------------------------------------------------------------------------------
    def start(self) -> None:
        self.clear_leftovers()
        quoted = str(self.sockets).replace('"', '""')
        options = {
            "listen_addresses": "",  # the unix socket only
            "unix_socket_directories": f'"{quoted}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            # A failed statement holds what somebody typed: the log names the error, not the values.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_parameter_max_length_on_error": "0",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self.server = subprocess.Popen(  # noqa: S603
            [*self.wrapper(), self.bin_dir / "postgres", "-D", self.cluster, *words],
            env=self.environment(),
            # The keeper's blocked signals would be inherited; nothing else runs in this process.
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED),
        )

    def clear_leftovers(self) -> None:
        """End what a killed keeper or server left behind: the cluster must be nobody's before it is started."""
        began = time.monotonic()
        while pids := leftovers(self.cluster):
            waited = time.monotonic() - began
            if waited > 20:
                raise Failure(f"Other PostgreSQL processes hold {self.cluster}: {pids}. Stop them first.")
            how = signal.SIGINT if waited < 5 else signal.SIGQUIT if waited < 10 else signal.SIGKILL
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
            time.sleep(0.1)
        # Without any process of the cluster these files are old. Left alone they would stop the server from starting
        # when their number is another program's by now, or that of a dead process that nobody has waited for.
        for old in (self.cluster / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock", self.sockets / SOCKET_NAME):
            old.unlink(missing_ok=True)

    def stop(self) -> None:
        self.ready.unlink(missing_ok=True)
        if self.server is None:
            return
        for how, patience in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if self.server.poll() is None:
                self.server.send_signal(how)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.server.wait(patience)
        self.server = None

    def has_ended(self) -> bool:
        return self.server is None or self.server.poll() is not None

    def takes_connections(self) -> bool:
        """Whether the server that runs now has said that it is ready."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            return self.server is not None and int(lines[0]) == self.server.pid and lines[7].strip() == "ready"
        return False

    # --- its users --------------------------------------------------------------------------------------------
    def is_orphaned(self) -> bool:
        """Whether the data folder was removed under the keeper."""
        try:
            return (self.data_dir / "users.lock").stat().st_ino != os.fstat(self.users).st_ino
        except FileNotFoundError:
            return True

    def last_user_gone(self) -> bool:
        """True, holding the exclusive lock, when nobody has used the server for LINGER seconds."""
        if not try_lock(self.users):
            self.last_used = time.monotonic()
            return False
        if time.monotonic() - self.last_used >= LINGER:
            return True
        fcntl.flock(self.users, fcntl.LOCK_UN)
        return False

    def keep(self) -> None:
        """Run the server until its last user is gone; raises Failure when it does not come up."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        failures = 0
        self.start()
        try:
            while not self.is_orphaned() and not self.last_user_gone():
                received = signal.sigtimedwait(WATCHED, POLL if self.ready.exists() else POLL_STARTING)
                if received and received.si_signo in {signal.SIGTERM, signal.SIGINT}:
                    return
                if self.has_ended():
                    failures = 0 if self.ready.exists() else failures + 1
                    if failures >= 5:
                        raise Failure(f"PostgreSQL does not start. See {self.data_dir / 'postgres.log'}")
                    self.start_again("the server has ended", pause=0.1 * failures)
                elif not self.ready.exists():
                    if self.takes_connections():
                        self.ready.touch(mode=0o600)
                elif not (self.sockets / SOCKET_NAME).exists():
                    self.start_again("the socket is gone")
        finally:
            self.stop()

    def start_again(self, why: str, pause: float = 0) -> None:
        print(f"keeper: {why}, starting again", flush=True)  # noqa: T201
        self.stop()
        time.sleep(pause)
        make_private(self.sockets)
        self.start()


def detach() -> bool:
    """Leave the starter's session and become nobody's child; False in the process that only started it."""
    if os.fork():
        return False
    os.setsid()
    os.chdir("/")
    return True


def open_log(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_MAX:
            path.rename(path.with_name(path.name + ".1"))
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.close(nothing)


def only_keeper(data_dir: Path) -> bool:
    """Take keeper.lock for the rest of this process's life; False when another keeper has it.

    A user asking whether a keeper lives holds the lock shared for a moment: hence the few tries.
    """
    lock = os.open(data_dir / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(10):
        if try_lock(lock):
            return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def failure_told(path: Path) -> Iterator[None]:
    """Leave the reason of a failure in keeper.error, for the users that wait."""
    path.unlink(missing_ok=True)
    try:
        yield
    except Exception as error:
        reason = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
        path.write_text(reason)
        print(f"keeper: {reason}", flush=True)  # noqa: T201
        sys.exit(1)


def main() -> None:
    data_dir, bin_dir = Path(sys.argv[1]), Path(sys.argv[2])
    if not detach():
        return
    open_log(data_dir / "postgres.log")
    if not only_keeper(data_dir):
        return
    (data_dir / "keeper.ready").unlink(missing_ok=True)  # of a keeper that was killed
    with failure_told(data_dir / "keeper.error"):
        keeper = Keeper(data_dir, bin_dir)
        keeper.prepare()
        keeper.keep()


if __name__ == "__main__":
    main()
