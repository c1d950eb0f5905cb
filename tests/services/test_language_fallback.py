"""Texts in the reader's language; what is only in Finnish is shown in Finnish and says so to a screen reader."""

import re

import pytest
from django.utils import translation

from network.models import Municipality, UrgentLine
from services.models import ServiceText
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    service = factories.make_service(
        "Ryhmä", slug="ryhma", summary="Tukea.", how_to_get="Soita.", description="Puhutaan.", first_visit="Kahvit."
    )
    ServiceText.objects.create(service=service, language="sv", name="Grupp", how_to_get="Ring.")
    return service


def element(page: str, tag: str, text: str) -> str:
    """The opening tag of the element that starts with the text."""
    return re.search(rf"<{tag}[^>]*>(?=\s*(?:<p>)?{re.escape(text)})", page).group()


def test_each_text_is_in_the_readers_language_or_marked_as_finnish(service, client):
    page = client.get("/sv/palvelut/ryhma/").content.decode()
    assert '<html lang="sv">' in page
    assert "lang=" not in element(page, "h1", "Grupp")
    assert 'lang="fi"' in element(page, "p", "Tukea.")
    assert "lang=" not in element(page, "div", "Ring.")
    assert 'lang="fi"' in element(page, "div", "Puhutaan.")
    assert 'lang="fi"' in element(page, "div", "Kahvit.")


def test_the_finnish_page_needs_no_marks(service, client):
    page = client.get("/palvelut/ryhma/").content.decode()
    assert '<html lang="fi">' in page
    for tag, text in [("h1", "Ryhmä"), ("div", "Soita."), ("div", "Puhutaan."), ("div", "Kahvit.")]:
        assert "lang=" not in element(page, tag, text)


def test_a_language_without_any_text_is_all_finnish_and_marked(service, client):
    page = client.get("/en/palvelut/ryhma/").content.decode()
    assert 'lang="fi"' in element(page, "h1", "Ryhmä")
    assert 'lang="fi"' in element(page, "div", "Soita.")


def test_an_empty_text_falls_back_as_one_that_is_not_there(service, client):
    ServiceText.objects.create(service=service, language="en", name="", summary="Support.")
    with translation.override("en"):
        service.refresh_from_db()
        text = type(service).objects.get(pk=service.pk).text
    assert (text.name, text.summary) == ("Ryhmä", "Support.")
    assert text.languages == {"name": "fi", "summary": "en", "description": "fi", "how_to_get": "fi"}


def test_plain_finnish_stands_beside_the_original_and_never_instead_of_it(service, client):
    ServiceText.objects.create(service=service, language="plain", name="Selkonimi", description="Selkeästi.")
    for language in ("", "/sv"):
        page = client.get(f"{language}/palvelut/ryhma/").content.decode()
        assert "Selkonimi" not in page
        assert "Selkeästi." in page
        assert "Puhutaan." in page


def test_the_list_is_in_the_readers_language_too(service, client):
    hit = client.get("/sv/palvelut/").context["hits"][0]
    assert (hit.name, hit.text.languages["name"], hit.text.languages["summary"]) == ("Grupp", "sv", "fi")


def test_the_order_stays_that_of_the_finnish_names(service, client):
    other = factories.make_service("Ääni")
    ServiceText.objects.create(service=other, language="sv", name="Andra")
    assert [hit.name for hit in client.get("/sv/palvelut/").context["hits"]] == ["Grupp", "Andra"]


@pytest.mark.parametrize("start", ["/palvelut/ryhma/?a=1", "/sv/palvelut/ryhma/", "/en/palvelut/ryhma/"])
def test_the_same_page_is_one_link_away_in_each_language(start, service, client):
    answer = client.get(start)
    links = {link["code"]: link["path"] for link in answer.context["language_links"]}
    assert links == {code: f"{prefix}/palvelut/ryhma/" for code, prefix in [("fi", ""), ("sv", "/sv"), ("en", "/en")]}
    page = answer.content.decode()
    for code, path in links.items():
        assert f'<link rel="alternate" hreflang="{code}" href="http://127.0.0.1:8000{path}">' in page
    assert page.count('rel="canonical"') == 1


def test_the_language_links_keep_what_was_asked(client, region):
    links = client.get("/palvelut/?q=ryhm%C3%A4&municipality=205").context["language_links"]
    assert links[1]["url"] == "/sv/palvelut/?q=ryhm%C3%A4&municipality=205"


def test_a_page_that_is_not_there_leads_to_the_front_pages(client):
    links = {link["code"]: link["url"] for link in client.get("/ei-ole-mitaan/").context["language_links"]}
    assert (links["sv"], links["en"]) == ("/sv/", "/en/")


def test_a_browsers_wish_changes_no_address(client, service):
    answer = client.get("/palvelut/ryhma/", headers={"Accept-Language": "sv"})
    assert answer.status_code == 200
    assert '<html lang="fi">' in answer.content.decode()


def test_names_with_a_swedish_form_show_it(client, region):
    municipality = Municipality.objects.get(code="205")
    with translation.override("sv"):
        assert (str(municipality), municipality.in_words) == ("Kajana", "i Kajana")
    with translation.override("en"):
        assert (str(municipality), municipality.in_words) == ("Kajaani", "in Kajaani")
    assert (str(municipality), municipality.in_words) == ("Kajaani", "Kajaanissa")
    assert municipality.local("name", "en").language == "fi"


def test_an_urgent_line_without_a_translation_is_marked(client):
    UrgentLine.objects.create(number="0800 000", name="Päihdeneuvonta", position=9)
    assert '<span lang="fi">Päihdeneuvonta</span>' in client.get("/en/").content.decode()
    assert "<span>Päihdeneuvonta</span>" in client.get("/").content.decode()
