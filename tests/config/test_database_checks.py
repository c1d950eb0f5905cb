"""What `check` and `migrate` say of a database server before anything fails half-way."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import NotSupportedError, connections

from config import checks


class Server:
    """Answers the check's three questions."""

    def __init__(self, installed, may_create, letters):
        self.answers = [installed, [("portal", "somebody", may_create)], [letters]]

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def execute(self, statement, parameters=None):
        self.rows = self.answers.pop(0)

    def fetchall(self):
        return self.rows

    def fetchone(self):
        return self.rows[0]


ALL = [(name, True) for name in checks.EXTENSIONS]
WELL = (True, "UTF8")


def said(monkeypatch, installed=ALL, may_create=True, letters=WELL):
    monkeypatch.setattr(checks, "connections", {"default": Server(installed, may_create, letters)})
    return [(message.id, message.msg, message.hint) for message in checks.check_database(["default"])]


@pytest.mark.django_db
def test_the_server_in_use_has_all_that_is_needed():
    assert checks.check_database(["default"]) == []
    call_command("check", databases=["default"])


def test_nothing_is_asked_when_no_database_is_checked():
    assert checks.check_database(None) == []


def test_missing_extensions_are_named_with_the_package_that_brings_them(monkeypatch):
    ((code, message, hint),) = said(monkeypatch, installed=[("pg_trgm", False)])
    assert code == "portal.E001"
    assert "btree_gist, unaccent" in message
    assert "apt-get install postgresql-contrib" in hint


def test_a_user_who_may_not_make_extensions_is_told_what_the_superuser_runs(monkeypatch):
    ((code, message, hint),) = said(
        monkeypatch, installed=[(name, False) for name in checks.EXTENSIONS], may_create=False
    )
    assert code == "portal.E002"
    assert "somebody may not create extensions in portal" in message
    assert "CREATE EXTENSION IF NOT EXISTS unaccent;" in hint


def test_extensions_that_are_there_need_no_right(monkeypatch):
    assert said(monkeypatch, may_create=False) == []


@pytest.mark.parametrize("letters", [(False, "UTF8"), (True, "SQL_ASCII")])
def test_a_database_that_knows_no_finnish_letters_is_refused(monkeypatch, letters):
    ((code, _message, hint),) = said(monkeypatch, letters=letters)
    assert code == "portal.E003"
    assert "createdb -T template0 -E UTF8 --locale=C.UTF-8 -O somebody portal" in hint


def test_an_old_server_is_named_with_the_way_out(db, monkeypatch):
    monkeypatch.setattr(type(connections["default"]), "get_database_version", lambda self: (14, 11))
    with pytest.raises(NotSupportedError, match=r"PostgreSQL 14\.11; the portal needs 15 or newer.*make install"):
        connections["default"].check_database_version_supported()


@pytest.mark.django_db
def test_deploying_without_a_secret_is_an_error(settings):
    settings.SECRET_KEY_GIVEN = False
    with pytest.raises(SystemCheckError, match="SECRET_KEY is not set"):
        call_command("check", deploy=True)
