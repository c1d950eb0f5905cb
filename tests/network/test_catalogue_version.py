"""One number for what pages show: any change changes it, from its commit on, and nobody waits for it."""

import threading

import pytest
from django.apps import apps
from django.db import connection, transaction

from network.models import CatalogueChange, Municipality, Network, Organisation, UrgentLine
from network.versions import catalogue_version, join_changes, release
from services.models import Service
from tests import factories

# Tables that no open page reads; every other one of these two parts is watched.
UNSEEN = {
    "network_organisationdomain", "network_user_groups", "network_user_user_permissions", "network_datarequest",
    "network_statusevent", "network_feedback", "network_groundrules", "network_rulesacceptance",
    "network_internalnote", "network_invitation", "network_joinrequest", "network_keptform", "network_message",
    "network_oncekey", "network_organisationmessage", "network_periodicwork", "network_cataloguechange",
    "services_confirmationrequest", "services_confirmationrequest_services",
    "services_confirmationrequest_organisations", "services_confirmation", "services_holidayround",
    "services_holidayinvitation", "services_holidayanswer", "services_holidayanswer_exceptions",
    "services_linkcheck", "services_proposededit", "services_listingreport", "services_searchcount",
    "services_staleservice", "services_indexedword", "services_searchversion",
    "services_servicefacets", "services_searchstart",  # follow watched tables in the same transaction
}  # fmt: skip


def watched() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'catalogue_changed'")
        return {table for (table,) in cursor.fetchall()}


def test_every_table_is_watched_or_known_to_be_unseen(db):
    tables = {
        model._meta.db_table
        for app in ("network", "services")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")
    }
    assert tables - watched() == UNSEEN


def test_any_way_of_writing_changes_it(association, region):
    service = factories.make_service(organisation=association)
    seen = [catalogue_version()]

    def changed() -> None:
        seen.append(catalogue_version())
        assert len(set(seen)) == len(seen)

    service.save()
    changed()
    Service.objects.filter(pk=service.pk).update(summary="Toinen")
    changed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE network_organisation SET name = 'Kolmas'")
    changed()
    service.municipalities.add(Municipality.objects.first())
    changed()
    UrgentLine.objects.bulk_create([UrgentLine(name="Apu", number="000")])
    changed()
    network = Network.current()
    network.name = "Uusi"
    network.save()
    changed()
    service.delete()
    changed()


def test_reading_and_signing_in_leave_it_alone(client, professional, as_user):
    before = catalogue_version()
    client.get("/palvelut/")
    as_user(professional).get("/omat/")
    assert catalogue_version() == before


def test_what_was_rolled_back_never_gives_its_number_away(association):
    before, seen = catalogue_version(), set()
    for _round in range(3):
        with transaction.atomic():
            Organisation.objects.filter(pk=association.pk).update(name="Hetken nimi")
            seen.add(catalogue_version())
            transaction.set_rollback(True)
        assert catalogue_version() == before
    assert len(seen) == 3


def test_joining_keeps_the_number(association):
    for word in "abc":
        Organisation.objects.filter(pk=association.pk).update(name=word)
    before = catalogue_version()
    join_changes(at_least=10_000)
    assert CatalogueChange.objects.count() > 1
    join_changes(at_least=2)
    assert (CatalogueChange.objects.count(), catalogue_version()) == (1, before)


@pytest.mark.django_db(transaction=True)
def test_two_writers_do_not_wait_and_readers_see_it_only_when_it_is_there():
    one, other = factories.make_organisation("Yksi"), factories.make_organisation("Toinen")
    before = catalogue_version()
    written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                Organisation.objects.filter(pk=one.pk).update(name="Yksi muuttui")
                written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(20)
    try:
        assert catalogue_version() == before
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            Organisation.objects.filter(pk=other.pk).update(name="Toinen muuttui")
        between = catalogue_version()
        assert between != before
    finally:
        may_commit.set()
        writer.join(20)
    assert catalogue_version() not in (before, between)


def test_the_release_is_one_short_word():
    assert release() == release()
    assert len(release()) == 16
