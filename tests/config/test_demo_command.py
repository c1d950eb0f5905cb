"""The demo: one command, five people, this machine only."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config.management.commands import demo, serve
from config.starting import kept_secret
from network.models import Membership, Organisation, User

from .. import factories
from .test_embedded_postgres import end_server, is_stopped, wait_until
from .test_settings import ROOT, clean_environment


class Demo(NamedTuple):
    process: subprocess.Popen
    address: str
    said: str

    def page(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:  # noqa: S310
            return answer.read().decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_demo(folder: Path, port: int) -> Demo:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env={
            **clean_environment(),
            "PORTAL_DATA_DIR": str(folder),
            "PORT": str(port),
            "PORTAL_WORDS_DIR": str(settings.WORDS_DIR),  # making them has tests of its own
            # Neither of these is for the demo: nobody answers there.
            "http_proxy": "http://127.0.0.1:9",
            "GUNICORN_CMD_ARGS": "--bind 127.0.0.1:9",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    while "Ctrl-C stops it" not in said:
        line = process.stdout.readline()
        assert line, f"the demo ended: {said}"
        said += line
    return Demo(process, f"http://127.0.0.1:{port}", said)


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="demo-")).resolve()
    yield place
    end_server(place)
    shutil.rmtree(place)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/health/live", timeout=5).close()  # noqa: S310
    except OSError:
        return False
    return True


def password_of(running: Demo) -> str:
    return re.search(r"with the password  (\S+)", running.said)[1]


def test_from_an_empty_folder_to_the_last_process(folder):
    first = start_demo(folder, free_port())
    try:
        assert "Loaded" in first.said
        assert '<html lang="fi"' in first.page("/")
        assert '<html lang="sv"' in first.page("/sv/")
        assert re.findall(r'href="/palvelut/[a-z0-9-]+/"', first.page("/palvelut/"))
        sign_in = first.page("/tili/kirjaudu/")
        assert password_of(first) in sign_in
        assert set(re.findall(r"\w+@example\.org", sign_in)) == {f"{role}@example.org" for role in demo.CAST}

        # mail that the demo sends is read on its page, and a worker that dies is followed by another
        the_worker_sends_mail(folder, first)

        # another one beside it, on the same data: nothing is loaded again, the password stays, Ctrl-C ends only this
        second = start_demo(folder, free_port())
        assert "Loaded" not in second.said
        assert password_of(second) == password_of(first)
        second.process.send_signal(signal.SIGINT)
        assert second.process.wait(timeout=60) == 0
        assert not answers(second.address)
        assert answers(first.address)
    finally:
        first.process.kill()
        first.process.wait()
    wait_until(lambda: not answers(first.address), seconds=30)
    wait_until(lambda: is_stopped(folder), seconds=30)


QUEUE_A_MESSAGE = """
import django
django.setup()
from network import emails
from network.models import Bulletin, User
bulletin = Bulletin.objects.create(title="Tiedote %(name)s", body="Hei **vaan**")
emails.bulletin(bulletin, User.objects.get(email="ngo@example.org"))
"""


def workers_of(running: Demo) -> list[int]:
    """The demo's worker processes."""
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def the_worker_sends_mail(folder: Path, running: Demo) -> None:
    secrets = {"SECRET_KEY": (folder / "demo_secret_key").read_text(), "SITE_URL": running.address, "DEMO": "1"}

    def queue(name: str) -> None:
        environment = {**clean_environment(), **secrets, "PORTAL_DATA_DIR": str(folder)}
        program = [sys.executable, "-c", QUEUE_A_MESSAGE % {"name": name}]
        subprocess.run(program, cwd=ROOT, env=environment, check=True, timeout=60)

    assert '<a href="/demo/posti/">' in running.page("/")
    queue("eka")
    wait_until(lambda: "Tiedote eka" in running.page("/demo/posti/"), seconds=30)
    letter = re.search(r'href="(/demo/posti/[0-9a-f]+/)"', running.page("/demo/posti/"))[1]
    shown = running.page(letter)
    assert "<strong>vaan</strong>" in shown
    assert "Hei **vaan**" in shown
    assert re.search(rf'href="{running.address}/tiedotteet/peru/', shown)
    (pid,) = workers_of(running)
    os.kill(pid, signal.SIGKILL)
    queue("toka")
    wait_until(lambda: "Tiedote toka" in running.page("/demo/posti/"), seconds=30)
    assert workers_of(running) != [pid]


class Silent:
    """A web server that runs and does not answer."""

    def poll(self):
        return None


def test_a_web_server_that_does_not_answer_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(demo, "PATIENCE", 0.3)
    with pytest.raises(CommandError, match="has not answered at http"):
        demo.wait_until_ready(Silent(), f"http://127.0.0.1:{free_port()}")


def refusal(*options: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", *options],
        cwd=ROOT,
        env={**clean_environment(), **variables},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 1
    return done.stderr.strip()


def test_a_port_in_use_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 cannot be used" in refusal(PORT=str(port))


def test_it_refuses_a_real_database():
    assert "DATABASE_URL is set" in refusal(DATABASE_URL="postgres://me@127.0.0.1/real")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "portal.example.org", "::"])  # noqa: S104
def test_it_refuses_an_address_that_others_can_reach(host):
    assert "is not a loopback address" in refusal("--host", host)


@pytest.fixture
def accounts(settings, db):
    settings.DEMO_PASSWORD = "a word for the demo"
    association = factories.make_organisation("Ensimmäinen ry", slug="a-yhdistys")
    factories.make_organisation("Palveluton ry", slug="a-a-palveluton")
    parent = factories.make_organisation("Alue", slug="alue", kind=Organisation.Kind.WELLBEING_COUNTY)
    unit = factories.make_organisation(
        "Yksikkö", slug="yksikko", kind=Organisation.Kind.WELLBEING_COUNTY, parent=parent
    )
    factories.make_service("Ryhmä", organisation=association)
    factories.make_service("Vastaanotto", organisation=unit)
    demo.Command().make_accounts()


def test_each_of_the_cast_has_an_account_that_says_it_is_a_demo(accounts, client):
    people = User.objects.filter(email__endswith="@example.org")
    assert {person.email for person in people} == {f"{role}@example.org" for role in demo.CAST}
    assert all(person.name.endswith("(demo)") and person.check_password("a word for the demo") for person in people)
    assert [person.email for person in people if person.is_staff] == ["coordinator@example.org"]
    assert not people.filter(is_superuser=True)


def test_they_stand_for_organisations_of_the_data(accounts):
    rows = Membership.objects.values_list("person__email", "organisation__slug", "is_editor")
    assert sorted(rows) == [
        ("expert@example.org", "a-yhdistys", False),
        ("ngo@example.org", "a-yhdistys", True),
        ("professional@example.org", "yksikko", False),
    ]


def test_making_them_again_changes_nothing_but_a_new_password(accounts, settings, client):
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    demo.Command().make_accounts()
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before
    assert Membership.objects.count() == 3
    settings.DEMO_PASSWORD = "another word for it"
    demo.Command().make_accounts()
    assert User.objects.get(email="outsider@example.org").check_password("another word for it")


def test_a_secret_is_made_once_and_only_its_owner_reads_it(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "new"
    first = kept_secret("secret_key", 50)
    assert len(first) >= 50
    assert kept_secret("secret_key", 50) == first
    assert kept_secret("other", 50) != first
    assert os.stat(settings.DATA_DIR / "secret_key").st_mode & 0o777 == 0o600
    assert sorted(path.name for path in settings.DATA_DIR.iterdir()) == ["other", "secret_key"]


def test_serving_refuses_the_demo(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="DEMO and DEBUG are not for serving people"):
        call_command("serve")


class StartedAgain(Exception):
    """With which variables."""


@pytest.fixture
def serving(monkeypatch, settings):
    """`serving(PORT=…)` is what serving does with these variables: the settings it starts again with, else nothing."""

    def start_again(**variables):
        raise StartedAgain(variables)

    monkeypatch.setattr(serve, "start_again", start_again)
    monkeypatch.setattr(serve, "kept_secret", lambda name, size: "kept")
    monkeypatch.setattr(serve, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(serve.Command, "run", lambda self, environment: None)
    monkeypatch.chdir(ROOT)

    def run(**variables: str):
        for name in ("SECRET_KEY", "SITE_URL", "PORT", "BIND"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.SECRET_KEY_GIVEN = "SECRET_KEY" in variables
        try:
            call_command("serve")
        except StartedAgain as again:
            return again.args[0]
        return None

    return run


def test_serving_tells_its_own_address_when_none_is_given(serving):
    port = str(free_port())
    here = f"http://127.0.0.1:{port}"
    assert serving(PORT=port) == {"SECRET_KEY": "kept", "SITE_URL": here}
    assert serving(PORT=port, SECRET_KEY="given") == {"SECRET_KEY": "given", "SITE_URL": here}
    assert serving(BIND=f"127.0.0.1:{port}", SECRET_KEY="given") == {"SECRET_KEY": "given", "SITE_URL": here}


def test_serving_keeps_the_address_and_the_secret_that_are_given(serving):
    port, site = str(free_port()), "https://portal.example.org"
    assert serving(PORT=port, SITE_URL=site) == {"SECRET_KEY": "kept", "SITE_URL": site}
    assert serving(PORT=port, SITE_URL=site, SECRET_KEY="given") is None


@pytest.mark.parametrize("variables", [{"BIND": "unix:/tmp/socket"}, {"BIND": "8000"}, {"PORT": "http"}])
def test_serving_refuses_what_is_no_host_and_port(serving, variables):
    with pytest.raises(CommandError, match="is not a host and a port"):
        serving(**variables)
