"""The catalogue on the coordinator's desk: the state of listings, what hangs on them, lists and filters."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext

from network.models import Municipality, Organisation
from services.models import Audience, OpeningHours, Service, ServicePlace, ServiceText, ServiceType, Visit
from tests import factories
from tests.network.test_admin import errors_of, meanwhile, rows

pytestmark = pytest.mark.django_db

LIST = "/hallinta/services/service/"
INLINES = ("contacts", "places", "opening_hours", "opening_exceptions", "visits", "seasons", "texts")


@pytest.fixture
def desk(coordinator, as_user):
    return as_user(coordinator)


def service_form(service=None, **fields):
    data = {"name": "Ryhmä", "slug": "", "no_referral": "unknown", "no_appointment": "true", "free": "false"}
    data |= {"anonymous": "unknown", "intoxicated_ok": "unknown", "no_diagnosis_excluded": "unknown"}
    if service is not None:
        data |= {
            "name": service.name,
            "slug": service.slug,
            "summary": service.summary,
            "how_to_get": service.how_to_get,
        }
        data |= {"organisation": service.organisation_id or "", "main_type": service.main_type_id or ""}
    for prefix in INLINES:
        data |= rows(prefix)
    return data | fields


def change(service):
    return f"{LIST}{service.pk}/change/"


def run(desk, action, *services):
    return desk.post(LIST, {"action": action, "_selected_action": [service.pk for service in services]}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


# State ---------------------------------------------------------------------------------------------------------


def test_a_ready_draft_is_published_once():
    service = factories.make_service(published=False)
    service.publish()
    assert service.is_published
    with pytest.raises(ValidationError):
        service.publish()


def test_of_two_who_publish_at_once_one_is_told_that_it_was_done():
    service = factories.make_service(published=False)
    mine, yours = Service.objects.get(pk=service.pk), Service.objects.get(pk=service.pk)
    mine.publish()
    published_at = mine.published_at
    with pytest.raises(ValidationError):
        yours.publish()
    service.refresh_from_db()
    assert service.published_at == published_at


@pytest.mark.parametrize(
    ("field", "empty"), [("name", ""), ("summary", ""), ("how_to_get", ""), ("main_type", None), ("organisation", None)]
)
def test_a_draft_without_an_essential_is_not_published_and_the_coordinator_is_told_what_is_missing(desk, field, empty):
    draft = factories.make_service("Luonnos", published=False)
    Service.objects.filter(pk=draft.pk).update(**{field: empty})
    response = run(desk, "publish", draft)
    draft.refresh_from_db()
    assert draft.published_at is None
    assert len(told(response)) == 1
    assert str(Service._meta.get_field(field).verbose_name) in told(response)[0]


def test_an_archived_listing_comes_back_as_it_was():
    service, draft = factories.make_service(), factories.make_service(published=False)
    for listing in (service, draft):
        listing.archive()
        assert not listing.is_published
        with pytest.raises(ValidationError):
            listing.archive()
        with pytest.raises(ValidationError):
            listing.publish()
        with pytest.raises(ValidationError):
            listing.unpublish()
        listing.restore()
        with pytest.raises(ValidationError):
            listing.restore()
    assert (service.is_published, draft.is_published) == (True, False)


def test_a_published_listing_becomes_a_draft_again():
    service = factories.make_service()
    service.unpublish()
    assert service.published_at is None
    with pytest.raises(ValidationError):
        service.unpublish()


def test_actions_move_what_can_be_moved_and_tell_of_the_rest(desk):
    ready, other = factories.make_service(published=False), factories.make_service(published=False)
    missing = factories.make_service("Kesken <b>", published=False, summary="")
    response = run(desk, "publish", ready, other, missing)
    assert set(Service.objects.published()) == {ready, other}
    assert len(told(response)) == 2
    assert "Kesken &lt;b&gt;" in told(response)[1]
    run(desk, "archive", ready, other)
    assert not Service.objects.published().exists()
    run(desk, "restore", ready)
    run(desk, "unpublish", ready)
    ready.refresh_from_db()
    assert (ready.published_at, ready.archived_at) == (None, None)
    history = desk.get(f"{LIST}{ready.pk}/history/")
    assert history.context["action_list"].paginator.count == 4


def test_the_form_cannot_change_the_state(desk):
    service = factories.make_service(published=False)
    now = timezone.now().isoformat()
    data = service_form(service, published_at=now, archived_at=now, confirmed_at=now, confirmed_title="Minä")
    assert desk.post(change(service), data).status_code == 302
    service.refresh_from_db()
    assert (service.published_at, service.archived_at, service.confirmed_at, service.confirmed_title) == (
        None,
        None,
        None,
        "",
    )


@pytest.mark.parametrize("verb", ["publish", "unpublish", "archive", "restore"])
def test_a_state_that_moves_while_a_form_is_open_stays_moved(desk, monkeypatch, verb):
    start = {"publish": {"published": False}, "restore": {"archived_at": timezone.now()}}.get(verb, {})
    service = factories.make_service(**start)
    meanwhile(monkeypatch, Service, lambda mine: getattr(Service.objects.get(pk=mine.pk), verb)())
    assert desk.post(change(service), service_form(service, name="Uusi nimi")).status_code == 302
    service.refresh_from_db()
    assert service.name == "Uusi nimi"
    assert (service.published_at is not None, service.archived_at is not None) == {
        "publish": (True, False), "unpublish": (False, False), "archive": (True, True), "restore": (True, False),
    }[verb]  # fmt: skip


def test_a_confirmation_while_a_form_is_open_stays(desk, monkeypatch):
    service, now = factories.make_service(), timezone.now()
    meanwhile(
        monkeypatch,
        Service,
        lambda mine: Service.objects.filter(pk=mine.pk).update(confirmed_at=now, confirmed_title="Ohjaaja"),
    )
    assert desk.post(change(service), service_form(service, name="Uusi nimi")).status_code == 302
    service.refresh_from_db()
    assert (service.name, service.confirmed_at, service.confirmed_title) == ("Uusi nimi", now, "Ohjaaja")


def test_a_form_that_was_opened_before_another_saved_comes_back_once_with_what_was_typed(desk):
    service = factories.make_service(summary="Vanha.")
    opened = desk.get(change(service)).context["adminform"].form.initial["read_at_version"]
    desk.post(change(service), service_form(service, summary="Ensimmäinen.", read_at_version=opened))
    late = service_form(service, summary="Vanha.", cost="5 euroa", read_at_version=opened)
    answer = desk.post(change(service), late)
    service.refresh_from_db()
    assert (service.summary, service.cost) == ("Ensimmäinen.", "")
    assert answer.context["adminform"].form.non_field_errors()
    assert answer.context["adminform"].form["cost"].value() == "5 euroa"
    again = answer.context["adminform"].form["read_at_version"].value()
    desk.post(change(service), late | {"read_at_version": again})
    service.refresh_from_db()
    assert (service.summary, service.cost) == ("Vanha.", "5 euroa")


def test_a_draft_published_while_its_summary_was_emptied_keeps_it_and_the_form_comes_back(desk, monkeypatch):
    service = factories.make_service(published=False)
    meanwhile(monkeypatch, Service, lambda mine: Service.objects.get(pk=mine.pk).publish())
    response = desk.post(change(service), service_form(service, summary="", description="Kirjoitettu"))
    message = "A published listing needs a name, a summary, how to get the service, a main type and a responsible organisation."
    assert errors_of(response) == {"__all__": [gettext(message)]}
    assert "Kirjoitettu" in response.content.decode()
    service.refresh_from_db()
    assert service.summary


@pytest.mark.parametrize("field", ["summary", "how_to_get", "main_type", "organisation"])
def test_a_published_listing_keeps_its_essentials(desk, field):
    service = factories.make_service()
    response = desk.post(change(service), service_form(service) | {field: ""})
    assert list(errors_of(response)) == [field]


# The form --------------------------------------------------------------------------------------------------------


def test_a_new_listing_is_a_draft_with_an_address_from_its_name(desk):
    data = service_form(name="Läheisten ryhmä", audiences=[Audience.objects.first().pk])
    assert desk.post(f"{LIST}add/", data).status_code == 302
    service = Service.objects.get()
    assert (service.slug, service.published_at) == ("laheisten-ryhma", None)
    assert (service.no_referral, service.no_appointment, service.free) == (None, True, False)
    assert list(service.audiences.all()) == [Audience.objects.first()]


@pytest.mark.parametrize("slug", ["haku", "Iso", "a_b", "å"])
def test_a_reserved_or_unreadable_address_is_refused_at_its_field(desk, slug):
    assert list(errors_of(desk.post(f"{LIST}add/", service_form(slug=slug)))) == ["slug"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_age": "30", "max_age": "18"}, {"min_age": "-1"}, {"min_age": "99999999999"}, {"temporary_until": "2026-01-01"},
        {"name": "x" * 101}, {"ptv_id": "not-a-uuid"}, {"lahella_url": "javascript:alert(1)"}, {"main_type": "99999999999999999999"},
        {"municipalities": ["999"]}, {"capacity_on": "tomorrow"}, {"next_steps": "/palvelut/ei-ole/"},
    ],
)  # fmt: skip
def test_wrong_facts_are_told_in_the_form(desk, wrong):
    response = desk.post(f"{LIST}add/", service_form(**wrong))
    assert response.status_code == 200
    assert errors_of(response)
    assert not Service.objects.exists()


def test_everything_that_hangs_on_a_listing_is_saved_with_it(desk):
    service = factories.make_service()
    place = ServicePlace.objects.create(service=service, name="Kirjasto")
    data = service_form(service)
    data |= rows("contacts", {"kind": "web", "value": "https://example.org/", "position": 0})
    data |= rows("opening_hours", {"weekday": 1, "opens": "09:00", "closes": "12:00", "place": place.pk})
    data |= rows("opening_exceptions", {"first_day": "2026-12-24", "last_day": "2026-12-26", "note": "Joulu"})
    data |= rows("visits", {"date": "2026-11-03", "starts": "12:00", "venue": "Tori"})
    data |= rows("seasons", {"first_day": "2026-09-01", "last_day": "2026-12-01", "weekday": 2})
    data |= rows("texts", {"language": "sv", "name": "Grupp"})
    data |= rows("places", {"id": place.pk, "name": "Pääkirjasto", "position": 0}, initial=1)
    assert desk.post(change(service), data).status_code == 302
    assert service.contacts.get().value == "https://example.org/"
    assert service.opening_hours.get().place == place
    assert service.opening_exceptions.get().note == "Joulu"
    assert service.visits.get().starts == dt.time(12)
    assert service.seasons.get().weekday == 2
    assert service.texts.get().name == "Grupp"
    assert service.places.get().name == "Pääkirjasto"


@pytest.mark.parametrize(
    ("prefix", "given", "field"),
    [
        ("contacts", [{"kind": "email", "value": "nobody", "position": 0}], "value"),
        ("contacts", [{"kind": "web", "value": "javascript:alert(1)", "position": 0}], "value"),
        ("places", [{"postcode": "1", "name": "A", "position": 0}], "postcode"),
        ("places", [{"accessibility": "Kynnyksetön", "position": 0}], "__all__"),
        ("opening_hours", [{"weekday": 1, "opens": "25:00", "closes": "12:00"}], "opens"),
        ("opening_hours", [{"weekday": 1, "opens": "09:00", "closes": "12:00"}] * 2, "opens"),
        ("opening_exceptions", [{"first_day": "2026-12-24", "last_day": "2026-12-23"}], "__all__"),
        ("opening_exceptions", [{"first_day": "2026-12-24", "last_day": "2026-12-24", "opens": "09:00"}], "__all__"),
        ("visits", [{"date": "2026-12-24", "ends": "09:00", "venue": "Tori"}], "__all__"),
        ("seasons", [{"first_day": "2026-12-24", "last_day": "2026-12-23"}], "__all__"),
        ("texts", [{"language": "sv", "name": "A"}, {"language": "sv", "name": "B"}], None),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_saved(desk, prefix, given, field):
    service = factories.make_service()
    response = desk.post(change(service), service_form(service, name="Muutettu") | rows(prefix, *given))
    assert response.status_code == 200
    if field:
        assert f"{prefix}-{field}" in errors_of(response)
    assert not Service.objects.filter(name="Muutettu").exists()


def test_the_form_tells_what_is_required_and_ties_each_error_to_its_field(desk):
    page = desk.get(f"{LIST}add/").content.decode()
    assert page.count(f"({gettext('required')})") == 1  # the name; rows that may stay empty require nothing
    page = desk.post(f"{LIST}add/", service_form(name="", municipalities=["999"])).content.decode()
    for tied in ("id_name_error", "id_municipalities_helptext id_municipalities_error"):
        assert f'aria-describedby="{tied}"' in page
        assert f'id="{tied.split()[-1]}"' in page


def test_hours_cannot_be_put_at_another_services_place(desk):
    service, other = factories.make_service(), factories.make_service()
    place = ServicePlace.objects.create(service=other, name="Muualla")
    row = {"weekday": 1, "opens": "09:00", "closes": "12:00", "place": place.pk}
    response = desk.post(change(service), service_form(service) | rows("opening_hours", row))
    assert list(errors_of(response)) == ["opening_hours-place"]
    assert not OpeningHours.objects.exists()


def test_next_steps_are_given_by_the_addresses_of_their_pages(desk):
    service = factories.make_service()
    first, second = factories.make_service(slug="eka"), factories.make_service(slug="toka")
    steps = "https://portal.example.org/palvelut/eka/?from=x\n toka"
    assert desk.post(change(service), service_form(service, next_steps=steps)).status_code == 302
    assert set(service.next_steps.all()) == {first, second}
    assert set(desk.get(change(service)).context["adminform"].form["next_steps"].value().split()) == {"eka", "toka"}
    response = desk.post(change(service), service_form(service, next_steps=f"/palvelut/{service.slug}/"))
    assert list(errors_of(response)) == ["next_steps"]


def test_a_place_gets_its_contacts_on_its_own_page(desk):
    place = ServicePlace.objects.create(service=factories.make_service(), name="Kirjasto")
    url = f"/hallinta/services/serviceplace/{place.pk}/change/"
    data = {"name": "Kirjasto", "position": 0} | rows(
        "contacts", {"kind": "phone", "value": "040 000 0000", "position": 0}
    )
    assert desk.post(url, data).status_code == 302
    assert place.contacts.get().service is None
    assert desk.get("/hallinta/services/serviceplace/add/").status_code == 403


def test_a_word_keeps_its_code(desk):
    word = ServiceType.objects.first()
    url = f"/hallinta/services/servicetype/{word.pk}/change/"
    code = word.code
    assert desk.post(url, {"name": "Uusi nimi", "code": "toinen", "position": 0, "in_use": "on"}).status_code == 302
    word.refresh_from_db()
    assert (word.name, word.code) == ("Uusi nimi", code)
    response = desk.post("/hallinta/services/servicetype/add/", {"name": "A", "code": "Iso_koodi", "position": 0})
    assert list(errors_of(response)) == ["code"]


def test_before_a_listing_is_deleted_the_page_tells_what_goes_with_it(desk, region):
    service = factories.make_service(municipalities=("205",))
    hang_on(service)
    page = desk.get(f"{LIST}{service.pk}/delete/")
    told_models = {str(name) for name, _count in page.context["model_count"]}
    assert str(Visit._meta.verbose_name_plural) in told_models
    assert str(Service.municipalities.through._meta.verbose_name_plural) not in told_models
    assert "object (" not in page.content.decode()
    assert desk.post(f"{LIST}{service.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Service.objects.filter(pk=service.pk).exists()


@pytest.mark.parametrize("of", ["organisation", "audience", "municipality", "service"])
def test_no_page_of_deletion_speaks_of_the_tables_between_two_things(desk, of):
    term, producer = Audience.objects.first(), factories.make_organisation()
    municipality = Municipality.objects.create(code="999", name="Testilä", county_id="20")
    service = factories.make_service(audiences=[term.code], producers=[producer.pk], municipalities=("999",))
    producer.municipalities_served.add(municipality)
    thing = {"organisation": producer, "audience": term, "municipality": municipality, "service": service}[of]
    url = f"/hallinta/{thing._meta.app_label}/{of}/"
    action = {"action": "delete_selected", "_selected_action": [thing.pk]}
    for page in (desk.get(f"{url}{thing.pk}/delete/"), desk.post(url, action)):
        assert [count for _name, count in page.context["model_count"]] == [1]
        told = page.content.decode()
        for tie in (Service.producers, Service.audiences, Service.municipalities, Organisation.municipalities_served):
            assert str(tie.through._meta.verbose_name).lower() not in told.lower()


def test_an_organisation_that_answers_for_a_listing_is_not_deleted(desk):
    service = factories.make_service()
    url = f"/hallinta/network/organisation/{service.organisation_id}/delete/"
    assert desk.get(url).context["protected"]
    desk.post(url, {"post": "yes"})
    assert Organisation.objects.filter(pk=service.organisation_id).exists()


# Lists ------------------------------------------------------------------------------------------------------------


def names(desk, query):
    return [service.name for service in desk.get(f"{LIST}?{query}").context["cl"].result_list]


def test_listings_are_narrowed_by_state(desk):
    factories.make_service("Julkaistu")
    factories.make_service("Luonnos", published=False)
    factories.make_service("Arkistoitu").archive()
    found = {state: names(desk, f"state={state}") for state in ("draft", "published", "archived")}
    assert found == {"draft": ["Luonnos"], "published": ["Julkaistu"], "archived": ["Arkistoitu"]}
    assert names(desk, "state=nothing") == ["Arkistoitu", "Julkaistu", "Luonnos"]


def test_listings_are_narrowed_by_freshness(desk):
    now = timezone.now()
    factories.make_service("Tuore", confirmed_at=now - dt.timedelta(days=150))
    factories.make_service("Vanha", confirmed_at=now - dt.timedelta(days=200))
    factories.make_service("Vahvistamaton")
    found = {word: names(desk, f"freshness={word}") for word in ("fresh", "due", "none")}
    assert found == {"fresh": ["Tuore"], "due": ["Vanha"], "none": ["Vahvistamaton"]}


def test_the_list_and_the_page_of_a_listing_agree_on_what_is_due(region):
    now, edge = timezone.now(), region.confirm_due_months * 30.44
    for days in (0, edge - 0.01, edge + 0.01, None):
        factories.make_service(confirmed_at=None if days is None else now - dt.timedelta(days=days))
    listed = [
        (row.freshness_now, row.freshness(region)) for row in Service.objects.with_freshness(region).order_by("pk")
    ]
    assert listed == [("fresh", "fresh"), ("fresh", "fresh"), ("due", "due"), ("none", "none")]


def test_listings_that_nobody_can_reach_are_found(desk):
    lost = factories.make_service("Tavoittamaton")
    factories.make_contact(service=lost, members_only=True)
    hidden = factories.make_service("Salassa pidettävä")
    place = ServicePlace.objects.create(service=hidden, name="Turvatalo", confidential=True)
    factories.make_contact(place=place)
    factories.make_service("Irrallinen luonnos", published=False, organisation=None)
    factories.make_contact(service=factories.make_service("Oma numero"))
    factories.make_contact(
        place=ServicePlace.objects.create(service=factories.make_service("Paikan numero"), name="Talo")
    )
    factories.make_contact(organisation=factories.make_service("Järjestäjän numero").organisation)
    reachable = factories.make_organisation()
    factories.make_contact(organisation=reachable)
    factories.make_service("Tuottajan numero", producers=[reachable.pk])
    top = factories.make_organisation(website="https://example.org/")
    unit = factories.make_organisation(parent=factories.make_organisation(parent=top))
    factories.make_service("Ylemmän verkkosivu", organisation=unit)
    factories.make_service("Tuottajan verkkosivu", producers=[top.pk])
    assert names(desk, "contact=none") == ["Irrallinen luonnos", "Salassa pidettävä", "Tavoittamaton"]
    assert len(names(desk, "contact=nothing")) == 9


def test_listings_are_narrowed_by_type_sector_and_municipality_and_found_by_words(desk, region):
    municipality = Municipality.objects.first()
    parish = factories.make_organisation("Seurakunta", kind=Organisation.Kind.PARISH)
    one = factories.make_service(
        "Ryhmä", organisation=parish, municipalities=(municipality.code,), keywords="vertaistuki"
    )
    factories.make_service("Neuvonta", main_type=ServiceType.objects.exclude(pk=one.main_type_id).first())
    assert names(desk, f"main_type__id__exact={one.main_type_id}") == ["Ryhmä"]
    assert names(desk, "sector=parish") == ["Ryhmä"]
    assert names(desk, f"municipalities__code__exact={municipality.code}") == ["Ryhmä"]
    assert names(desk, "q=vertaistuki") == ["Ryhmä"]
    assert names(desk, "q=seurakunta") == ["Ryhmä"]


def cost(desk, path):
    desk.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(path).status_code == 200
    return len(queries)


def hang_on(service):
    """One more of everything that hangs on a service."""
    municipality, number = Municipality.objects.first(), service.visits.count()
    place = ServicePlace.objects.create(
        service=service, municipality=municipality, premises_of=factories.make_organisation(parent=service.organisation)
    )
    factories.make_contact(service=service)
    factories.make_contact(place=place)
    day = dt.date(2026, 1, 1 + number)
    OpeningHours.objects.create(service=service, place=place, weekday=1 + number, opens=dt.time(9), closes=dt.time(12))
    service.opening_exceptions.create(place=place, first_day=day, last_day=day)
    Visit.objects.create(service=service, date=day, venue="Tori", municipality=municipality)
    service.seasons.create(first_day=day, last_day=day)
    ServiceText.objects.create(service=service, language=ServiceText.Language.values[number], name="Text")
    service.next_steps.add(factories.make_service())
    service.producers.add(factories.make_organisation())
    service.municipalities.add(Municipality.objects.all()[number])


def test_the_lists_and_forms_cost_the_same_with_one_row_and_with_three(desk, region):
    service = factories.make_service()
    hang_on(service)
    place = service.places.first()
    paths = [
        LIST,
        change(service),
        "/hallinta/services/serviceplace/",
        f"/hallinta/services/serviceplace/{place.pk}/change/",
    ]
    before = [cost(desk, path) for path in paths]
    hang_on(service)
    hang_on(service)
    factories.make_contact(place=place)
    assert [cost(desk, path) for path in paths] == before
    assert before[1] < 60
