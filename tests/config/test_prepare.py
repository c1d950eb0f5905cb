"""Making ready to serve, and one migrate at a time."""

import os
import subprocess
import sys
import threading
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader

from config import migrating
from config.management.commands import migrate, prepare

from .test_settings import ROOT, clean_environment


@pytest.fixture
def static(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("a { color: #000 }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    return source


def collect() -> str:
    said = StringIO()
    prepare.Command(stdout=said).collect_static(verbosity=1)
    return said.getvalue()


def test_static_files_are_collected_when_they_have_changed_and_only_then(static, settings):
    assert collect().startswith("Collected")
    assert collect() == ""
    (static / "site.css").write_text("a { color: #111111 }")
    later = time.time() + 5  # collectstatic looks at whole seconds
    os.utime(static / "site.css", (later, later))
    assert collect().startswith("Collected")
    assert (settings.STATIC_ROOT / "site.css").read_text() == "a { color: #111111 }"


def test_an_interrupted_collection_is_made_again(static, settings, monkeypatch):
    collect()
    (static / "more.css").write_text("b { color: #222 }")

    def interrupted(*words, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            collect()
    assert collect().startswith("Collected")


@pytest.mark.django_db
def test_preparing_twice_is_harmless(static):
    call_command("prepare", verbosity=0)
    call_command("prepare", verbosity=0)


def test_the_manifest_names_every_file_of_the_pages_by_its_hash(tmp_path):
    """The storage of production, on all static files that the project has."""
    code = (
        "import django, sys; from django.conf import settings; "
        f"settings.STATIC_ROOT = {str(tmp_path)!r}; django.setup(); "
        "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0); "
        "from django.templatetags.static import static; print(static('css/site.css'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    name = done.stdout.strip().removeprefix("/static/")
    assert name.startswith("css/site.")
    assert name != "css/site.css"
    assert {path.name for path in (tmp_path / "css").glob(name.split("/")[1] + "*")} == {
        name.split("/")[1] + ending for ending in ("", ".gz", ".br")
    }


@pytest.mark.django_db(transaction=True)
def test_a_second_migrate_waits_until_the_first_has_ended():
    connection = connections["default"]
    first, second = migrate.Command(), migrate.Command(stderr=StringIO())
    order = []

    def run_second():
        with second.alone(connections["default"]):
            order.append("second")
        connections["default"].close()

    with first.alone(connection):
        thread = threading.Thread(target=run_second)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]
    assert "Another migrate is running" in second.stderr.getvalue()


def test_operations_that_are_run_together_are_the_same_in_the_same_order():
    for migration in MigrationLoader(None).disk_migrations.values():
        together = list(migrating.put_together(migration.operations))
        apart = [one for step in together for one in getattr(step, "operations", [step])]
        assert apart == list(migration.operations)
        assert not any(
            isinstance(one, migrating.Together) and len({type(part) is CreateModel for part in one.operations}) > 1
            for one in together
        )
