"""A catalogue can be loaded from a file: the whole of it or nothing, and as often as one likes."""

import datetime as dt
import json
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Competence, Network, Organisation, UrgentLine
from services.exchange.loading import load
from services.models import Language, Service, ServiceType

from .exchange_records import a_catalogue, a_service, an_organisation

KAINUU = Path(__file__).parents[2] / "services" / "data" / "kainuu.json"

pytestmark = pytest.mark.django_db


def stamps() -> dict[str, dt.datetime]:
    return dict(Organisation.objects.values_list("slug", "updated_at")) | dict(
        Service.objects.values_list("slug", "updated_at")
    )


def written(queries: CaptureQueriesContext) -> list[str]:
    sql = [query["sql"] for query in queries.captured_queries]
    return [one for one in sql if one.startswith(("INSERT", "UPDATE", "DELETE"))]


# --- what a record becomes ---------------------------------------------------------------------------------------


def test_every_key_of_the_format_finds_its_place():
    load(
        {
            "organisations": [
                an_organisation("seurakunta", kind="parish", parent=None, municipality="205", website="https://example.org/"),
                an_organisation("yksikko", kind="wellbeing-county", parent="seurakunta", municipality=None),
            ],
            "services": [
                a_service(
                    "laheisten-ryhma", organisations=["seurakunta", "yksikko"], description="Kaksi.\n\nKappaletta.",
                    types=["peer-group", "close-ones"], audiences=["close-ones"], addictions=["alcohol", "drugs"],
                    municipalities=["205"], channels=["in-person"], access=["no-referral", "free"], languages=["fi"],
                    min_age=18, max_age=None, keywords=["omaiset", "perhe"],
                )
            ],
        },
        "file.json",
    )  # fmt: skip
    assert Organisation.objects.get(slug="yksikko").parent.slug == "seurakunta"
    service = Service.objects.get()
    assert service.organisation.slug == "seurakunta"
    assert [one.slug for one in service.producers.all()] == ["yksikko"]
    assert service.main_type.code == "peer-group"
    assert [one.code for one in service.further_types.all()] == ["close-ones"]
    assert {one.code for one in service.addictions.all()} == {"alcohol", "drugs"}
    assert [one.code for one in service.municipalities.all()] == ["205"]
    assert (service.no_referral, service.free) == (True, True)
    assert (service.no_appointment, service.anonymous, service.intoxicated_ok, service.no_diagnosis_excluded) == (
        None,
    ) * 4
    assert (service.min_age, service.max_age, service.keywords) == (18, None, "omaiset, perhe")
    assert service.is_published


def test_no_municipalities_means_the_whole_region():
    load(a_catalogue(a_service(municipalities=[])), "file.json")
    assert not Service.objects.get().municipalities.exists()


def test_access_facts_can_also_be_told_as_yes_no_and_not_known():
    load(
        a_catalogue(
            a_service(access={"free": True, "anonymous": False, "no-diagnosis-excluded": True, "no-referral": None})
        ),
        "f",
    )
    service = Service.objects.get()
    assert (service.free, service.anonymous, service.no_diagnosis_excluded, service.no_referral) == (
        True,
        False,
        True,
        None,
    )


def test_a_loaded_listing_says_that_it_has_not_been_checked():
    load(a_catalogue(), "file.json")
    service = Service.objects.get()
    assert (service.confirmed_at, service.confirmed_organisation, service.confirmed_title) == (None, None, "")


def test_places_hours_contacts_and_texts_come_along():
    load(
        a_catalogue(
            a_service(
                contacts=[{"kind": "phone", "value": "116 117", "members_only": True}],
                places=[
                    {
                        "name": "Kirjasto", "premises_of": "yhdistys", "municipality": "205",
                        "contacts": [{"kind": "email", "value": "kirjasto@example.org"}],
                        "opening_hours": [{"weekday": 1, "opens": "09:00", "closes": "15:30"}],
                    }
                ],
                opening_hours=[{"weekday": 7, "opens": "00:00", "closes": "00:00"}],
                visits=[{"date": "2030-05-01", "venue": "Tori"}],
                texts={"sv": {"name": "Grupp"}, "plain": {"summary": "Selkeä."}},
            )
        ),
        "file.json",
    )  # fmt: skip
    service = Service.objects.get()
    place = service.places.get()
    assert (service.contacts.get().members_only, place.contacts.get().value) == (True, "kirjasto@example.org")
    assert place.opening_hours.get().service == service
    assert service.opening_hours.get(place=None).weekday == 7
    assert service.visits.get().venue == "Tori"
    assert {text.language: text.name for text in service.texts.all()} == {"sv": "Grupp", "plain": ""}


def test_a_competence_told_in_place_becomes_a_word_that_others_can_use():
    first = an_organisation(competences=[{"code": "trauma", "name": "Trauma"}])
    load({"organisations": [first, an_organisation("toinen", competences=["trauma"])]}, "file.json")
    assert Competence.objects.get().organisations.count() == 2


def test_a_file_can_bring_words_municipalities_and_the_networks_settings_along():
    load(
        a_catalogue(
            a_service(types=["sauna"], municipalities=["049"]),
            terms={"service_types": [{"code": "sauna", "name": "Sauna"}]},
            municipalities=[{"code": "049", "name": "Espoo", "county": "03"}],
            network={"name": "Esimerkkiverkosto", "county": "20"},
            urgent_lines=[{"number": "112", "name": "Hätä"}],
        ),
        "file.json",
    )
    assert Service.objects.get().main_type == ServiceType.objects.order_by("position").last()
    assert Service.objects.get().municipalities.get().county_id == "03"
    assert Network.objects.values_list("name", "county").get() == ("Esimerkkiverkosto", "20")
    assert [line.number for line in UrgentLine.objects.all()] == ["112"]


def test_any_language_of_iso_639_1_can_be_spoken():
    load(a_catalogue(a_service(languages=["fi", "lt"])), "file.json")
    assert Language.objects.get(code="lt").services.count() == 1
    assert Language.objects.get(code="lt").name_en == "Lithuanian"


# --- again and again ---------------------------------------------------------------------------------------------


def test_loading_the_same_file_again_writes_nothing():
    data = json.loads(KAINUU.read_text(encoding="utf-8"))
    load(data, "kainuu.json")
    before = stamps()
    with CaptureQueriesContext(connection) as queries:
        outcomes = load(data, "kainuu.json")
    assert written(queries) == []
    assert stamps() == before
    assert all(not outcome.created and not outcome.changed and not outcome.removed for outcome in outcomes.values())


def test_only_the_record_that_differs_is_written():
    load(a_catalogue(a_service("a"), a_service("b")), "file.json")
    before = stamps()
    outcome = load(a_catalogue(a_service("a"), a_service("b", audiences=["youth"])), "file.json")["services"]
    assert (outcome.created, outcome.changed, outcome.unchanged) == ([], ["b"], ["a"])
    after = stamps()
    assert after.pop("b") > before.pop("b")
    assert after == before


def test_what_a_record_does_not_say_stays_as_it_is():
    load(
        a_catalogue(a_service(description="Vanha.", audiences=["youth"], texts={"sv": {"name": "Grupp"}})), "file.json"
    )
    load(a_catalogue(a_service(summary="Uusi.", texts={"en": {"name": "Group"}})), "file.json")
    service = Service.objects.get()
    assert (service.summary, service.description) == ("Uusi.", "Vanha.")
    assert [one.code for one in service.audiences.all()] == ["youth"]
    assert {text.language for text in service.texts.all()} == {"en", "sv"}


def test_what_a_record_says_to_be_empty_is_emptied():
    load(
        a_catalogue(a_service(description="Vanha.", audiences=["youth"], min_age=18, texts={"sv": {"name": "Grupp"}})),
        "f",
    )
    load(a_catalogue(a_service(description="", audiences=[], min_age=None, access=[], texts={"sv": None})), "f")
    service = Service.objects.get()
    assert (service.description, service.min_age) == ("", None)
    assert not service.audiences.exists()
    assert not service.texts.exists()


def test_records_that_are_not_in_the_file_are_left_alone():
    load(a_catalogue(a_service("a"), a_service("b")), "file.json")
    load({"services": [a_service("c")]}, "file.json")
    assert set(Service.objects.values_list("slug", flat=True)) == {"a", "b", "c"}


def test_a_confirmation_stays_when_nothing_changes_and_goes_when_the_content_does():
    load(a_catalogue(), "file.json")
    Service.objects.update(confirmed_at=timezone.now(), confirmed_title="Ohjaaja")
    load(a_catalogue(), "file.json")
    assert Service.objects.get().confirmed_title == "Ohjaaja"
    load(a_catalogue(a_service(summary="Toinen.")), "file.json")
    assert (Service.objects.get().confirmed_at, Service.objects.get().confirmed_title) == (None, "")


def test_a_confirmation_from_the_file_takes_no_other_persons_name():
    load(a_catalogue(), "file.json")
    Service.objects.update(confirmed_at=timezone.now(), confirmed_title="Ohjaaja", confirmed_name="Anna Esimerkki")
    confirmed = {"at": "2030-01-31T12:00:00+02:00", "organisation": "yhdistys", "title": "Johtaja"}
    load(a_catalogue(a_service(confirmed=confirmed)), "file.json")
    assert (Service.objects.get().confirmed_title, Service.objects.get().confirmed_name) == ("Johtaja", "")


def test_a_confirmation_can_come_with_the_file():
    confirmed = {"at": "2030-01-31T12:00:00+02:00", "organisation": "yhdistys", "title": "Ohjaaja"}
    load(a_catalogue(a_service(confirmed=confirmed)), "file.json")
    service = Service.objects.get()
    assert service.confirmed_at == dt.datetime(2030, 1, 31, 10, tzinfo=dt.UTC)
    assert (service.confirmed_organisation.slug, service.confirmed_title) == ("yhdistys", "Ohjaaja")


def test_draft_leaves_new_listings_unpublished_and_published_ones_published():
    load(a_catalogue(a_service("vanha")), "file.json")
    load(a_catalogue(a_service("vanha", published_at=None), a_service("toinen")), "file.json", draft=True)
    assert [one.slug for one in Service.objects.published()] == ["vanha"]
    load(a_catalogue(a_service("toinen")), "file.json")
    assert [one.slug for one in Service.objects.published()] == ["vanha"]


def test_a_draft_may_lack_what_a_published_listing_needs():
    load(a_catalogue({"slug": "luonnos", "name": "Luonnos", "published_at": None}), "file.json")
    assert not Service.objects.get().is_published


def test_two_listings_can_trade_their_identifiers_in_one_file():
    one, other = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
    load(a_catalogue(a_service("a", ptv_id=one), a_service("b", ptv_id=other)), "file.json")
    load(a_catalogue(a_service("a", ptv_id=other), a_service("b", ptv_id=one)), "file.json")
    assert str(Service.objects.get(slug="a").ptv_id) == other


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    def write(content) -> str:
        path = tmp_path / "file.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


def test_the_command_tells_what_it_did(file, capsys):
    call_command("load_catalogue", file(a_catalogue()))
    assert capsys.readouterr().out == (
        "organisations: 1 created, 0 changed, 0 unchanged\nservices: 1 created, 0 changed, 0 unchanged\n"
    )


def test_a_trial_tells_what_would_change_and_changes_nothing(file, capsys):
    load(a_catalogue(), "file.json")
    before = stamps()
    call_command("load_catalogue", file(a_catalogue(a_service(summary="Uusi."), a_service("toinen"))), "--dry-run")
    assert capsys.readouterr().out == (
        "organisations: 0 created, 0 changed, 1 unchanged\n"
        "services: 1 created, 1 changed, 0 unchanged\n"
        "  created: toinen\n"
        "  changed: ryhma\n"
        "This was a trial: nothing was changed.\n"
    )
    assert stamps() == before
    assert Service.objects.get().summary == "Apua."


# --- many, and two at once ---------------------------------------------------------------------------------------


def full(number: int) -> dict:
    return a_service(
        f"palvelu-{number}", audiences=["youth"], municipalities=["205"], contacts=[{"kind": "phone", "value": "112"}],
        places=[{"name": "Talo", "opening_hours": [{"weekday": 1, "opens": "09:00", "closes": "10:00"}]}],
        texts={"sv": {"name": "Tjänst"}}, next_steps=["palvelu-0"] if number else [],
    )  # fmt: skip


def queries_for(count: int, **change) -> int:
    organisations = [an_organisation(), *(an_organisation(f"yksikko-{n}", parent="yhdistys") for n in range(count))]
    services = [full(number) | change for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        load({"organisations": organisations, "services": services}, "file.json")
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_records():
    created = [queries_for(2)]
    unchanged = [queries_for(2)]
    changed = [queries_for(2, audiences=["adults"], contacts=[], places=[{"name": "Uusi"}])]
    Service.objects.all().delete()
    Organisation.objects.update(parent=None)
    Organisation.objects.all().delete()
    created.append(queries_for(60))
    unchanged.append(queries_for(60))
    changed.append(queries_for(60, audiences=["adults"], contacts=[], places=[{"name": "Uusi"}]))
    assert [few == many for few, many in (created, unchanged, changed)] == [True] * 3, (created, unchanged, changed)


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_wait_for_each_other():
    data = a_catalogue(*(a_service(f"palvelu-{number}") for number in range(50)))
    start, results = threading.Barrier(2), []

    def load_once() -> None:
        start.wait()
        try:
            results.append(len(load(data, "file.json")["services"].created))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 50]
    assert Service.objects.count() == 50


# --- the starting data -------------------------------------------------------------------------------------------


def test_the_starting_data_loads_and_is_marked_as_not_checked():
    call_command("load_catalogue", str(KAINUU), verbosity=0)
    assert Service.objects.published().count() == Service.objects.count() == 44
    assert Organisation.objects.count() == 30
    assert not Service.objects.filter(confirmed_at__isnull=False).exists()
    assert not Service.objects.filter(sources="").exists()
    assert Service.objects.get(slug="laheisten-ryhma-kajaani").organisation.name == "Kajaanin seurakunta"


def test_the_starting_data_has_no_contacts_but_the_national_numbers():
    load(json.loads(KAINUU.read_text(encoding="utf-8")), "kainuu.json")
    values = {contact.value for service in Service.objects.all() for contact in service.contacts.all()}
    assert values == {"112", "116 117"}
    assert not any(organisation.contacts.exists() for organisation in Organisation.objects.all())
    network = Network.current()
    assert (network.coordinator_name, network.coordinator_email, network.coordinator_phone) == ("", "", "")
