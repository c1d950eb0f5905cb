"""The member directory and an organisation's page."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from network.models import Competence, Municipality, Organisation, OrganisationLink
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
Kind = Organisation.Kind


@pytest.fixture
def found(client):
    def ask(**filters) -> list[str]:
        return [one.name for one in client.get("/verkosto/", filters).context["page"]]

    return ask


# The directory ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "listed"),
    [
        ({}, True),
        ({"active_from": 0}, True),
        ({"active_from": 1}, False),
        ({"active_until": 0}, True),
        ({"active_until": -1}, False),
    ],
)
def test_the_directory_lists_who_works_today(days, listed, found, client):
    dates = {field: timezone.localdate() + count * DAY for field, count in days.items()}
    organisation = factories.make_organisation("Yhdistys", **dates)
    assert bool(found()) is listed
    assert organisation.is_active is listed
    assert client.get("/").context["member_count"] == int(listed)


def test_one_that_was_merged_is_not_listed_and_leads_to_its_successor(found, client):
    successor = factories.make_organisation("Uusi", slug="uusi-yhdistys")
    factories.make_organisation("Vanha", slug="vanha", merged_into=successor)
    assert found() == ["Uusi"]
    answer = client.get("/verkosto/vanha/")
    assert (answer.status_code, answer["Location"]) == (301, "/verkosto/uusi-yhdistys/")
    assert client.get("/sv/verkosto/vanha/")["Location"] == "/sv/verkosto/uusi-yhdistys/"


def test_words_are_found_in_names_and_texts_all_of_them(found):
    factories.make_organisation("Kajaanin seurakunta", name_sv="Kajana församling", description="Diakoniatyötä")
    factories.make_organisation("Kuhmon seurakunta")
    assert found(q="seurakunta") == ["Kajaanin seurakunta", "Kuhmon seurakunta"]
    assert found(q="kajaanin SEURAKUNTA") == ["Kajaanin seurakunta"]
    assert found(q="församling") == ["Kajaanin seurakunta"]
    assert found(q="diakonia kajaani") == ["Kajaanin seurakunta"]
    assert found(q="diakonia kuhmo") == []


def test_a_percent_sign_is_only_a_sign(found):
    factories.make_organisation("Yhdistys")
    assert found(q="%") == []
    assert found(q="_") == []


def test_a_municipality_finds_home_and_served_ones(found, region):
    home = factories.make_organisation("Kotona", municipality_id="205")
    served = factories.make_organisation("Palvelee", municipality_id="290")
    factories.make_organisation("Muualla", municipality_id="777")
    served.municipalities_served.set(["205", "290"])
    home.municipalities_served.set(["205"])
    assert found(municipality="205") == ["Kotona", "Palvelee"]


def test_a_sector_finds_projects_by_their_parents(found):
    parish = factories.make_organisation("Seurakunta", kind=Kind.PARISH)
    factories.make_organisation("Hanke", kind=Kind.PROJECT, parent=parish)
    factories.make_organisation("Yksinäinen hanke", kind=Kind.PROJECT)
    factories.make_organisation("Yhdistys")
    assert found(sector="parish") == ["Hanke", "Seurakunta"]
    assert found(sector="other") == ["Yksinäinen hanke"]
    assert found(sector="ngo") == ["Yhdistys"]


def test_fifty_are_on_a_page(client, db):
    Organisation.objects.bulk_create(
        Organisation(name=f"Yhdistys {number}", slug=f"y{number}", kind=Kind.ASSOCIATION) for number in range(51)
    )
    assert [len(client.get("/verkosto/", {"page": page}).context["page"]) for page in (1, 2)] == [50, 1]
    assert 'href="?sector=ngo&amp;page=2"' in client.get("/verkosto/?sector=ngo").content.decode()


def test_an_empty_directory_tells_what_to_try(client):
    answer = client.get("/verkosto/?q=ei-ole")
    assert answer.context["empty"]["title"] in answer.content.decode()
    assert 'href="/verkosto/"' in answer.content.decode()


# An organisation's page -------------------------------------------------------------------------------------------------


def get(client, organisation):
    answer = client.get(organisation.get_absolute_url())
    assert answer.status_code == 200
    return answer


def test_the_page_tells_what_the_organisation_says_of_itself(client):
    organisation = factories.make_organisation(
        "Yhdistys", description="Keitä olemme", what_we_do="Teemme", what_we_do_not="Emme tee",
        how_to_refer="Näin ohjataan", ask_us="Kysy meiltä tästä", meets=Organisation.Meets.BOTH,
    )  # fmt: skip
    organisation.competences.add(Competence.objects.create(code="talk", name="Puheeksi ottaminen"))
    organisation.municipalities_served.add(Municipality.objects.get(code="205"))
    OrganisationLink.objects.create(organisation=organisation, title="Blogi", url="https://example.org/blogi")
    answer = get(client, organisation)
    assert [text for _label, text in answer.context["sections"]] == [
        "Teemme",
        "Emme tee",
        "Näin ohjataan",
        "Kysy meiltä tästä",
    ]
    page = answer.content.decode()
    for text in ("Keitä olemme", "Puheeksi ottaminen", "Kajaani", "Blogi", "https://example.org/blogi"):
        assert text in page


def test_what_is_not_said_is_left_out(client):
    context = get(client, factories.make_organisation("Yhdistys")).context
    assert context["sections"] == []
    assert [words for _label, words in context["rows"]] == [str(Organisation.objects.get().sector.label)]


def test_its_services_are_those_it_answers_for_and_those_it_produces(client, association, parish):
    factories.make_service("Vastaa", organisation=association)
    factories.make_service("Tuottaa", organisation=parish, producers=[association.pk])
    factories.make_service("Muiden", organisation=parish)
    assert [hit.name for hit in get(client, association).context["hits"]] == ["Tuottaa", "Vastaa"]


def test_more_than_twenty_services_go_on_in_the_catalogue(client, association):
    for _number in range(20):
        factories.make_service(organisation=association)
    assert get(client, association).context["services_url"] == ""
    factories.make_service(organisation=association)
    context = get(client, association).context
    assert len(context["hits"]) == 20
    assert client.get(context["services_url"]).context["page"].paginator.count == 21


def test_the_tree_is_one_step_up_and_one_down(client):
    county = factories.make_organisation("Alue", kind=Kind.WELLBEING_COUNTY)
    area = factories.make_organisation("Palvelualue", parent=county)
    unit = factories.make_organisation("Yksikkö", parent=area)
    factories.make_organisation("Lopettanut", parent=area, active_until=timezone.localdate() - DAY)
    answer = get(client, area)
    assert [one.name for one in answer.context["units"]] == ["Yksikkö"]
    page = answer.content.decode()
    assert f'href="{county.get_absolute_url()}"' in page
    assert f'href="{unit.get_absolute_url()}"' in page


def test_one_that_has_ended_keeps_its_page_and_says_so(client):
    organisation = factories.make_organisation("Hanke", active_until=timezone.localdate() - DAY)
    assert "notice-wait" in get(client, organisation).content.decode()


def test_without_contacts_the_page_says_so(client, association):
    assert get(client, association).context["contact_note"] != ""
    factories.make_contact(organisation=association)
    assert get(client, association).context["contact_note"] == ""


def test_an_unknown_organisation_is_not_found(client):
    assert client.get("/verkosto/ei-ole/").status_code == 404


def test_a_name_falls_back_to_finnish_and_says_so(client):
    organisation = factories.make_organisation("Yhdistys", slug="y", name_sv="Föreningen", description="Suomeksi")
    page = client.get("/sv/verkosto/y/").content.decode()
    assert "<h1>Föreningen</h1>" in page
    assert '<div lang="fi"><p>Suomeksi</p>' in page
    assert '<h1 lang="fi">Yhdistys</h1>' in client.get("/en/verkosto/y/").content.decode()
    assert str(organisation) == "Yhdistys"


# The tree and its editors -------------------------------------------------------------------------------------------------


def test_an_editor_keeps_the_whole_tree_below_and_nothing_beside(association, ngo_editor):
    unit = factories.make_organisation(parent=association)
    team = factories.make_organisation(parent=unit)
    factories.make_organisation()
    assert set(Organisation.objects.editable_by(ngo_editor)) == {association, unit, team}


def test_others_edit_nothing(professional, expert, outsider, association):
    for person in (professional, expert, outsider, AnonymousUser()):
        assert not Organisation.objects.editable_by(person).exists()


def test_a_circle_of_parents_ends(association, ngo_editor):
    unit = factories.make_organisation(parent=association)
    Organisation.objects.filter(pk=association.pk).update(parent=unit)
    assert set(Organisation.objects.editable_by(ngo_editor)) == {association, unit}
