"""Addresses for the machinery."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config.health import HealthMiddleware

PLAIN = {"Content-Type": "text/plain", "Cache-Control": "no-store"}


@pytest.fixture
def probe() -> Client:
    """A probe knows no host name and speaks plain http."""
    return Client(headers={"host": "10.1.2.3:8000"})


@pytest.fixture
def strict(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["portal.example.org"]


def test_a_live_process_says_so_without_database_host_name_or_https(probe, strict):
    answer = probe.get("/health/live")  # this test may not use the database: the test run refuses it
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert {name: answer[name] for name in PLAIN} == PLAIN
    assert not answer.cookies


@pytest.mark.django_db
def test_a_migrated_portal_is_ready(probe, strict):
    answer = probe.get("/health/ready")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert probe.head("/health/ready").status_code == 200


@pytest.mark.django_db
def test_a_portal_that_waits_for_a_migration_is_not_ready(probe, strict):
    last = MigrationRecorder.Migration.objects.filter(app="network").latest("pk")
    MigrationRecorder.Migration.objects.filter(pk=last.pk).delete()
    answer = probe.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_without_its_database_the_portal_is_not_ready_and_tells_no_details(probe, strict, monkeypatch):
    assert probe.get("/health/ready").status_code == 200

    def refuse():
        raise OperationalError("connection to secret-host refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = probe.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_migrations_are_asked_only_until_they_are_applied(django_assert_num_queries):
    middleware = HealthMiddleware(lambda request: None)
    assert middleware.is_ready()
    with django_assert_num_queries(1):
        assert middleware.is_ready()


def test_health_cannot_be_posted_to(probe):
    assert probe.post("/health/live").status_code == 405


def test_other_addresses_below_health_belong_to_the_portal(client, db):
    assert client.get("/health/other").status_code == 404
