"""Each page costs the same number of queries with one row of everything and with three, and not more than told here."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Competence, Municipality, Organisation, OrganisationLink, UrgentLine
from services.models import (
    AccessFeedback,
    Contact,
    GroupSeason,
    OpeningException,
    OpeningHours,
    Service,
    ServiceNotice,
    ServicePlace,
    ServiceText,
    ServiceType,
    Visit,
)

from . import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
RELATIONS = (
    "further_types", "audiences", "addictions", "stages", "settings", "aims", "components", "channels", "languages",
    "municipalities",
)  # fmt: skip

# The most a page may cost a visitor, with every relation filled. A member costs two more for the session and the
# account, and what it takes to know what is theirs to see; a coordinator one for the second factor.
LIMITS = {
    "/": 24,
    "/palvelut/": 26,  # one tells how many the search leaves out
    "/palvelut/?q=apu&municipality=205&access=free&type=peer-group&organisation=org": 50,  # fourteen of them once for each state of the catalogue
    "/palvelut/?open=now&sort=checked&sector=ngo&age=20": 25,
    "/palvelut/csv/": 23,
    "/palvelut/palvelu/": 30,
    "/palvelut/suljettu/": 30,  # a coordinator sees the whole listing
    "/palvelut/palvelu/ilmoita/": 4,
    "/palvelut/palvelu/loysitko-apua/": 4,
    "/palvelut/kokemuksia/": 4,
    "/palvelut/muuttuneet/": 7,
    "/verkosto/": 8,
    "/verkosto/?q=a&municipality=205&sector=ngo": 8,
    "/verkosto/org/": 21,
    "/tiedotteet/": 3,
    "/tiedotteet/900000/": 2,
    "/tiedotteet/rss/": 2,
    "/tietoa/": 4,
}
MORE_FOR = {"visitor": 0, "professional": 5, "ngo_editor": 9, "coordinator": 3}


def add_to_organisation(organisation: Organisation, number: int) -> None:
    """One more of everything that hangs on an organisation."""
    competence = Competence.objects.create(code=f"{organisation.slug}-{number}", name=f"Osaaminen {number}")
    organisation.competences.add(competence)
    organisation.municipalities_served.add(*Municipality.objects.all()[number : number + 1])
    OrganisationLink.objects.create(organisation=organisation, title="Sivu", url="https://example.org/")
    factories.make_contact(organisation=organisation, name="Vaihde")
    factories.make_contact(organisation=organisation, kind=Contact.Kind.EMAIL, value="a@example.org", members_only=True)


def add_to_service(service: Service, number: int) -> None:
    """One more of everything that hangs on a service."""
    for relation in RELATIONS:
        related = Service._meta.get_field(relation).related_model._default_manager
        getattr(service, relation).add(*related.all()[number : number + 1])
    if service.municipalities.exists():
        service.municipalities.add("205")
    producer = factories.make_organisation(website="https://example.org/")
    add_to_organisation(producer, number)
    service.producers.add(producer)
    service.next_steps.add(listed_service(number))
    place = ServicePlace.objects.create(
        service=service, name="Talo", premises_of=producer, municipality_id="205", how_to_come="Bussilla"
    )
    for owner in ({"service": service}, {"place": place}):
        factories.make_contact(**owner)
        factories.make_contact(**owner, kind=Contact.Kind.EMAIL, value="a@example.org", members_only=True)
    today = timezone.localdate()
    for where in (None, place):
        OpeningHours.objects.create(service=service, place=where, weekday=1 + number, opens="09:00", closes="15:00")
        OpeningException.objects.create(service=service, place=where, first_day=today, last_day=today + DAY)
    Visit.objects.create(service=service, date=today + number * DAY, venue="Tori", municipality_id="290")
    GroupSeason.objects.create(service=service, first_day=today, last_day=today + DAY)
    ServiceText.objects.create(service=service, language=["sv", "en", "plain"][number], name="Grupp", description="x")


def listed_service(number: int, *, own_contact: bool = True, **fields) -> Service:
    """A service as a list shows it, with an organisation of its own that has contacts."""
    organisation = factories.make_organisation(
        kind="project", parent=factories.make_organisation(municipality_id="205")
    )
    add_to_organisation(organisation, number)
    service = factories.make_service(
        "Apua", organisation=organisation, free=True, confirmed_at=timezone.now(), confirmed_organisation=organisation,
        municipalities=("205", "290"), channels=["phone", "chat"], **fields,
    )  # fmt: skip
    if own_contact:
        factories.make_contact(service=service)
    ServiceText.objects.create(service=service, language="sv", name="Hjälp")
    for weekday in range(1, 8):  # so that a filter for what is open now finds it whenever the test runs
        OpeningHours.objects.create(service=service, weekday=weekday, opens="00:00", closes="00:00")
    return service


class Portal:
    """Everything there is one of, and then more of it."""

    def __init__(self) -> None:
        self.number = 0
        parent = factories.make_organisation(kind="wellbeing-county")
        self.organisation = factories.make_organisation("Apua ry", slug="org", parent=parent, municipality_id="205")
        self.service = factories.make_service(
            "Apua", slug="palvelu", organisation=self.organisation, free=True, ptv_id="6a4bbd24-9b0c-4d4f-8b4c-0d6a0f3f7f10",
            confirmed_at=timezone.now(), confirmed_organisation=self.organisation, consult="Kysy", description="Kuvaus",
        )  # fmt: skip
        factories.make_bulletin(pk=900000)
        factories.make_service(
            "Päättynyt", slug="suljettu", organisation=self.organisation, archived_at=timezone.now(), archive_reason="paused",
            replaced_by=self.service, municipalities=("205",),
        )  # fmt: skip
        self.grow()

    def grow(self) -> None:
        number, self.number = self.number, self.number + 1
        add_to_service(self.service, number)
        add_to_organisation(self.organisation, number)
        factories.make_organisation(parent=self.organisation)
        listed_service(number, producers=[self.organisation.pk])
        listed_service(number, producers=[self.organisation.pk], own_contact=False)
        factories.make_bulletin()
        factories.make_bulletin(is_public=False)
        UrgentLine.objects.create(number=f"0800 {number}", name="Apua")
        ServiceNotice.objects.create(service=self.service, kind="renamed", before="Ennen", after="Apua")
        ServiceNotice.objects.create(service=Service.objects.get(slug="suljettu"), kind="closed")
        kind = ServiceType.objects.all()[number]
        for _ in range(6):
            AccessFeedback.objects.create(service=self.service, service_type=kind, helped="yes", on="2025-08-01")


@pytest.fixture
def portal(region, association, parish) -> Portal:
    return Portal()


def cost(client, address) -> list[str]:
    """The queries of the page, asked once before so that what is kept over requests is kept."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.getvalue()  # a table asks while it is sent
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("role", MORE_FOR)
def test_each_page_costs_the_same_with_one_and_with_three_and_not_too_much(role, portal, request, as_user):
    client = as_user(None if role == "visitor" else request.getfixturevalue(role))
    one = {address: cost(client, address) for address in LIMITS}
    portal.grow()
    portal.grow()
    three = {address: cost(client, address) for address in LIMITS}
    grown = [address for address in LIMITS if len(three[address]) != len(one[address])]
    assert {address: new_ones(one[address], three[address]) for address in grown} == {}
    dear = [address for address in LIMITS if len(one[address]) > LIMITS[address] + MORE_FOR[role]]
    assert {address: [sql[:160] for sql in one[address]] for address in dear} == {}


def new_ones(one: list[str], three: list[str]) -> str:
    """The queries that are asked more often, for who reads the failure."""
    kinds = [sql.split(" WHERE ")[0][-160:] for sql in three]
    before = [sql.split(" WHERE ")[0][-160:] for sql in one]
    return "\n".join(sorted({kind for kind in kinds if kinds.count(kind) > before.count(kind)}))


def test_contacts_of_many_organisations_cost_as_those_of_one(portal, client):
    """A service without contacts of its own shows those of everybody behind it."""
    Contact.objects.filter(service=portal.service).delete()
    one = cost(client, "/palvelut/palvelu/")
    portal.grow()
    portal.grow()
    Contact.objects.filter(service=portal.service).delete()
    three = cost(client, "/palvelut/palvelu/")
    assert len(three) == len(one), new_ones(one, three)


def test_another_language_costs_no_more(portal, client):
    for address in ("/palvelut/", "/palvelut/palvelu/", "/verkosto/org/"):
        assert len(cost(client, f"/sv{address}")) == len(cost(client, address))


def test_an_editor_of_a_wide_tree_pays_by_its_depth_not_its_width(portal, as_user, ngo_editor, association):
    client = as_user(ngo_editor)
    factories.make_organisation(parent=association)
    narrow = cost(client, "/palvelut/palvelu/")
    for _number in range(5):
        factories.make_organisation(parent=association)
    assert len(cost(client, "/palvelut/palvelu/")) == len(narrow)


def test_more_words_of_a_vocabulary_cost_no_more(portal, client):
    few = cost(client, "/palvelut/")
    ServiceType.objects.bulk_create(ServiceType(code=f"type-{number}", name=f"Laji {number}") for number in range(5))
    assert len(cost(client, "/palvelut/")) == len(few)
