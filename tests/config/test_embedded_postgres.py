"""The embedded server, with real processes in folders of their own: what is killed is killed for real."""

import contextlib
import json
import os
import pwd
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.postgres import creation, embedded, keeper

ROOT = Path(__file__).resolve().parents[2]

# A process that uses the database as the portal does: each line it gets is a statement, each line it says an answer.
USER = """
import json, sys
from django.db import close_old_connections, connection
for line in sys.stdin:
    try:
        with connection.cursor() as cursor:
            cursor.execute(json.loads(line))
            while cursor.nextset():
                pass
            answer = cursor.fetchone()[0]
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    close_old_connections()
    print(json.dumps(answer), flush=True)
"""
SERVER = "SELECT pg_read_file('postmaster.pid')"


class User:
    """A process of the portal; `words` go before it on its command line."""

    def __init__(self, folder: Path, words: list[str] | None = None, **variables: str) -> None:
        self.process = subprocess.Popen(
            [*(words or []), sys.executable, "-c", USER],
            cwd=ROOT,
            env=environment(folder, **variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, statement: str) -> None:
        self.process.stdin.write(json.dumps(statement) + "\n")
        self.process.stdin.flush()

    def receive(self):
        assert select.select([self.process.stdout], [], [], 60)[0], "no answer"
        return json.loads(self.process.stdout.readline())

    def ask(self, statement: str):
        self.send(statement)
        return self.receive()

    def server(self) -> int:
        """Process id of the server it talks to."""
        return int(self.ask(SERVER).splitlines()[0])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def leave(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


def environment(folder: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PG_BIN", "DEMO"}}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_DATA_DIR": str(folder), **variables}


def run(folder: Path, code: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=120,
    )


CONNECT = "from django.db import connection; connection.ensure_connection()"


def keepers(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if entry.name.isdigit() and os.fsencode(keeper.__file__) in words and os.fsencode(folder) in words:
                found.append(int(entry.name))
    return found


def wait_until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def another_server_is_ready(folder: Path, first: int) -> bool:
    try:
        pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return False
    return pid != first and (folder / "keeper.ready").exists()


def is_stopped(folder: Path) -> bool:
    return not keepers(folder) and not keeper.leftovers(folder / "postgres")


def end_server(folder: Path) -> None:
    """End it without waiting until it ends by itself."""
    for pid in keepers(folder):
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: is_stopped(folder))


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own temporary folder: its path may be too long for a socket, which one test is about.
    place = Path(tempfile.mkdtemp(prefix="pg-")).resolve()
    yield place / "data"
    end_server(place / "data")
    shutil.rmtree(place)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., User]]:
    started: list[User] = []

    def start_user(words: list[str] | None = None, **variables: str) -> User:
        started.append(User(folder, words, **variables))
        return started[-1]

    yield start_user
    for user in started:
        user.kill()


def test_reading_settings_starts_no_server(folder):
    done = run(folder, "import django; django.setup(); from django.conf import settings; settings.DATABASES")
    assert done.returncode == 0, done.stderr
    assert not folder.exists()


def test_ten_processes_at_once_share_one_server_and_the_last_one_ends_it(folder, start):
    users = [start() for _ in range(10)]
    for user in users:
        user.send(SERVER)
    assert len({user.receive().splitlines()[0] for user in users}) == 1
    assert len(keepers(folder)) == 1
    for user in users[1:]:
        user.kill()
    time.sleep(keeper.LINGER + 1)
    assert users[0].ask("SELECT 1") == 1
    users[0].leave()
    wait_until(lambda: is_stopped(folder))


def test_a_killed_user_does_not_leave_the_server_behind(folder, start):
    user = start()
    user.server()
    user.kill()
    wait_until(lambda: is_stopped(folder))


def test_the_server_comes_back_after_it_was_killed(folder, start):
    user = start()
    user.ask("CREATE TABLE kept AS SELECT 'å' AS name; SELECT 1")
    first = user.server()
    os.kill(first, signal.SIGKILL)
    # A query that is under way while the server dies fails; what is promised is the next one.
    wait_until(lambda: another_server_is_ready(folder, first))
    assert user.ask("SELECT name FROM kept") == "å"
    assert user.server() != first


def test_a_killed_backend_is_no_error_for_the_next_query(folder, start):
    user = start()
    os.kill(user.ask("SELECT pg_backend_pid()"), signal.SIGKILL)
    wait_until(lambda: "reinitializing" in (folder / "postgres.log").read_text())  # PostgreSQL ends the others too
    assert user.ask("SELECT 2") == 2


def test_many_dead_connections_of_the_pool_cost_no_error(folder):
    done = run(
        folder,
        """
import os, threading
from django.conf import settings
from django.db import connection
from tests.config.test_embedded_postgres import another_server_is_ready, wait_until
barrier = threading.Barrier(8)
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        barrier.wait()
    connection.close()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
first = int((settings.DATA_DIR / "postgres/postmaster.pid").read_text().split()[0])
os.kill(first, 9)
wait_until(lambda: another_server_is_ready(settings.DATA_DIR, first))
with connection.cursor() as cursor:  # the pool's own way of asking them one after another takes longer than it waits
    cursor.execute("SELECT 'well'")
    print(cursor.fetchone()[0])
""",
    )
    assert done.stdout == "well\n", done.stderr


def test_the_server_and_its_keeper_come_back_after_the_keeper_was_killed(folder, start):
    user = start()
    first = user.server()
    (kept_by,) = keepers(folder)
    os.kill(kept_by, signal.SIGKILL)
    wait_until(lambda: first not in keeper.leftovers(folder / "postgres"))  # the kernel tells it to end
    assert user.ask("SELECT 3") == 3
    assert user.server() != first
    (keeper_now,) = keepers(folder)
    assert keeper_now != kept_by


def test_all_of_it_comes_back_after_all_of_it_was_killed(folder, start):
    user = start()
    for pid in [*keepers(folder), user.server()]:
        os.kill(pid, signal.SIGKILL)
    user.kill()
    assert start().ask("SELECT 4") == 4


def test_a_user_that_comes_while_the_server_ends_gets_a_server(folder, start):
    for pause in (0.1, 0.5):
        user = start()
        user.server()
        user.leave()
        time.sleep(keeper.LINGER - 0.3 + pause)
        assert start().ask("SELECT 5") == 5
        end_server(folder)


def test_a_forked_process_has_connections_and_a_life_of_its_own(folder):
    done = run(
        folder,
        """
import os, time
from django.db import connection
def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
mine = backend()
reader, writer = os.pipe()
if not (child := os.fork()):
    os.write(writer, b"own" if backend() != mine else b"shared")
    connection.close()
    os._exit(0)
os.waitpid(child, 0)
print(os.read(reader, 10).decode(), backend() == mine)
""",
    )
    assert done.stdout == "own True\n", done.stderr


def test_a_forked_process_keeps_the_server_after_its_parent_is_gone(folder):
    done = run(
        folder,
        f"""
import os, time
from django.db import connection
connection.ensure_connection()
if os.fork():
    os._exit(0)
connection.ensure_connection()
time.sleep({keeper.LINGER + 1})
with connection.cursor() as cursor:
    cursor.execute("SELECT 'still here'")
    print(cursor.fetchone()[0])
""",
    )
    assert done.stdout == "still here\n", done.stderr


def test_threads_at_once_all_get_connections(folder):
    done = run(
        folder,
        """
import threading
from django.db import connection
said = []
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        said.extend(cursor.fetchone())
    connection.close()
threads = [threading.Thread(target=ask) for _ in range(30)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sum(said))
""",
    )
    assert done.stdout == "30\n", done.stderr


def identity_words(identity: str) -> list[str]:
    """Words that make a command see itself as root or as a normal user, whoever runs the tests."""
    is_root = os.geteuid() == 0
    if identity == "root":
        return [] if is_root else ["unshare", "--user", "--map-root-user", "--"]
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"] if is_root else []


@pytest.mark.parametrize("identity", ["root", "normal user"])
def test_no_rights_change_and_no_account_is_added(folder, start, identity):
    accounts = Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes(), len(pwd.getpwall())
    parents = [parent for parent in (*folder.parents, ROOT, *ROOT.parents) if parent.exists()]

    def rights() -> list[tuple[int, int, int]]:
        return [(found.st_mode, found.st_uid, found.st_gid) for found in map(os.stat, parents)]

    before = rights()
    user = start(identity_words(identity))
    assert user.ask("SELECT 6") == 6
    user.leave()
    end_server(folder)
    assert rights() == before
    assert (Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes(), len(pwd.getpwall())) == accounts
    assert {path.stat().st_uid for path in folder.rglob("*")} == {os.geteuid()}


def test_only_the_owner_can_reach_the_server_and_there_is_no_network(folder, start):
    user = start()
    assert user.ask("SHOW listen_addresses") == ""
    assert user.ask("SHOW fsync") == "on"
    assert stat.S_IMODE((folder / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_server_knows_finnish_letters(start):
    user = start()
    assert user.ask("SELECT lower('ÅÄÖ')") == "åäö"
    assert user.ask("CREATE EXTENSION pg_trgm; SELECT word_similarity('päihde', 'PÄIHDEHOITO') > 0.8") is True
    assert user.ask("CREATE EXTENSION btree_gist; CREATE EXTENSION unaccent; SELECT unaccent('å')") == "a"


def test_a_failed_statement_leaves_no_values_in_the_log(folder, start):
    user = start()
    user.ask("CREATE TABLE people (email text UNIQUE); SELECT 1")
    user.ask("INSERT INTO people VALUES ('secret@example.org') RETURNING 1")
    assert "IntegrityError" in user.ask("INSERT INTO people VALUES ('secret@example.org') RETURNING 1")
    log = (folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "secret@" not in log


def test_a_long_path_gets_a_short_socket_folder_that_stays_the_same(folder):
    long = folder / ("ä" * 60) / ("b" * 60)
    user = User(long)
    try:
        assert user.ask("SELECT 7") == 7
        place = keeper.socket_dir(long)
        assert place == keeper.socket_dir(long)
        assert place != keeper.socket_dir(long.parent / "other" / ("c" * 60))
        assert len(os.fsencode(place / keeper.SOCKET_NAME)) <= keeper.SOCKET_PATH_MAX
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert (place / keeper.SOCKET_NAME).exists()
    finally:
        user.kill()
        end_server(long)
        keeper.socket_dir(long).rmdir()


def test_a_path_with_spaces_quotes_and_letters_works(folder):
    odd = folder / "my, \"own\" 'päihde' folder"
    user = User(odd)
    try:
        assert user.ask("SELECT 8") == 8
    finally:
        user.kill()
        end_server(odd)


def test_a_socket_folder_of_somebody_else_is_refused(folder):
    folder.mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "run").symlink_to(folder / "elsewhere")
    done = run(folder, CONNECT)
    assert "belongs to somebody else" in done.stderr.splitlines()[-1]


def test_the_server_ends_when_its_folder_is_removed_and_begins_anew(folder, start):
    user = start()
    user.ask("CREATE TABLE gone AS SELECT 1; SELECT 1")
    first = user.server()
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    wait_until(lambda: not Path(f"/proc/{first}").exists())
    assert user.ask("SELECT to_regclass('gone')") is None


def test_without_the_wheel_the_error_names_the_command(folder, monkeypatch):
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.EmbeddedServerError, match="make install"):
        embedded.EmbeddedServer(folder).ensure_running()


def test_a_wrong_pg_bin_is_named(folder):
    done = run(folder, CONNECT, PG_BIN="/nowhere")
    assert "PG_BIN is /nowhere, but there is no program `postgres`" in done.stderr.splitlines()[-1]


def fake_program(path: Path, says: str, status: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}' >&2; echo '{says}'\nexit {status}\n")
    path.chmod(0o755)


def test_old_binaries_are_named(folder):
    fake_program(folder / "bin" / "postgres", "postgres (PostgreSQL) 14.9")
    done = run(folder, CONNECT, PG_BIN=str(folder / "bin"))
    assert "holds PostgreSQL 14; the portal needs 15 or newer" in done.stderr.splitlines()[-1]


def test_where_root_may_not_become_nobody_the_error_tells_two_ways_out(folder):
    fake_program(folder / "path" / "unshare", "unshare: unshare failed: Operation not permitted", status=1)
    words = identity_words("root")
    done = subprocess.run(
        [*words, "env", f"PATH={folder}/path:{os.environ['PATH']}", sys.executable, "-c", CONNECT],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
    )
    last = done.stderr.splitlines()[-1]
    assert "Operation not permitted" in last
    assert "Run the command as a normal user, or set DATABASE_URL" in last


def test_data_of_another_version_is_left_alone_and_named(folder, start):
    user = start()
    user.server()
    user.leave()
    end_server(folder)
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    done = run(folder, CONNECT)
    assert "was made by PostgreSQL 16" in done.stderr.splitlines()[-1]
    assert (folder / "postgres" / "base").exists()


def test_a_half_made_cluster_is_made_again(folder, start):
    (folder / "postgres.new-1").mkdir(parents=True)
    (folder / "postgres.new-1" / "PG_VERSION").write_text("18")
    assert start().ask("SELECT 9") == 9
    assert not list(folder.glob("postgres.new-*"))


def test_an_old_pid_file_with_the_number_of_another_program_does_not_hold_it_up(folder, start):
    user = start()
    server = user.server()
    kept = (folder / "postgres" / "postmaster.pid").read_text().splitlines()
    user.leave()
    end_server(folder)
    (folder / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *kept[1:]]) + "\n")
    assert start().server() not in {server, os.getpid()}


def test_the_test_database_is_named_after_the_checkout_and_the_slot(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(creation.DatabaseCreation, "_slots", {})
    first = creation.DatabaseCreation._free_slot("test_portal_abc")
    second = creation.DatabaseCreation._free_slot("test_portal_abc")
    assert [first, second] == ["test_portal_abc", "test_portal_abc_1"]
