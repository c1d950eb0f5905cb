"""Load data: invented, the same for the same seed, and as much a catalogue as one that people wrote."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from meetings.models import AgendaItem, Minutes
from network.models import Membership, Organisation, User
from network.versions import catalogue_version
from services.models import Contact, OpeningHours, Service, ServicePlace

DAY = dt.date(2026, 11, 2)


def seed(services: int = 30, **more) -> None:
    call_command("seed_load", services=services, organisations=5, users=4, day=DAY, verbosity=0, **more)


def written() -> list:
    services = Service.objects.order_by("pk").prefetch_related("audiences", "municipalities", "contacts", "places")
    return [
        (
            one.slug, one.name, one.summary, one.description, one.how_to_get, one.confirmed_at, one.organisation.name,
            [str(term) for term in one.audiences.all()], [str(place) for place in one.municipalities.all()],
            [(contact.kind, contact.value) for contact in one.contacts.all()], [str(place) for place in one.places.all()],
        )
        for one in services
    ]  # fmt: skip


def test_one_seed_writes_one_catalogue(db):
    made = []
    for number in (7, 7, 8):
        with transaction.atomic():
            seed(seed=number)
            made.append(written())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert [row[3] for row in made[0]] != [row[3] for row in made[2]]


def test_services_are_whole_and_found(db, client):
    before = catalogue_version()
    seed()
    assert catalogue_version() != before
    assert Service.objects.published().count() == 30
    assert (Organisation.objects.count(), User.objects.count(), Membership.objects.count()) == (5, 4, 4)
    assert ServicePlace.objects.count() == 30
    assert OpeningHours.objects.exists()
    service = Service.objects.order_by("pk").first()
    assert service.audiences.exists()
    assert service.contacts.exists()
    for address in ("/", "/palvelut/", service.get_absolute_url(), service.organisation.get_absolute_url()):
        assert client.get(address).status_code == 200
    assert service.name in client.get("/palvelut/", {"q": service.name}).content.decode()


def test_meetings_are_whole_and_of_one_seed(db, client):
    made = []
    for _time in range(2):
        with transaction.atomic():
            call_command("seed_load", services=0, organisations=0, users=0, meetings=3, day=DAY, verbosity=0)
            made.append(
                list(
                    AgendaItem.objects.order_by("meeting__first_day", "position").values_list(
                        "title", "notes", "publicity"
                    )
                )
            )
            assert Minutes.objects.filter(status="published").count() == 3
            assert AgendaItem.objects.filter(meeting=1_000_001).count() == 40
            for address in (
                "/tapaamiset/1000001/",
                "/tapaamiset/arkisto/",
                f"/tapaamiset/{Minutes.objects.first().meeting_id}/muistio/",
            ):
                assert client.get(address).status_code == 200
            transaction.set_rollback(True)
    assert made[0] == made[1]


def test_everything_says_that_it_is_invented(db):
    seed()
    assert {address.split("@")[1] for address in User.objects.values_list("email", flat=True)} == {"example.org"}
    assert not any(person.has_usable_password() for person in User.objects.all())
    mails = Contact.objects.filter(kind=Contact.Kind.EMAIL)
    assert mails
    assert all(contact.value.endswith("@example.org") for contact in mails)
    assert all("demo" in service.sources for service in Service.objects.all())


def test_what_is_written_afterwards_has_its_history_and_the_next_number(db):
    seed()
    last = Service.objects.order_by("-pk").first()
    last.name = "Muutettu"
    last.save()
    assert last.events.count() == 1
    assert Service.objects.create(name="Seuraava", slug="seuraava").pk == last.pk + 1


def test_a_database_of_people_is_left_alone(db, settings):
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "portal"
    try:
        with pytest.raises(CommandError, match="--yes"):
            seed()
        seed(services=1, yes=True)
    finally:
        connection.settings_dict["NAME"] = name
    assert Service.objects.count() == 1


@pytest.mark.parametrize("numbers", [{"services": -1}, {"services": 3, "organisations": 0}])
def test_numbers_that_make_no_sense_are_refused(db, numbers):
    with pytest.raises(CommandError):
        call_command("seed_load", **numbers)
