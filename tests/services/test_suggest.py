"""Names that the search box offers while somebody types."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.public_pages import KEEPER
from services.models import ServiceText
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/palvelut/haku/"


@pytest.fixture
def offered(client):
    """`offered("paih")`: addresses by the name of what is offered."""

    def ask(words: str, prefix: str = "") -> dict[str, str]:
        groups = client.get(prefix + ADDRESS, {"q": words}).json()["groups"]
        return {option["label"]: option["url"] for group in groups for option in group["options"]}

    return ask


def test_services_kinds_of_help_places_and_organisations_are_offered(offered, region):
    body = factories.make_organisation("Kajaanin A-kilta", slug="a-kilta")
    factories.make_service("Päihdeklinikka", slug="klinikka", organisation=body)
    factories.make_service("Kajaanin päiväkeskus", slug="paivakeskus", organisation=body)
    assert offered("paihdekl") == {"Päihdeklinikka": "/palvelut/klinikka/"}
    assert offered("PÄIVÄK")["Kajaanin päiväkeskus"] == "/palvelut/paivakeskus/"
    assert offered("a-ki") == {"Kajaanin A-kilta": "/verkosto/a-kilta/"}
    found = offered("kaj")
    assert found["Kajaani"] == "/palvelut/?municipality=205"
    assert {"Kajaanin päiväkeskus", "Kajaanin A-kilta"} <= set(found)
    assert any(url == "/palvelut/?type=peer-group" for url in offered("vertais").values())


def test_names_are_in_the_readers_language(offered, region):
    service = factories.make_service("Päihdeklinikka", slug="klinikka")
    ServiceText.objects.create(
        service=service, language="sv", name="Beroendekliniken", summary="Stöd.", how_to_get="Ring."
    )
    assert offered("beroendekl", "/sv") == {"Beroendekliniken": "/sv/palvelut/klinikka/"}
    assert "Beroendekliniken" in offered("paihdek", "/sv")


def test_what_nobody_may_find_is_not_offered(offered, region, professional):
    gone = timezone.localdate() - dt.timedelta(days=1)
    factories.make_service("Salainen luonnos", published=False)
    factories.make_service("Salainen arkisto", archived_at=timezone.now())
    factories.make_service("Salainen vanha", confirmed_at=timezone.now() - dt.timedelta(days=4000))
    factories.make_organisation("Salainen seura", active_until=gone)
    professional.name = "Salainen Henkilö"
    professional.name_shown_to = "everyone"
    professional.save()
    assert offered("salainen") == {}


@pytest.mark.parametrize("words", ["", "a", "%", "_%", "\\", "'", "a" * 5000, "  ", "🙂🙂", "&|!:*()", "\u202eabc"])
def test_signs_are_only_signs(offered, region, words):
    factories.make_service("Ryhmä")
    assert offered(words) == {}


def test_it_is_the_same_for_everybody_and_costs_one_query_for_the_names(client, region, as_user, professional):
    factories.make_service("Ryhmä")
    answer = client.get(ADDRESS, {"q": "ryh"})
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies
    assert as_user(professional).get(ADDRESS, {"q": "ryh"}).json() == answer.json()
    KEEPER.forget()
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS, {"q": "ryh"})
    assert sum("services_searchstart" in query["sql"] for query in few) == 1
    factories.make_service("Ryhmä toinen")
    client.get(ADDRESS, {"q": "ryh"})
    KEEPER.forget()
    with CaptureQueriesContext(connection) as more:
        client.get(ADDRESS, {"q": "ryh"})
    assert len(few) == len(more) <= 4
    assert client.post(ADDRESS, {"q": "ryh"}).status_code == 405
