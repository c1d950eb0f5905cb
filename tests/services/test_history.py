"""The history of a listing: kept by the database whoever writes, told in plain words, and given back as a new edit."""

import datetime as dt

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pghistory.models import Context

from network.actors import IMPORT, HistoryMiddleware, written
from network.models import Competence, Municipality, Organisation, OrganisationLink
from services import editing, history
from services.confirming import confirm
from services.exchange.describing import describe, fetched
from services.exchange.keys import Keys
from services.exchange.loading import load
from services.exchange.shapes import ORGANISATION, SERVICE
from services.models import Audience, Contact, Service, ServicePlace, ServiceText
from services.versions import Version, events_of, shape_of, versions_of
from tests import factories

from .exchange_records import a_catalogue, a_service

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
ALL = history.Eyes(editor=True, coordinator=True)


@pytest.fixture
def service(association) -> Service:
    with written():
        return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


def told(thing, eyes=ALL) -> list[Version]:
    versions = eyes.of(versions_of(thing))
    history.tell(shape_of(thing), versions, eyes)
    return versions


def in_words(version) -> list[str]:
    marks = {"same": "{}", "removed": "-[{}]", "added": "+[{}]"}
    return [
        f"{change.label}: "
        + " / ".join("".join(marks[kind].format(text) for kind, text in line) for line in change.lines)
        for change in version.changes
    ]


def labels(version) -> list[str]:
    return [change.label for change in version.changes]


# What is kept ---------------------------------------------------------------------------------------------------------


def test_the_last_version_is_what_the_catalogue_says(region, association):
    """Everything that hangs on a listing is in its history, and nothing is there twice."""
    from tests.test_query_counts import Portal

    portal = Portal()
    portal.grow()
    for thing, shape in ((portal.service, SERVICE), (portal.organisation, ORGANISATION)):
        row = fetched(type(thing).objects.filter(pk=thing.pk))
        assert versions_of(thing)[0].record == describe(shape, row, Keys())[thing.pk]


def test_a_change_by_a_queryset_or_in_sql_is_in_the_history(service):
    Service.objects.filter(pk=service.pk).update(summary="Toinen")
    with written(), connection.cursor() as cursor:
        cursor.execute("UPDATE services_service SET summary = 'Kolmas' WHERE id = %s", [service.pk])
    with written():
        Service.objects.bulk_update([Service(pk=service.pk, summary="Neljäs")], ["summary"])
    summaries = [version.record["summary"] for version in versions_of(service)]
    assert summaries[:2] == ["Neljäs", "Kolmas"]


def test_saving_what_is_the_same_leaves_no_event(service):
    before = len(events_of(service))
    Service.objects.get(pk=service.pk).save()
    assert len(events_of(service)) == before


def test_all_of_one_request_is_one_version(service):
    with written():
        service.summary = "Toinen"
        service.save()
        factories.make_contact(service=service)
        service.audiences.add(Audience.objects.first())
    assert len(versions_of(service)) == 2
    assert len(told(service)[0].changes) == 3


def test_what_was_written_outside_any_context_is_put_together_by_time(association):
    service = factories.make_service(organisation=association)
    factories.make_contact(service=service)
    assert len(versions_of(service)) == 1


def test_history_blocks_no_deletion_and_outlives_the_listing(service):
    factories.make_contact(service=service)
    service.audiences.add(Audience.objects.first())
    number = service.pk
    service.delete()
    service.pk = number
    assert events_of(service)[-1].deleted


def test_what_was_deleted_is_told(service):
    with written():
        contact = factories.make_contact(service=service, name="Päivystys", value="040 123 4567")
    with written():
        contact.delete()
    first, second = told(service)[:2]
    assert in_words(second) == ["Yhteystiedot: +[Puhelin, 040 123 4567, Päivystys]"]
    assert in_words(first) == ["Yhteystiedot: -[Puhelin, 040 123 4567, Päivystys]"]


# In plain words -------------------------------------------------------------------------------------------------------


def test_a_text_is_compared_word_by_word_and_escaped(service):
    with written():
        Service.objects.filter(pk=service.pk).update(summary="Apua ja <b>hoitoa</b>.")
    versions = told(service)
    (told_now,) = in_words(versions[0])
    assert ": Apua ja -[" in told_now
    assert told_now.endswith("]+[<b>hoitoa</b>.]")
    shown = render_to_string("services/_differences.html", {"changes": versions[0].changes})
    assert "<b>" not in shown
    assert "&lt;b&gt;hoitoa" in shown


def test_values_are_told_in_words(service, parish):
    with written():
        Service.objects.filter(pk=service.pk).update(free=True, capacity="queue", organisation=parish)
    told_now = " ".join(in_words(told(service)[0]))
    for words in ("jono", "Esimerkin seurakunta"):
        assert words in told_now.lower() or words in told_now
    assert "queue" not in told_now
    assert "esimerkin-seurakunta" not in told_now


def test_lists_hours_and_texts_are_told_line_by_line(service, region):
    with written():
        service.municipalities.add(Municipality.objects.get(code="205"))
        service.opening_hours.create(weekday=1, opens="09:00", closes="15:30")
        ServiceText.objects.create(service=service, language="sv", name="Grupp")
        place = ServicePlace.objects.create(service=service, name="Talo", street_address="Katu 1")
        factories.make_contact(place=place, value="040 1")
    told_now = " ".join(in_words(told(service)[0]))
    for words in ("Kajaani", "9.00–15.30", "Talo, Katu 1", "040 1", "Grupp"):
        assert words in told_now


def test_states_and_confirmations_are_told_in_sentences(service, coordinator):
    with written():
        confirm(service, by=coordinator)
    with written():
        service.archive(by=coordinator)
    archived, confirmed, made = told(service)
    assert [bool(one.happenings) for one in (archived, confirmed, made)] == [True, True, True]
    assert [one.changes for one in (archived, confirmed, made)] == [[], [], []]


def test_what_is_gone_since_is_left_out(association, region):
    organisation = association
    competence = Competence.objects.create(code="talk", name="Puhuminen")
    with written():
        organisation.competences.add(competence)
    competence.delete()
    assert versions_of(organisation)[0].record["competences"] == []


# Who ------------------------------------------------------------------------------------------------------------------


def test_who_did_it_is_known_of_pages_the_desk_and_imports(service, ngo_editor, association, as_user, coordinator):
    ngo_editor.memberships.update(title="diakoniatyöntekijä")
    key, version = f"version-s{service.pk}", f"{history_stamp(service)}"
    as_user(ngo_editor).post("/palvelut/ryhma/vahvista/", {key: version})
    with written(how=IMPORT):
        load(a_catalogue(a_service(organisations=[association.slug], summary="Uusi")), "x.json")
    imported, by_person, _made = told(service)
    assert by_person.who == str(ngo_editor)
    members = history.Eyes(editor=False, coordinator=False)
    assert told(service, members)[1].who == "Esimerkkiyhdistys ry, diakoniatyöntekijä"
    assert imported.who not in {str(ngo_editor), ""}


def history_stamp(thing) -> str:
    from services.confirming import version_of

    return version_of(type(thing).objects.get(pk=thing.pk))


def test_no_address_of_a_page_is_kept(service, ngo_editor, as_user):
    from pghistory.models import Context

    as_user(ngo_editor).post("/palvelut/ryhma/vahvista/", {f"version-s{service.pk}": history_stamp(service)})
    assert Context.objects.filter(metadata__user=ngo_editor.pk).get().metadata == {"user": ngo_editor.pk, "how": "page"}


# The pages ------------------------------------------------------------------------------------------------------------

ADDRESSES = ("/palvelut/ryhma/historia/", "/verkosto/esimerkkiyhdistys/historia/")


def test_members_read_it_and_nobody_else(service, outsider, professional, coordinator, client, as_user):
    for address in ADDRESSES:
        assert client.get(address).status_code == 302
        assert as_user(outsider).get(address).status_code == 403
        assert as_user(professional).get(address).status_code == 200
        assert as_user(coordinator).get(address).status_code == 200
        assert as_user(coordinator).post(address).status_code == 405


def test_a_persons_name_is_the_coordinators_to_see(service, ngo_editor, professional, coordinator, as_user):
    ngo_editor.name = "Aino Esimerkki"
    ngo_editor.save()
    as_user(ngo_editor).post("/palvelut/ryhma/vahvista/", {f"version-s{service.pk}": history_stamp(service)})
    assert "Aino" in as_user(coordinator).get(ADDRESSES[0]).content.decode()
    assert "Aino" not in as_user(professional).get(ADDRESSES[0]).content.decode()


def test_drafts_and_confidential_places_are_the_editors_to_see(association, ngo_editor, professional, as_user):
    with written():
        service = factories.make_service("Salaluonnos", slug="ryhma", organisation=association, published=False)
    with written():
        ServicePlace.objects.create(service=service, name="Turvatalo", confidential=True)
    with written():
        service.name = "Ryhmä"
        service.save()
        service.publish()
    editors, members = (as_user(who).get(ADDRESSES[0]).content.decode() for who in (ngo_editor, professional))
    for secret in ("Salaluonnos", "Turvatalo"):
        assert secret in editors
        assert secret not in members


def test_what_became_confidential_is_hidden_in_what_was_told_before(association, ngo_editor, coordinator, professional, as_user):  # fmt: skip
    with written():
        service = factories.make_service("Ryhmä", slug="ryhma", organisation=association)
    with written():
        ServicePlace.objects.create(service=service, name="Turvatalo", street_address="Salakuja 1")
    with written():
        places = editing.record_of(service)["places"]
        editing.submit(service, {"places": [places[0] | {"confidential": True, "name": "Talo"}]}, by=coordinator)
    with written():
        editing.submit(service, {"places": []}, by=coordinator)
    editors, members = (as_user(who).get(ADDRESSES[0]).content.decode() for who in (ngo_editor, professional))
    assert "Salakuja" in editors
    assert "Salakuja" not in members


def test_it_costs_the_same_with_one_change_and_with_many(service, coordinator, as_user, region):
    client = as_user(coordinator)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESSES[0]).status_code == 200
        return len(queries)

    def change(number: int):
        with written(by=factories.make_user()):
            Service.objects.filter(pk=service.pk).update(summary=f"Tiivistelmä {number}")
            factories.make_contact(service=service)
            service.audiences.set([Audience.objects.all()[number]])

    change(0)
    cost()
    one = cost()
    for number in range(1, 6):
        change(number)
    assert cost() == one


def test_it_has_pages(service, coordinator, as_user):
    for number in range(25):
        with written():
            Service.objects.filter(pk=service.pk).update(summary=f"Tiivistelmä {number}")
    client = as_user(coordinator)
    assert len(client.get(ADDRESSES[0]).context["page"].object_list) == 20
    assert len(client.get(ADDRESSES[0] + "?page=2").context["page"].object_list) == 6
    assert client.get(ADDRESSES[0] + "?page=3").status_code == 404


def test_an_organisation_has_its_own(association, coordinator, as_user):
    with written(by=coordinator):
        Organisation.objects.filter(pk=association.pk).update(what_we_do="Autamme.")
        OrganisationLink.objects.create(organisation=association, title="Sivu", url="https://example.org/")
        Contact.objects.create(organisation=association, kind="phone", value="040 1")
    page = as_user(coordinator).get(ADDRESSES[1]).content.decode()
    for words in ("Autamme.", "https://example.org/", "040 1"):
        assert words in page


def test_old_events_go_and_what_there_was_becomes_the_first_version(service, association):
    from network.tracking import delete_events, event_models_of_all

    with written():
        contact = factories.make_contact(service=service)
    with written():
        Service.objects.filter(pk=service.pk).update(summary="Toinen")
        contact.delete()
    for model in event_models_of_all():
        model._base_manager.update(pgh_created_at=timezone.now() - 3000 * DAY)
    with written():
        Service.objects.filter(pk=service.pk).update(summary="Kolmas")
    now, before = versions_of(service)[0].record, timezone.now() - 1800 * DAY
    assert delete_events(before, True) == delete_events(before, False) == 3
    assert delete_events(before, False) == 0
    newest, first = versions_of(service)
    assert newest.record == now
    assert (first.record["summary"], first.record["contacts"]) == ("Toinen", [])


@pytest.mark.parametrize(
    ("address", "how"),
    [
        ("/hallinta/x/", "desk"),
        ("/sv/hallinta/x/", "desk"),
        ("/en/hallinta/x/", "desk"),
        ("/palvelut/hallinta/", "page"),
        ("/sv/verkosto/hallinta/", "page"),
    ],
)
def test_the_desk_is_known_in_every_language(address, how, association, coordinator, rf):
    def write(_request):
        Organisation.objects.filter(pk=association.pk).update(what_we_do="Autamme")

    request = rf.post(address)
    request.user = coordinator
    HistoryMiddleware(write)(request)
    assert Context.objects.order_by("created_at").last().metadata["how"] == how
