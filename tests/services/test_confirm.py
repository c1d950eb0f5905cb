"""Confirming: who may, what is kept of it, what the pages say, and what two presses or a stale page do."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from network.models import Network, Organisation
from network.transitions import InvalidTransition
from services.confirming import ChangedMeanwhile, confirm, version_of
from services.models import Confirmation, Service
from tests import factories

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - dt.timedelta(days=400)


@pytest.fixture
def service(association) -> Service:
    return factories.make_service(
        "Ryhmä", slug="ryhma", organisation=association, confirmed_at=LONG_AGO, confirmed_title="sihteeri"
    )


@pytest.fixture
def worker(ngo_editor, association):
    ngo_editor.memberships.update(title="diakoniatyöntekijä")
    ngo_editor.name = "Aino Esimerkki"
    ngo_editor.save()
    return ngo_editor


def form_of(thing, **more) -> dict[str, str]:
    key = f"{'s' if isinstance(thing, Service) else 'o'}{thing.pk}"
    return {"thing": key, f"version-{key}": version_of(thing), **more}


# The verb -------------------------------------------------------------------------------------------------------------


def test_a_confirmation_tells_the_date_the_organisation_and_the_title(service, worker, association):
    edited = service.updated_at
    made = confirm(service, by=worker)
    service.refresh_from_db()
    assert (made.service, made.person, made.on_behalf_of, made.title) == (
        service, worker, association, "diakoniatyöntekijä",
    )  # fmt: skip
    assert (service.confirmed_at, service.confirmed_organisation, service.confirmed_title, service.confirmed_name) == (
        made.at, association, "diakoniatyöntekijä", "",
    )  # fmt: skip
    assert service.updated_at == edited  # confirmed is not edited


def test_a_name_is_shown_only_by_choice(service, worker, client):
    confirm(service, by=worker)
    assert "Aino" not in client.get("/palvelut/ryhma/").content.decode()
    service.refresh_from_db()
    assert confirm(service, by=worker, show_name=True).shown_name == "Aino Esimerkki"
    assert "Esimerkkiyhdistys ry, diakoniatyöntekijä, Aino Esimerkki" in client.get("/palvelut/ryhma/").content.decode()


def test_the_public_page_says_who_checked_and_when(service, worker, association, client):
    confirm(service, by=worker)
    confirm(association, by=worker)
    today = timezone.localdate()
    line = f"Tiedot tarkistettu {today.day}.{today.month}.{today.year}, Esimerkkiyhdistys ry, diakoniatyöntekijä"
    for address in ("/palvelut/ryhma/", association.get_absolute_url()):
        assert line in client.get(address).content.decode()


def test_an_editor_of_the_body_above_confirms_for_that_body(worker, association):
    unit = factories.make_organisation(parent=factories.make_organisation(parent=association))
    service = factories.make_service(organisation=unit)
    assert confirm(service, by=worker).on_behalf_of == association


def test_an_editor_of_both_confirms_for_the_nearer_one(worker, association):
    unit = factories.make_organisation(parent=association)
    factories.make_membership(worker, unit, is_editor=True, title="lähin")
    assert confirm(factories.make_service(organisation=unit), by=worker).title == "lähin"


def test_a_coordinator_confirms_for_the_network(service, coordinator, client):
    made = confirm(service, by=coordinator)
    assert (made.on_behalf_of, made.title) == (None, "coordinator")
    assert service.confirmed_words.endswith(", verkoston koordinaattori") or "coordinator of" in service.confirmed_words


@pytest.mark.parametrize("who", ["outsider", "professional", "expert"])
def test_nobody_else_may_confirm(who, service, request):
    with pytest.raises(PermissionDenied):
        confirm(service, by=request.getfixturevalue(who))
    with pytest.raises(PermissionDenied):
        confirm(service.organisation, by=request.getfixturevalue(who))
    assert not Confirmation.objects.exists()


def test_an_editor_whose_time_has_ended_may_not(service, worker):
    worker.memberships.update(until=timezone.localdate() - dt.timedelta(days=1), since=None)
    with pytest.raises(PermissionDenied):
        confirm(service, by=worker)


@pytest.mark.parametrize("state", [{"published_at": None}, {"archived_at": timezone.now()}])
def test_only_what_is_published_is_confirmed(state, service, worker):
    Service.objects.filter(pk=service.pk).update(**state)
    with pytest.raises(InvalidTransition):
        confirm(service, by=worker)  # as it was read before
    with pytest.raises(InvalidTransition):
        confirm(Service.objects.get(pk=service.pk), by=worker)
    assert not Confirmation.objects.exists()


def test_an_organisation_that_is_no_more_is_not_confirmed(association, worker, parish):
    Organisation.objects.filter(pk=association.pk).update(merged_into=parish)
    association.refresh_from_db()
    with pytest.raises(InvalidTransition):
        confirm(association, by=worker)


def test_what_was_edited_since_it_was_read_is_not_confirmed(service, worker):
    other = Service.objects.get(pk=service.pk)
    other.summary = "Muuta apua."
    other.save()
    with pytest.raises(ChangedMeanwhile):
        confirm(service, by=worker)
    assert not Confirmation.objects.exists()


def test_confirming_ends_being_kept_in_search(service, worker):
    Service.objects.filter(pk=service.pk).update(kept_in_search=True)
    confirm(service, by=worker)
    assert not Service.objects.get(pk=service.pk).kept_in_search


def test_the_confirmation_outlives_the_person_without_her(service, worker):
    confirm(service, by=worker)
    worker.delete()
    assert Confirmation.objects.get().person is None
    assert Service.objects.get(pk=service.pk).confirmed_title == "diakoniatyöntekijä"


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_confirms(service, worker):
    made, gate = [], threading.Barrier(8)

    def press():
        try:
            thing = Service.objects.get(pk=service.pk)
            gate.wait()
            made.append(confirm(thing, by=worker))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert [one for one in made if one] == list(Confirmation.objects.all())
    assert Confirmation.objects.get().at == Service.objects.get(pk=service.pk).confirmed_at


# The pages ------------------------------------------------------------------------------------------------------------


def test_one_press_on_the_listings_own_page(service, worker, as_user):
    client = as_user(worker)
    assert client.get("/palvelut/ryhma/vahvista/").status_code == 200
    assert not Confirmation.objects.exists()
    assert client.post("/palvelut/ryhma/vahvista/", form_of(service)).status_code == 302
    assert Confirmation.objects.get().service == service


def test_pressing_twice_confirms_once(service, worker, as_user):
    client, form = as_user(worker), form_of(service)
    for _press in range(2):
        assert client.post("/palvelut/ryhma/vahvista/", form).status_code == 302
    assert Confirmation.objects.count() == 1


def test_an_organisations_own_page_is_confirmed_too(worker, association, as_user):
    client = as_user(worker)
    assert client.post(f"/verkosto/{association.slug}/vahvista/", form_of(association)).status_code == 302
    assert Confirmation.objects.get().organisation == association


@pytest.mark.parametrize("form", ["stale", "without a stamp", "nonsense", "huge"])
def test_nothing_is_confirmed_blindly(form, service, worker, as_user):
    fields = form_of(service)
    key = f"version-s{service.pk}"
    Service.objects.get(pk=service.pk).save()
    match form:
        case "without a stamp":
            del fields[key]
        case "nonsense":
            fields[key] = "²٣.x"
        case "huge":
            fields[key] = f"{'9' * 5000}.0"
    client = as_user(worker)
    answer = client.post("/palvelut/ryhma/vahvista/", fields)
    assert answer.status_code == 409
    assert not Confirmation.objects.exists()
    service.refresh_from_db()
    assert version_of(service) in answer.content.decode()
    assert client.post("/palvelut/ryhma/vahvista/", form_of(service)).status_code == 302
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize("who", ["outsider", "professional", "expert"])
def test_the_button_is_not_for_others(who, service, request, as_user):
    client = as_user(request.getfixturevalue(who))
    for address in ("/palvelut/ryhma/vahvista/", "/verkosto/esimerkkiyhdistys/vahvista/"):
        assert client.get(address).status_code == 403
        assert client.post(address, form_of(service)).status_code == 403
    assert not Confirmation.objects.exists()


def test_a_draft_is_not_found_by_others_and_not_confirmed_by_its_editor(association, worker, professional, as_user):
    draft = factories.make_service(slug="luonnos", organisation=association, published=False)
    assert as_user(professional).post("/palvelut/luonnos/vahvista/", form_of(draft)).status_code == 404
    assert as_user(worker).post("/palvelut/luonnos/vahvista/", form_of(draft)).status_code == 302
    assert not Confirmation.objects.exists()


def test_all_that_are_due_are_on_one_page(service, worker, parish, association, as_user):
    confirm(association, by=worker)
    never = factories.make_service("Ei koskaan", organisation=association)
    factories.make_service("Tuore", organisation=association, confirmed_at=timezone.now())
    factories.make_service("Muiden", organisation=parish)
    factories.make_service("Luonnos", organisation=association, published=False)
    page = as_user(worker).get("/omat/palvelut/vahvista/")
    assert [row.name for row in page.context["rows"]] == ["Ei koskaan", "Ryhmä"]
    form = form_of(service) | form_of(never) | {"thing": [f"s{service.pk}", f"s{never.pk}"]}
    assert as_user(worker).post("/omat/palvelut/vahvista/", form).status_code == 302
    assert set(Confirmation.objects.exclude(service=None).values_list("service", flat=True)) == {service.pk, never.pk}
    assert as_user(worker).get("/omat/palvelut/vahvista/").context["rows"] == []


def test_a_button_of_its_own_confirms_one_only(service, worker, association, as_user):
    never = factories.make_service("Ei koskaan", organisation=association)
    form = form_of(service) | form_of(never) | {"thing": [f"s{service.pk}", f"s{never.pk}"], "only": f"s{never.pk}"}
    as_user(worker).post("/omat/palvelut/vahvista/", form)
    assert Confirmation.objects.get().service == never


def test_what_was_not_ticked_is_not_confirmed(service, worker, association, as_user):
    never = factories.make_service("Ei koskaan", organisation=association)
    as_user(worker).post("/omat/palvelut/vahvista/", form_of(service) | form_of(never) | {"thing": [f"s{never.pk}"]})
    assert Confirmation.objects.get().service == never


def test_a_listing_of_others_cannot_be_slipped_in(service, worker, parish, as_user):
    other = factories.make_service("Muiden", organisation=parish)
    as_user(worker).post("/omat/palvelut/vahvista/", form_of(other))
    assert not Confirmation.objects.exists()


def test_one_stale_row_stops_all_and_says_which(service, worker, association, as_user):
    never = factories.make_service("Ei koskaan", organisation=association)
    form = form_of(service) | form_of(never) | {"thing": [f"s{service.pk}", f"s{never.pk}"]}
    Service.objects.get(pk=service.pk).save()
    answer = as_user(worker).post("/omat/palvelut/vahvista/", form)
    assert answer.status_code == 409
    assert [row.name for row in answer.context["stale"]] == ["Ryhmä"]
    assert not Confirmation.objects.exists()


def test_who_keeps_nothing_right_has_an_empty_page(outsider, coordinator, service, as_user):
    for person in (outsider, coordinator):
        assert as_user(person).get("/omat/palvelut/vahvista/").context["rows"] == []


def test_the_page_for_many_costs_as_that_for_one(worker, association, as_user, django_assert_num_queries):
    client = as_user(worker)

    def add():
        listing = factories.make_service(organisation=factories.make_organisation(parent=association))
        factories.make_contact(service=listing)
        listing.opening_hours.create(weekday=1, opens="09:00", closes="10:00")

    def cost():
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert client.get("/omat/palvelut/vahvista/").status_code == 200
        return len(queries)

    add()
    client.get("/omat/palvelut/vahvista/")
    one = cost()
    for _number in range(5):
        add()
    assert cost() == one
    assert one < 30


# The periods ----------------------------------------------------------------------------------------------------------


def test_the_periods_are_the_networks(association):
    network, now = Network.current(), timezone.now()
    ages = {"tuore": 5, "eräänt": 7, "myöhässä": 13, "poissa": 19}
    for name, months in ages.items():
        factories.make_service(name, organisation=association, confirmed_at=now - dt.timedelta(days=months * 31))
    factories.make_service("ei koskaan", organisation=association)
    factories.make_service("ei koskaan, vanha", organisation=association, published_at=now - dt.timedelta(days=800))

    def names(queryset):
        return set(queryset.values_list("name", flat=True))

    services = Service.objects
    assert names(services.due(network)) == {"eräänt", "myöhässä", "poissa", "ei koskaan", "ei koskaan, vanha"}
    assert names(services.late(network)) == {"myöhässä", "poissa", "ei koskaan, vanha"}
    assert names(services.out_of_search(network)) == {"poissa"}
    assert names(services.in_search(network)) == names(services.all()) - {"poissa"}
    services.filter(name="poissa").update(kept_in_search=True)
    assert names(services.out_of_search(network)) == set()
