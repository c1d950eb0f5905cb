"""A service's page: always the same parts in the same order, and what is not known is said to be unknown."""

import datetime as dt
import json
import re
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from network.models import Organisation
from services.models import (
    Contact,
    GroupSeason,
    OpeningHours,
    Service,
    ServicePlace,
    ServiceText,
    ServiceType,
    Visit,
)
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


def full_service(**fields) -> Service:
    """A listing with something in every part of its page."""
    organisation = factories.make_organisation("Kajaanin seurakunta", kind=Organisation.Kind.PARISH)
    values = {
        "description": "Ryhmässä puhutaan.", "who_cannot_come": "Alle 18-vuotiaat.", "first_visit": "Juodaan kahvit.",
        "cost": "Maksuton", "consult": "Kysy diakonilta.", "referral_for_professionals": "Soita.",
        "tell_the_client": "Voi tulla sellaisena kuin on.", "organisation": organisation, "free": True,
        "audiences": ["close-ones"], "addictions": ["alcohol"], "stages": [], "aims": ["rehabilitation"],
        "channels": ["in-person"], "languages": ["fi"], "municipalities": ("205",), "min_age": 18,
    }  # fmt: skip
    service = factories.make_service("Läheisten ryhmä", slug="laheisten-ryhma", **(values | fields))
    factories.make_contact(service=service, value="040 000 0001")
    ServicePlace.objects.create(service=service, name="Seurakuntakeskus", street_address="Kirkkokatu 1")
    OpeningHours.objects.create(service=service, weekday=1, opens="09:00", closes="15:00")
    Visit.objects.create(service=service, date=TODAY() + DAY, venue="Kirjasto")
    GroupSeason.objects.create(service=service, first_day=TODAY(), last_day=TODAY() + DAY)
    service.next_steps.add(factories.make_service("Jatkoryhmä", main_type=ServiceType.objects.get(code="crisis")))
    factories.make_service("Toinen ryhmä")
    return service


def get(client, service, language=""):
    answer = client.get(language + f"/palvelut/{service.slug}/")
    assert answer.status_code == 200
    return answer


def headings(page: str) -> list[str]:
    """The ids of the article's second-level headings, in the order of the source."""
    article = page.split('<article class="service">')[1].split("</article>")[0]
    return re.findall(r'<h2 id="([^"]+)"', article)


# Order ------------------------------------------------------------------------------------------------------------------

IN_ORDER = [
    "contact-heading", "what", "for-whom", "way", "first", "cost", "where", "professionals", "next", "related",
    "checked", "voices", "urgent-help",
]  # fmt: skip


def test_the_parts_are_always_in_the_same_order(client, region):
    assert headings(get(client, full_service()).content.decode()) == IN_ORDER


def test_a_bare_listing_keeps_the_order_of_the_parts_it_has(client):
    found = headings(get(client, factories.make_service()).content.decode())
    assert found == [
        "contact-heading",
        "for-whom",
        "way",
        "cost",
        "where",
        "professionals",
        "checked",
        "voices",
        "urgent-help",
    ]


def test_the_close_ones_group_tells_who_offers_it_and_how_to_get_in(client, region):
    page = get(client, full_service()).content.decode()
    assert "<h1>Läheisten ryhmä</h1>" in page
    assert "Kajaanin seurakunta" in page
    assert "Näin pääset palveluun" in page


# Contacts ---------------------------------------------------------------------------------------------------------------


def contact_card(page: str) -> str:
    return page.split('<aside class="contact"')[1].split("</aside>")[0]


def test_own_contacts_come_first_and_organisations_with_their_website_only(client):
    organisation = factories.make_organisation("Vastuuseura", website="https://www.example.org/")
    service = factories.make_service(organisation=organisation)
    factories.make_contact(service=service, value="040 000 0001")
    factories.make_contact(organisation=organisation, value="040 000 0002")
    context = get(client, service).context
    own, responsible = context["contact_groups"]
    assert [contact.value for contact in own["contacts"]] == ["040 000 0001"]
    assert (responsible["name"], [contact["href"] for contact in responsible["contacts"]]) == (
        "Vastuuseura",
        ["https://www.example.org/"],
    )
    assert context["contact_note"] == ""


def test_a_listing_without_contacts_says_so_and_shows_its_organisations(client):
    organisation = factories.make_organisation("Vastuuseura")
    service = factories.make_service(organisation=organisation)
    factories.make_contact(organisation=organisation, value="040 000 0002")
    answer = get(client, service)
    assert "ei ole omia yhteystietoja" in answer.context["contact_note"]
    card = contact_card(answer.content.decode())
    assert str(answer.context["contact_note"]) in card
    assert 'href="tel:0400000002"' in card


def test_producers_are_shown_beside_the_responsible_one(client):
    organisation, producer = factories.make_organisation("Järjestäjä"), factories.make_organisation("Tuottaja")
    service = factories.make_service(organisation=organisation, producers=[producer.pk, organisation.pk])
    factories.make_contact(organisation=producer, value="040 000 0003")
    groups = get(client, service).context["contact_groups"]
    assert [(group["name"], group["url"]) for group in groups] == [
        ("Järjestäjä", organisation.get_absolute_url()),
        ("Tuottaja", producer.get_absolute_url()),
    ]
    assert groups[0]["role"] != groups[1]["role"]
    assert [contact.value for contact in groups[1]["contacts"]] == ["040 000 0003"]


def test_a_members_only_number_does_not_hide_that_a_visitor_has_none(client):
    service = factories.make_service()
    factories.make_contact(service=service, value="040 000 0001", members_only=True)
    assert get(client, service).context["contact_note"] != ""


# Known and not known ----------------------------------------------------------------------------------------------------


def test_facts_that_are_not_known_are_named_in_one_sentence(client):
    service = factories.make_service(
        no_referral=True, no_appointment=False, free=None, anonymous=None, intoxicated_ok=None
    )
    answer = get(client, service)
    assert {fact.code: fact.value for fact in answer.context["known_facts"]} == {
        "no-referral": True,
        "no-appointment": False,
    }
    unknown = answer.context["unknown_sentence"]
    assert unknown.count(",") == 3
    assert f"{unknown}." in answer.content.decode()


def test_when_every_fact_is_known_there_is_no_such_sentence(client):
    facts = ("no_referral", "no_appointment", "free", "anonymous", "intoxicated_ok", "no_diagnosis_excluded")
    answer = get(client, factories.make_service(**dict.fromkeys(facts, True)))
    assert answer.context["unknown_sentence"] == ""
    assert len(answer.context["known_facts"]) == 6


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"free": True}, "Maksuton"),
        ({"free": False}, "Palvelu on maksullinen"),
        ({"free": None}, "Ei tiedossa"),
        ({"free": None, "cost": "20 € käynti"}, "20 € käynti"),
    ],
)
def test_the_cost_is_told_or_not_known(fields, text, client):
    page = get(client, factories.make_service(**fields)).content.decode()
    cost = page.split('aria-labelledby="cost"')[1].split("</section>")[0]
    assert text.lower() in cost.lower() or (fields == {"free": False} and "maksu" in cost.lower())
    assert ("Ei tiedossa" in cost) == (fields == {"free": None})


def test_a_pilot_tells_its_end(client):
    page = get(client, factories.make_service(temporary="pilot", temporary_until=dt.date(2027, 3, 31))).content.decode()
    assert "31.3.2027" in page


def test_waiting_is_told_with_its_date(client):
    service = factories.make_service(capacity="queue", waiting="Noin kaksi viikkoa", capacity_on=dt.date(2026, 11, 3))
    page = get(client, service).content.decode()
    assert "Noin kaksi viikkoa" in page
    assert "3.11.2026" in page


# Dates ------------------------------------------------------------------------------------------------------------------


def test_after_the_last_visit_the_next_one_is_not_known(client):
    service = factories.make_service()
    assert get(client, service).context["next_visit_unknown"] is False
    Visit.objects.create(service=service, date=TODAY() - DAY, venue="Kirjasto")
    answer = get(client, service)
    assert (answer.context["visits"], answer.context["next_visit_unknown"]) == ([], True)
    assert "Kirjasto" not in answer.content.decode()
    assert gettext("The date of the next visit is not known yet.") in answer.content.decode()


def test_visits_of_today_and_later_are_shown_in_order(client):
    service = factories.make_service()
    for days, venue in [(3, "Tori"), (0, "Kirjasto"), (-1, "Asema")]:
        Visit.objects.create(service=service, date=TODAY() + days * DAY, venue=venue, staff="sairaanhoitaja")
    context = get(client, service).context
    assert ([visit.venue for visit in context["visits"]], context["next_visit_unknown"]) == (
        ["Kirjasto", "Tori"],
        False,
    )


def test_after_the_last_season_the_next_one_is_not_known(client):
    service = factories.make_service()
    GroupSeason.objects.create(service=service, first_day=TODAY() - 90 * DAY, last_day=TODAY() - DAY)
    context = get(client, service).context
    assert (context["seasons"], context["next_season_unknown"]) == ([], True)
    GroupSeason.objects.create(service=service, first_day=TODAY() + DAY, last_day=TODAY() + 9 * DAY, weekday=3)
    context = get(client, service).context
    assert (len(context["seasons"]), context["next_season_unknown"]) == (1, False)


def test_a_season_that_ends_today_is_still_on(client):
    service = factories.make_service()
    GroupSeason.objects.create(service=service, first_day=TODAY() - DAY, last_day=TODAY())
    assert get(client, service).context["next_season_unknown"] is False


# Confirmed --------------------------------------------------------------------------------------------------------------


def confirmed(**fields) -> Service:
    parish = factories.make_organisation("Kajaanin seurakunta")
    evening = dt.datetime(2026, 11, 2, 22, 30, tzinfo=dt.UTC)  # in Finland the 3rd has begun
    values = {"confirmed_at": evening, "confirmed_organisation": parish, "confirmed_title": "diakoniatyöntekijä"}
    return factories.make_service(**(values | fields))


def test_who_checked_the_details_and_when(client):
    page = get(client, confirmed()).content.decode()
    assert "Tiedot tarkistettu 3.11.2026, Kajaanin seurakunta, diakoniatyöntekijä" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"confirmed_title": ""}, "Tiedot tarkistettu 3.11.2026, Kajaanin seurakunta<"),
        ({"confirmed_organisation": None}, "Tiedot tarkistettu 3.11.2026, diakoniatyöntekijä<"),
        ({"confirmed_organisation": None, "confirmed_title": ""}, "Tiedot tarkistettu 3.11.2026<"),
    ],
)
def test_what_is_not_known_of_the_check_is_left_out(fields, sentence, client):
    assert sentence in get(client, confirmed(**fields)).content.decode()


def test_details_that_nobody_has_checked_say_so(client):
    answer = get(client, factories.make_service())
    assert "Tietoja ei ole vielä tarkistettu" in answer.content.decode()
    assert answer.context["freshness"] == "none"


def test_an_old_check_is_told_to_be_old(client, region):
    service = factories.make_service(confirmed_at=timezone.now() - 200 * DAY)
    assert get(client, service).context["freshness"] == "due"
    Service.objects.update(confirmed_at=timezone.now() - 170 * DAY)
    assert get(client, service).context["freshness"] == "fresh"
    region.confirm_due_months = 5
    region.save()
    assert get(client, service).context["freshness"] == "due"


def test_an_edit_is_no_confirmation(client):
    service = confirmed()
    service.description = "Uusi kuvaus"
    service.save()
    assert "Tiedot tarkistettu 3.11.2026" in get(client, service).content.decode()


# Related ----------------------------------------------------------------------------------------------------------------


def test_others_of_the_same_type_that_serve_the_same_people_are_suggested(client, region):
    service = factories.make_service("Tämä", municipalities=("205",))
    factories.make_service("Naapuri", municipalities=("205", "290"))
    factories.make_service("Koko alue")
    factories.make_service("Muualla", municipalities=("777",))
    factories.make_service("Toista lajia", main_type=ServiceType.objects.get(code="debt"), municipalities=("205",))
    step = factories.make_service("Askel", municipalities=("205",))
    service.next_steps.add(step)
    context = get(client, service).context
    assert [one.name for one in context["related"]] == ["Koko alue", "Naapuri"]
    assert [one.name for one in context["next_steps"]] == ["Askel"]


def test_at_most_four_are_suggested(client):
    services = [factories.make_service() for _number in range(6)]
    assert len(get(client, services[0]).context["related"]) == 4


# For machines and for paper ---------------------------------------------------------------------------------------------


class Scripts(HTMLParser):
    """What a browser takes for scripts, and every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict, str]] = []
        self.tags: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.cdata_elem == "script":
            attrs, text = self.scripts.pop()
            self.scripts.append((attrs, text + data))


def structured(page: str) -> dict:
    ((attrs, text),) = Scripts(page).scripts
    assert attrs == {"type": "application/ld+json"}
    return json.loads(text)


def test_structured_data_tells_the_service_to_search_engines(client, region, settings):
    service = full_service()
    data = structured(get(client, service).content.decode())
    assert (data["@type"], data["name"], data["serviceType"]) == ("Service", "Läheisten ryhmä", "Vertaisryhmä")
    assert data["url"] == f"{settings.SITE_URL}/palvelut/laheisten-ryhma/"
    assert data["provider"]["name"] == "Kajaanin seurakunta"
    assert [area["name"] for area in data["areaServed"]] == ["Kajaani"]
    assert data["isAccessibleForFree"] is True
    assert data["availableChannel"]["servicePhone"] == [{"@type": "ContactPoint", "telephone": "040 000 0001"}]


@pytest.mark.parametrize("role", [None, "coordinator", "professional"])
def test_structured_data_has_public_numbers_only_and_no_addresses(role, request, as_user):
    service = factories.make_service()
    factories.make_contact(service=service, value="040 000 0001")
    factories.make_contact(service=service, value="040 000 0009", members_only=True)
    factories.make_contact(service=service, kind=Contact.Kind.EMAIL, value="ryhma@example.org")
    data = json.dumps(structured(get(as_user(role and request.getfixturevalue(role)), service).content.decode()))
    assert "040 000 0001" in data
    assert "040 000 0009" not in data
    assert "@example" not in data
    assert "ryhma@" not in data


@pytest.mark.parametrize("field", ["name", "summary"])
def test_a_text_cannot_break_out_of_the_structured_data(field, client):
    attack = "</script><script>alert(1)</script>\"'&<!--\u2028"
    service = factories.make_service(**{field: attack})
    page = get(client, service).content.decode()
    data = structured(page)
    assert not {"<", ">", "&"} & set(Scripts(page).scripts[0][1])
    assert data["name" if field == "name" else "description"] == attack
    assert "<script>alert" not in page


def test_a_draft_has_no_structured_data_and_is_not_for_robots(as_user, coordinator):
    page = get(as_user(coordinator), factories.make_service(published=False)).content.decode()
    assert Scripts(page).scripts == []
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("role", [None, "coordinator"])
def test_no_e_mail_address_stands_in_the_page(role, request, as_user, region):
    service = factories.make_service(organisation=factories.make_organisation())
    place = ServicePlace.objects.create(service=service, name="Talo")
    for owner in ({"service": service}, {"place": place}, {"organisation": service.organisation}):
        factories.make_contact(**owner, kind=Contact.Kind.EMAIL, value="ryhma@example.org")
    client = as_user(role and request.getfixturevalue(role))
    for address in (service.get_absolute_url(), "/palvelut/", service.organisation.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "ryhma@" not in page
        assert "@example.org" not in page
        assert "mailto:" not in page
        assert "ryhma (at) example.org" in page


def test_the_print_has_the_pages_address_as_a_drawing(client, settings):
    service = factories.make_service(slug="ryhma")
    answer = get(client, service)
    drawing = answer.context["qr"]
    assert re.fullmatch(r'<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*>.*</svg>', drawing, re.S)
    assert "style" not in drawing
    assert drawing in answer.content.decode()
    assert drawing != get(client, service, "/sv").context["qr"]


def test_nothing_in_the_page_has_a_style_or_a_script_of_its_own(client, region):
    tags = Scripts(get(client, full_service()).content.decode()).tags
    assert [tag for tag, attrs in tags if "style" in attrs or any(name.startswith("on") for name in attrs)] == []
    assert "style" not in {tag for tag, _attrs in tags}


def test_texts_are_escaped_everywhere(as_user, coordinator):
    attack = "<img src=x onerror=alert(1)>"
    fields = (
        "name", "summary", "description", "how_to_get", "who_cannot_come", "first_visit", "cost", "waiting",
        "hours_note", "referral_for_professionals", "tell_the_client", "consult", "sources", "confirmed_title",
    )  # fmt: skip
    organisation = factories.make_organisation(attack, what_we_do=attack, description=attack)
    service = factories.make_service(
        organisation=organisation, confirmed_at=timezone.now(), **dict.fromkeys(fields, attack)
    )
    ServiceText.objects.create(service=service, language="plain", description=attack)
    ServicePlace.objects.create(service=service, name=attack, how_to_come=attack, accessibility=attack)
    Visit.objects.create(service=service, date=TODAY(), venue=attack, staff=attack, note=attack)
    GroupSeason.objects.create(service=service, first_day=TODAY(), last_day=TODAY(), sign_up=attack, note=attack)
    factories.make_contact(service=service, name=attack, hours=attack, cost=attack)
    client = as_user(coordinator)
    for address in (service.get_absolute_url(), "/palvelut/", organisation.get_absolute_url(), "/verkosto/"):
        assert "<img" not in client.get(address).content.decode()


def test_plain_finnish_is_shown_even_where_there_is_no_description(client):
    service = factories.make_service(description="")
    ServiceText.objects.create(service=service, language="plain", description="Ryhmässä saat puhua.")
    assert "Ryhmässä saat puhua." in get(client, service).content.decode()


def test_a_page_that_is_not_there_is_not_found(client):
    answer = client.get("/palvelut/ei-ole/")
    assert answer.status_code == 404
    assert "112" in answer.content.decode()  # help is offered there too
