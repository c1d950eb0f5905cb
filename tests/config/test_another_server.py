"""The portal on a server that somebody else keeps, named by DATABASE_URL; on PostgreSQL 15, the oldest, where it is."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.postgres import embedded, keeper

from .test_embedded_postgres import ROOT, User, end_server
from .test_settings import clean_environment

NAMES = ["Öljymäki", "Äänekoski", "Zeus", "Åke", "Aalto"]

USE = f"""
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
call_command("migrate", verbosity=0)
from config.management.commands.demo import starting_data
from network.models import Organisation
from services.models import Service
from tests import factories
call_command("load_catalogue", str(starting_data()), verbosity=0)
page = Client(headers={{"host": "127.0.0.1"}}).get("/palvelut/")
for name in {NAMES!r}:
    factories.make_organisation(name)
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_user, current_database()")
    where = cursor.fetchone()
print(json.dumps({{
    "where": where,
    "page": page.status_code,
    "listed": sum(f'href="{{one.get_absolute_url()}}' in page.content.decode() for one in Service.objects.all()),
    "services": Service.objects.count(),
    "order": list(Organisation.objects.filter(name__in={NAMES!r}).order_by("sort_name").values_list("name", flat=True)),
}}))
"""


def programs() -> Path:
    """The oldest PostgreSQL of this machine that the portal allows; our own when there is no other."""
    others = sorted(
        (int(path.parent.name), path)
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdecimal()
        and int(path.parent.name) >= keeper.OLDEST_VERSION
        and (path / "postgres").exists()
    )
    return others[0][1] if others else embedded.bin_dir()


@pytest.fixture
def server() -> Iterator[tuple[User, Path]]:
    """Somebody who keeps a server running, and the folder of its socket."""
    place = Path(tempfile.mkdtemp(prefix="pg-")).resolve()
    user = User(place / "data", PG_BIN=str(programs()))
    yield user, keeper.socket_dir(place / "data")
    user.kill()
    end_server(place / "data")
    shutil.rmtree(place)


def test_the_portal_runs_on_a_server_of_somebody_else_as_the_owner_of_its_database(server, tmp_path):
    user, socket = server
    user.ask("CREATE ROLE keeper LOGIN")
    user.ask("CREATE DATABASE ours OWNER keeper TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=ROOT,
        env={
            **clean_environment(),
            "DATABASE_URL": f"postgres://keeper@/ours?host={socket}",
            "PORTAL_DATA_DIR": str(tmp_path),
            "PORTAL_WORDS_DIR": str(settings.WORDS_DIR),
            "STATIC_MANIFEST": "0",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    said = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True).stdout
    assert found["where"] == [int(re.search(r"\) (\d+)", said)[1]), "keeper", "ours"]
    assert found["page"] == 200
    assert found["services"] >= found["listed"] > 0
    assert found["order"] == ["Aalto", "Zeus", "Åke", "Äänekoski", "Öljymäki"]
    assert not list(tmp_path.iterdir())  # no server of our own was started
