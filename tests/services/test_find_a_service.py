"""Finding a service: the catalogue's filters, order, chips and what a row tells."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from network.models import Municipality, Organisation
from network.public_pages import KEEPER
from services.models import Contact, OpeningHours, Service, ServiceText, ServiceType
from tests import factories

pytestmark = pytest.mark.django_db

KAJAANI, KUHMO, SUOMUSSALMI = "205", "290", "777"
LIST = "/palvelut/"


@pytest.fixture
def found(client):
    """`found(type="peer-group")`: names on the list's first page, in its order."""

    def ask(**filters) -> list[str]:
        KEEPER.forget()  # a kept page tells no context
        return [hit.name for hit in client.get(LIST, filters).context["hits"]]

    return ask


@pytest.fixture
def labels(client):
    """Name → where it may be used, as the list says it, in the list's order."""

    def ask(**filters) -> dict[str, str]:
        KEEPER.forget()
        return {hit.name: str(hit.place_label) for hit in client.get(LIST, filters).context["hits"]}

    return ask


# Where ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def spread(region):
    factories.make_service("Verkossa", channels=["online", "chat"])
    factories.make_service("Puhelimessa", channels=["phone"])
    factories.make_service("Kaikkialla", channels=["in-person", "phone"])
    factories.make_service("Tapa ei tiedossa")
    factories.make_service("Zonta Kajaanissa", municipalities=(KAJAANI,))
    factories.make_service("Kahdessa", municipalities=(KAJAANI, KUHMO), channels=["online"])
    factories.make_service("Suomussalmella", municipalities=(SUOMUSSALMI,))


def test_a_municipality_lists_what_is_there_then_the_whole_county_then_online(spread, labels):
    assert list(labels(municipality=KAJAANI).items()) == [
        ("Kahdessa", "Kajaani"),
        ("Zonta Kajaanissa", "Kajaani"),
        ("Kaikkialla", "Koko Testimaa"),
        ("Tapa ei tiedossa", "Koko Testimaa"),
        ("Puhelimessa", "Verkossa tai puhelimessa"),
        ("Verkossa", "Verkossa tai puhelimessa"),
    ]


def test_what_is_bound_to_another_municipality_is_left_out(spread, found):
    assert "Suomussalmella" not in found(municipality=KAJAANI)
    assert found(municipality=SUOMUSSALMI)[0] == "Suomussalmella"
    assert not {"Kahdessa", "Zonta Kajaanissa"} & set(found(municipality=SUOMUSSALMI))


def test_the_nearest_come_first_in_every_order(spread, found):
    Service.objects.filter(name="Verkossa").update(confirmed_at=timezone.now())
    for sort in ("", "name", "checked"):
        assert found(municipality=KAJAANI, sort=sort)[:2] == ["Kahdessa", "Zonta Kajaanissa"]
        assert set(found(municipality=KAJAANI, sort=sort)[-2:]) == {"Puhelimessa", "Verkossa"}


def test_without_a_municipality_everything_is_listed_with_its_own_label(spread, labels):
    assert labels() == {
        "Kahdessa": "Kajaani, Kuhmo",
        "Kaikkialla": "Koko Testimaa",
        "Puhelimessa": "Verkossa tai puhelimessa",
        "Suomussalmella": "Suomussalmi",
        "Tapa ei tiedossa": "Koko Testimaa",
        "Verkossa": "Verkossa tai puhelimessa",
        "Zonta Kajaanissa": "Kajaani",
    }


def test_the_label_is_in_the_row(spread, client):
    page = client.get(LIST, {"municipality": KAJAANI}).content.decode()
    rows = page.split('<li class="hit">')[1:]
    for row, label in zip(rows, ["Kajaani", "Kajaani", "Koko Testimaa", "Koko Testimaa"], strict=False):
        assert label in row
    assert "Verkossa tai puhelimessa" in rows[-1]


def test_five_municipalities_are_counted_not_listed(region, labels):
    codes = tuple(Municipality.objects.values_list("code", flat=True)[:5])
    factories.make_service("Viidessä", municipalities=codes)
    assert labels() == {"Viidessä": "5 kuntaa"}
    assert labels(municipality=codes[0]) == {"Viidessä": Municipality.objects.get(code=codes[0]).name}


def test_a_service_outside_the_region_says_so(region, labels):
    factories.make_service("Kaukana", outside_region=True)
    factories.make_service("Muualla", outside_region=True, municipalities=(KAJAANI,))
    assert labels() == {"Kaukana": "Alueen ulkopuolella", "Muualla": "Alueen ulkopuolella: Kajaani"}
    assert labels(municipality=KAJAANI)["Muualla"] == "Alueen ulkopuolella: Kajaani"


def test_the_heading_names_the_municipality_in_the_readers_language(region, client):
    assert client.get(LIST, {"municipality": KAJAANI}).context["heading"] == "Palvelut Kajaanissa"
    assert "Kajana" in client.get("/sv/palvelut/", {"municipality": KAJAANI}).context["heading"]
    assert "Kajaani" in client.get("/en/palvelut/", {"municipality": KAJAANI}).context["heading"]


# How one gets in --------------------------------------------------------------------------------------------------------


@pytest.fixture
def doors(db):
    factories.make_service("Avoin", no_referral=True, no_appointment=True, free=True)
    factories.make_service("Ilman lähetettä", no_referral=True, no_appointment=False)
    factories.make_service("Puolet tiedossa", no_referral=True)
    factories.make_service("Ei tiedossa")
    factories.make_service("Lähetteellä", no_referral=False, no_appointment=True)


def test_an_access_fact_matches_yes_only(doors, found):
    assert found(access="no-referral") == ["Avoin", "Ilman lähetettä", "Puolet tiedossa"]
    assert found(access="free") == ["Avoin"]
    assert found(access="anonymous") == []


def test_low_threshold_is_two_facts(doors, found):
    assert found(access="low-threshold") == ["Avoin"]
    assert found(access=["no-referral", "no-appointment"]) == ["Avoin"]


def test_all_chosen_facts_must_hold(doors, found):
    assert found(access=["no-referral", "free"]) == ["Avoin"]


def test_how_many_are_not_known_is_told_with_a_link_to_them(doors, client, found):
    answer = client.get(LIST, {"access": "no-referral", "municipality": "", "sort": "name"})
    assert answer.context["unknown_count"] == 1  # “Ei tiedossa”; a known no never comes back
    address = answer.context["unknown_url"]
    assert f'href="{address.replace("&", "&amp;")}"' in answer.content.decode()
    shown = client.get(LIST + address)
    assert [hit.name for hit in shown.context["hits"]] == ["Avoin", "Ei tiedossa", "Ilman lähetettä", "Puolet tiedossa"]
    assert shown.context["unknown_count"] == 0


def test_not_known_is_not_counted_when_no_fact_is_asked_for(doors, client):
    assert client.get(LIST).context["unknown_count"] == 0


def test_the_number_not_known_is_within_the_other_filters(region, client):
    factories.make_service("Kajaanin", municipalities=(KAJAANI,))
    factories.make_service("Kuhmon", municipalities=(KUHMO,))
    assert client.get(LIST, {"access": "free", "municipality": KUHMO}).context["unknown_count"] == 1


# What and for whom ------------------------------------------------------------------------------------------------------


def test_a_type_matches_the_main_one_and_the_further_ones(found):
    crisis = ServiceType.objects.get(code="crisis")
    factories.make_service("Pääasiassa", main_type=crisis)
    factories.make_service("Myös", further_types=["crisis"])
    factories.make_service("Ei")
    assert found(type="crisis") == ["Myös", "Pääasiassa"]
    assert found(type=["crisis", "peer-group"]) == ["Ei", "Myös", "Pääasiassa"]


@pytest.mark.parametrize(
    ("name", "relation", "code"),
    [
        ("audience", "audiences", "close-ones"),
        ("addiction", "addictions", "alcohol"),
        ("channel", "channels", "chat"),
        ("stage", "stages", None),
        ("setting", "settings", None),
        ("aim", "aims", "abstinence"),
        ("content", "components", "medication"),
        ("language", "languages", "sv"),
    ],
)
def test_a_word_of_a_vocabulary_matches_services_that_have_it(name, relation, code, found):
    model = Service._meta.get_field(relation).related_model
    code = code or model.objects.first().code
    other = model.objects.exclude(code=code).first().code
    factories.make_service("On", **{relation: [code, other]})
    factories.make_service("Muu", **{relation: [other]})
    factories.make_service("Ei mitään")
    assert found(**{name: code}) == ["On"]
    assert found(**{name: [code, other]}) == ["Muu", "On"]


def test_several_filters_narrow(found):
    factories.make_service("Molemmat", audiences=["adults"], addictions=["alcohol"])
    factories.make_service("Toinen", audiences=["adults"])
    assert found(audience="adults", addiction="alcohol") == ["Molemmat"]


def test_a_term_that_is_no_longer_in_use_is_not_offered(client):
    ServiceType.objects.filter(code="crisis").update(in_use=False)
    assert 'value="crisis"' not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (12, ["Korkeintaan 17", "Ei kerrottu"]),
        (13, ["13–17", "Korkeintaan 17", "Ei kerrottu"]),
        (17, ["13–17", "Korkeintaan 17", "Ei kerrottu"]),
        (18, ["18 alkaen", "Aikuisille", "Ei kerrottu"]),
    ],
)
def test_age_is_within_the_limits_and_those_whose_ages_are_told_come_first(age, expected, found):
    factories.make_service("13–17", min_age=13, max_age=17)
    factories.make_service("18 alkaen", min_age=18)
    factories.make_service("Korkeintaan 17", max_age=17)
    factories.make_service("Ei kerrottu")
    factories.make_service("Aikuisille", audiences=["adults"])
    assert found(age=age) == expected


def test_an_organisation_is_found_as_responsible_and_as_producer(association, parish, found):
    factories.make_service("Vastaa", organisation=association)
    factories.make_service("Tuottaa", organisation=parish, producers=[association.pk])
    factories.make_service("Muu", organisation=parish)
    assert found(organisation=association.slug) == ["Tuottaa", "Vastaa"]
    assert found(organisation=[association.slug, parish.slug]) == ["Muu", "Tuottaa", "Vastaa"]


# Sector -----------------------------------------------------------------------------------------------------------------

Kind = Organisation.Kind
SECTORS = {
    Kind.WELLBEING_COUNTY: "public", Kind.MUNICIPALITY: "public", Kind.STATE: "public", Kind.ASSOCIATION: "ngo",
    Kind.FOUNDATION: "ngo", Kind.PARISH: "parish", Kind.COMPANY: "private", Kind.OTHER: "other", Kind.PROJECT: "other",
}  # fmt: skip


@pytest.mark.parametrize("kind", Kind.values)
def test_the_kind_of_the_organisation_tells_the_sector(kind, found):
    organisation = factories.make_organisation(kind=kind)
    factories.make_service("Palvelu", organisation=organisation)
    assert organisation.sector == SECTORS[kind]
    assert {sector for sector in set(SECTORS.values()) if found(sector=sector)} == {SECTORS[kind]}


@pytest.mark.parametrize("top", [Kind.PARISH, Kind.ASSOCIATION, Kind.OTHER, Kind.PROJECT])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_project_is_in_its_parents_sector(depth, top, found):
    body = factories.make_organisation(kind=top)
    for _level in range(depth):
        body = factories.make_organisation(kind=Kind.PROJECT, parent=body)
    factories.make_service("Hanke", organisation=body)
    expected = SECTORS[top] if depth <= 2 else "other"  # deeper than that nobody builds
    body.refresh_from_db()
    assert body.sector == expected
    assert {sector for sector in set(SECTORS.values()) if found(sector=sector)} == {expected}
    assert {
        sector for sector in set(SECTORS.values()) if Organisation.objects.in_sector(sector).filter(pk=body.pk)
    } == {expected}


def test_a_unit_keeps_its_own_kind(found, parish):
    unit = factories.make_organisation(kind=Kind.ASSOCIATION, parent=parish)
    factories.make_service("Yhdistyksen", organisation=unit)
    assert found(sector="parish") == []
    assert found(sector="ngo") == ["Yhdistyksen"]


def test_a_producers_sector_counts_too(parish, association, found):
    factories.make_service("Yhdessä", organisation=parish, producers=[association.pk])
    assert found(sector="ngo") == ["Yhdessä"]
    assert found(sector="private") == []
    assert found(sector=["private", "parish"]) == ["Yhdessä"]


# Open now ---------------------------------------------------------------------------------------------------------------


def test_open_now_lists_what_is_open_now(found, monkeypatch):
    wednesday_noon = dt.datetime(2026, 11, 4, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: wednesday_noon)
    published = {"published_at": wednesday_noon - dt.timedelta(days=1)}
    for name, weekday, opens, closes in [
        ("Auki", 3, "9:00", "15:00"),
        ("Kiinni", 3, "13:00", "15:00"),
        ("Torstaina", 4, "9:00", "15:00"),
    ]:
        OpeningHours.objects.create(
            service=factories.make_service(name, **published), weekday=weekday, opens=opens, closes=closes
        )
    factories.make_service("Ei tiedossa", **published)
    assert found(open="now") == ["Auki"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: wednesday_noon + dt.timedelta(hours=25))
    assert found(open="now") == ["Torstaina"]


# Order and pages --------------------------------------------------------------------------------------------------------


def test_names_are_in_order_and_nothing_official_comes_first(found):
    county = factories.make_organisation("Aluehallinto", kind=Kind.WELLBEING_COUNTY)
    factories.make_service("Zeta", organisation=county, ptv_id="6a4bbd24-9b0c-4d4f-8b4c-0d6a0f3f7f10")
    factories.make_service("Ääni", organisation=county)
    factories.make_service("Alku")
    for sort in ("", "name"):
        assert found(sort=sort) == ["Alku", "Zeta", "Ääni"]


def test_the_last_checked_come_first_and_the_never_checked_last(found):
    now = timezone.now()
    factories.make_service("Aina vain", confirmed_at=None)
    factories.make_service("Vanha", confirmed_at=now - dt.timedelta(days=400))
    factories.make_service("Tuore", confirmed_at=now)
    assert found(sort="checked") == ["Tuore", "Vanha", "Aina vain"]


def test_each_order_has_a_link_that_keeps_the_rest(client, region):
    answer = client.get(LIST, {"q": "ryhmä", "municipality": KAJAANI, "sort": "name", "page": "1"})
    sorts = {sort["url"]: sort["current"] for sort in answer.context["catalogue"].sorts()}
    assert sorts == {
        "?q=ryhm%C3%A4&municipality=205": False,
        "?q=ryhm%C3%A4&municipality=205&sort=name": True,
        "?q=ryhm%C3%A4&municipality=205&sort=checked": False,
    }


def test_there_are_twenty_a_page_and_no_service_is_on_two(client, association):
    for number in range(45):
        factories.make_service("Sama nimi", slug=f"sama-{number}", organisation=association)
    for sort in ("", "name", "checked"):
        pages = [client.get(LIST, {"page": page, "sort": sort}) for page in (1, 2, 3)]
        slugs = [slug for page in pages for slug in re.findall(r'href="/palvelut/(sama-\d+)/"', page.content.decode())]
        assert [len(page.context["hits"]) for page in pages] == [20, 20, 5]
        assert len(set(slugs)) == len(slugs) == 45
    assert pages[1].context["page"].paginator.count == 45


def test_page_links_keep_the_filters(client, association):
    for _number in range(21):
        factories.make_service(organisation=association, audiences=["adults"])
    page = client.get(LIST, {"audience": "adults", "sort": "name"}).content.decode()
    assert 'href="?audience=adults&amp;sort=name&amp;page=2"' in page


# Chips ------------------------------------------------------------------------------------------------------------------


def chips(client, query) -> dict[str, str]:
    return {str(chip.label): chip.remove_url for chip in client.get(LIST + query).context["chips"]}


def test_a_chip_takes_off_one_value_and_keeps_the_rest(client, region, association):
    query = f"?q=apu&municipality=205&type=crisis&type=youth&age=17&organisation={association.slug}&sort=name&page=1"
    found = chips(client, query)
    assert list(found) == ["”apu”", "Kajaani", "Kriisiapu", "Nuorten palvelut", "Ikä 17", "Esimerkkiyhdistys ry"]
    whole = parse_qs(urlsplit(query).query) | {}
    del whole["page"]
    for label, (name, value) in zip(
        found,
        [
            ("q", "apu"),
            ("municipality", "205"),
            ("type", "crisis"),
            ("type", "youth"),
            ("age", "17"),
            ("organisation", association.slug),
        ],
        strict=True,
    ):
        rest = {key: [one for one in values if (key, one) != (name, value)] for key, values in whole.items()}
        assert parse_qs(found[label][1:]) == {key: values for key, values in rest.items() if values}


def test_without_filters_there_are_no_chips(client):
    assert chips(client, "?sort=name&page=1") == {}


def test_a_chips_link_leads_to_the_list_without_it(client, region):
    factories.make_service("Kuhmossa", municipalities=(KUHMO,))
    gone = chips(client, "?municipality=205&audience=")["Kajaani"]
    assert [hit.name for hit in client.get(LIST + gone).context["hits"]] == ["Kuhmossa"]
    assert gone == "?"


def test_the_form_carries_what_it_has_no_field_for(client, association):
    page = client.get(LIST, {"organisation": association.slug, "sort": "checked"}).content.decode()
    assert f'<input type="hidden" name="organisation" value="{association.slug}">' in page
    assert '<input type="hidden" name="sort" value="checked">' in page


# Nothing found ----------------------------------------------------------------------------------------------------------


def test_an_empty_result_tells_what_to_try(client, region):
    factories.make_service("Ryhmä Kuhmossa", municipalities=(KUHMO,))
    answer = client.get(LIST, {"q": "ryhmä", "municipality": KAJAANI})
    empty = answer.context["empty"]
    assert "ryhmä" in empty["title"]
    assert [address for address, _label in empty["actions"]] == [
        "/palvelut/?q=ryhm%C3%A4",
        "?q=ryhm%C3%A4",
        "/palvelut/",
        "/palvelut/ohjattu/",
    ]
    page = answer.content.decode()
    for address, label in empty["actions"]:
        assert f'href="{address}">{label}</a>' in page


def test_an_empty_result_without_words_leads_to_all(client, region):
    factories.make_service("Ryhmä Kuhmossa", municipalities=(KUHMO,))
    empty = client.get(LIST, {"municipality": KAJAANI}).context["empty"]
    assert [address for address, _label in empty["actions"]] == ["?", "/palvelut/", "/palvelut/ohjattu/"]


def test_every_try_finds_something(client, region):
    factories.make_service("Ryhmä Kuhmossa", municipalities=(KUHMO,))
    answer = client.get(LIST, {"q": "ryhmä", "municipality": KAJAANI})
    *tries, (guided, _label) = answer.context["empty"]["actions"]
    assert client.get(guided).status_code == 200
    for address, _label in tries:
        KEEPER.forget()  # a kept page tells no context
        address = address if address.startswith("/") else LIST + address
        assert [hit.name for hit in client.get(address).context["hits"]] == ["Ryhmä Kuhmossa"]


# Words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["läheisten ryhmä", "ryhmän", "ryhmässä", "Ryhmät", "LÄHEISTEN RYHMÄ", "alkoholisti", "puoliso", "suru"]
)
def test_words_find_names_keywords_and_texts_in_their_forms(words, found):
    factories.make_service("Läheisten ryhmä", keywords="alkoholisti, puoliso", summary="Surun kanssa ei jää yksin.")
    factories.make_service("Velkaneuvonta", main_type=ServiceType.objects.get(code="debt"))
    assert found(q=words) == ["Läheisten ryhmä"]


def test_all_the_words_must_be_found(found):
    factories.make_service("Läheisten ryhmä")
    assert found(q="läheisten velkaneuvonta") == []


def test_a_match_in_the_name_comes_before_one_in_the_text(found):
    factories.make_service(
        "Avoin ovi", description="Kriisiapu kuuluu kaikille. Kriisiapu auttaa. Kriisiapu on maksuton."
    )
    factories.make_service("Bussi", summary="Kriisiapu lähelläsi.")
    factories.make_service("Kriisiapu")
    assert found(q="kriisiapu") == ["Kriisiapu", "Bussi", "Avoin ovi"]
    assert found(q="kriisiapu", sort="name") == ["Avoin ovi", "Bussi", "Kriisiapu"]


def test_the_name_of_the_organisation_or_type_finds_its_services(parish, found):
    factories.make_service("Diakonian vastaanotto", organisation=parish)
    factories.make_service("Muu", main_type=ServiceType.objects.get(code="debt"))
    assert found(q="esimerkin seurakunta") == ["Diakonian vastaanotto"]
    assert found(q="velka-asiat") == ["Muu"]


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1", "a & | ! (", ":*", "-", '"', "\\"])
def test_signs_are_only_signs(words, found):
    factories.make_service("Ryhmä")
    assert found(q=words) in ([], ["Ryhmä"])
    if words in ("%", "_"):
        assert found(q=words) == []


# Only what is published -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, "coordinator", "ngo_editor"])
@pytest.mark.parametrize(
    "filters", [{}, {"q": "palvelu"}, {"municipality": KAJAANI}, {"type": "peer-group"}, {"sort": "checked"}]
)
def test_drafts_and_archived_listings_are_listed_to_nobody(role, filters, request, as_user, region, association):
    for name, state in [
        ("Luonnospalvelu", {"published": False}),
        ("Vanha palvelu", {"archived_at": timezone.now()}),
        ("Palvelu", {}),
    ]:
        factories.make_service(name, organisation=association, **state)
    client = as_user(role and request.getfixturevalue(role))
    answer = client.get(LIST, filters)
    assert [hit.name for hit in answer.context["hits"]] == ["Palvelu"]
    assert answer.context["page"].paginator.count == 1


def test_the_front_page_counts_published_listings_only(client, region):
    factories.make_service(audiences=["close-ones"], confirmed_at=timezone.now())
    factories.make_service(audiences=["close-ones"])
    factories.make_service(audiences=["close-ones"], published=False)
    factories.make_service(audiences=["close-ones"], archived_at=timezone.now(), confirmed_at=timezone.now())
    context = client.get("/").context
    assert {tile.code: tile.found for tile in context["tiles"]}["close-ones"] == 2
    assert {key: context["freshness"][key] for key in ("all", "confirmed", "percent")} == {
        "all": 2,
        "confirmed": 1,
        "percent": 50,
    }


def test_the_front_pages_ready_searches_lead_to_what_they_count(client, region):
    factories.make_service(audiences=["close-ones"])
    factories.make_service(audiences=["youth"])
    for tile in client.get("/").context["tiles"]:
        answer = client.get(f"{LIST}?{tile.query}")
        assert (tile.code, dict(answer.context["catalogue"].errors)) == (tile.code, {})
        assert (tile.code, answer.context["page"].paginator.count) == (tile.code, tile.found)


# What a row tells -------------------------------------------------------------------------------------------------------


def test_a_row_tells_without_opening(client, region, association):
    service = factories.make_service(
        "Läheisten ryhmä", organisation=association, summary="Vertaisia läheisille.", municipalities=(KAJAANI,),
        free=True, anonymous=False, min_age=18, confirmed_at=dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC),
    )  # fmt: skip
    factories.make_contact(service=service, value="040 000 0001", position=2)
    factories.make_contact(service=service, kind=Contact.Kind.WEB, value="https://example.org/ryhma", position=1)
    OpeningHours.objects.bulk_create(
        OpeningHours(service=service, weekday=day, opens=dt.time(), closes=dt.time()) for day in range(1, 8)
    )
    hit = client.get(LIST).context["hits"][0]
    assert (hit.name, hit.organisation, hit.place_label, hit.summary) == (
        "Läheisten ryhmä", association, "Kajaani", "Vertaisia läheisille.",
    )  # fmt: skip
    assert {fact.code: fact.value for fact in hit.known_facts} == {"free": True, "anonymous": False}
    assert hit.open_now is True
    assert hit.first_contact.value == "https://example.org/ryhma"
    row = client.get(LIST).content.decode().split('<li class="hit">')[1]
    for text in ("Läheisten ryhmä", "Esimerkkiyhdistys ry", "Kajaani", "Vertaisia", "example.org/ryhma", "3.11.2026"):
        assert text in row


def test_a_row_without_a_contact_shows_its_organisations(client, association):
    factories.make_service(organisation=association)
    factories.make_contact(organisation=association, value="040 000 0002")
    hit = client.get(LIST).context["hits"][0]
    assert (hit.first_contact.value, hit.contact_is_organisations) == ("040 000 0002", True)


def test_a_row_without_contacts_leads_to_the_page_when_the_page_has_some(client):
    organisation = factories.make_organisation(website="https://example.org/")
    service = factories.make_service(organisation=organisation)
    answer = client.get(LIST)
    assert answer.context["hits"][0].first_contact is None
    assert f'href="{service.get_absolute_url()}#yhteystiedot"' in answer.content.decode()


def test_a_row_that_nobody_can_be_reached_by_says_so(client):
    factories.make_service()
    page = client.get(LIST).content.decode()
    assert "#yhteystiedot" not in page
    assert gettext("No contact details yet") in page


def test_what_is_not_known_is_not_claimed_in_a_row(client):
    factories.make_service()
    hit = client.get(LIST).context["hits"][0]
    assert (hit.known_facts, hit.open_now, hit.age_text) == ([], None, "")


def test_rows_are_in_the_readers_language(client):
    service = factories.make_service("Ryhmä", summary="Tukea.")
    ServiceText.objects.create(service=service, language="sv", name="Grupp")
    row = client.get("/sv/palvelut/").content.decode().split('<li class="hit">')[1]
    assert '<h2><a href="/sv/palvelut/' in row
    assert ">Grupp</a>" in row
    assert '<p lang="fi">Tukea.</p>' in row


def test_a_service_is_found_by_its_swedish_and_english_words(region, client):
    service = factories.make_service("Läheisten ryhmä")
    service.texts.create(language="sv", name="Grupp för närstående")
    service.texts.create(language="en", summary="For close ones")
    for address in ("/sv/palvelut/?q=närstående", "/en/palvelut/?q=close+ones"):
        assert service.slug in client.get(address).content.decode()
    assert service.slug not in client.get("/sv/palvelut/?q=grannar").content.decode()


def test_showing_the_unknown_ones_too_is_a_filter_that_can_be_taken_off(region, client):
    factories.make_service("Ei tiedossa")
    answer = client.get("/palvelut/?access=free&unknown=1")
    assert "Ei tiedossa" in answer.content.decode()
    assert [chip.remove_url for chip in answer.context["chips"]] == ["?", "?access=free"]
