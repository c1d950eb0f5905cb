"""No word of any region is in the code: what the pages say of the network is the coordinator's to edit."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import reference
from network.models import Municipality, Network, Statement, UrgentLine, WellbeingCounty
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_networks_own_words_are_on_the_pages(client, region):
    Network.objects.update(
        name="Testiverkosto", slogan="Yksi lanka, koko verkko.", intro="Tämä on testi.", funder_line="Rahoittaja X",
        coordinator_name="Koordinaattori", coordinator_phone="040 000 0000", leave_url="https://example.org/saa",
    )  # fmt: skip
    page = client.get("/").content.decode()
    for text in (
        "<title>Etusivu – Testiverkosto</title>", "Yksi lanka, koko verkko.", "Tämä on testi.", "Rahoittaja X",
        "Testimaassa", "Koko Testimaa", 'href="tel:0400000000"', 'href="https://example.org/saa"',
    ):  # fmt: skip
        assert text in page


def test_each_language_has_its_own_words_or_the_finnish_ones(client, region):
    Network.objects.update(name_sv="Testnätverket", slogan="Suomeksi", slogan_sv="På svenska")
    assert "Testnätverket</title>" in client.get("/sv/").content.decode()
    assert "På svenska" in client.get("/sv/").content.decode()
    page = client.get("/en/").content.decode()
    assert re.search(r'<p class="[^"]*" lang="fi">Suomeksi</p>', page)


def test_a_portal_without_any_settings_works(client):
    Network.objects.all().delete()
    UrgentLine.objects.all().delete()
    for address in ("/", "/palvelut/", "/verkosto/", "/tietoa/", "/saavutettavuus/", "/tietosuoja/", "/evasteet/"):
        assert client.get(address).status_code == 200
    assert Network.current().name


def test_a_region_is_the_municipalities_of_the_networks_county(client):
    factories.use_region()
    other = WellbeingCounty.objects.exclude(code="20").first()
    Municipality.objects.create(code="999", name="Muualla", county=other)
    names = [place.name for place in Municipality.objects.in_region()]
    assert len(names) == 8
    assert "Muualla" not in names
    Network.objects.update(county=other)
    assert [place.name for place in Municipality.objects.in_region()] == ["Muualla"]
    assert [place.name for place in client.get("/").context["municipalities"]] == ["Muualla"]


def test_without_a_county_there_are_no_municipalities_to_choose(client):
    Network.objects.update(county=None)
    assert list(client.get("/").context["municipalities"]) == []
    assert client.get("/palvelut/?municipality=205").status_code == 200


def test_urgent_lines_are_the_coordinators(client):
    UrgentLine.objects.all().delete()
    UrgentLine.objects.create(number="0800 1", name="Toinen", position=2)
    UrgentLine.objects.create(number="112", name="Ensin", position=1, emphasised=True)
    page = client.get("/palvelut/").content.decode()
    assert page.index('href="tel:112"') < page.index('href="tel:08001"')


@pytest.mark.parametrize("page", [code for code, _label in Statement.PAGES])
def test_a_statement_is_added_to_its_page_and_escaped(page, client):
    Statement.objects.create(page=page, body="Ensimmäinen.\n\nToinen <b>kappale</b>.", body_sv="På svenska.")
    address = {"about": "tietoa", "accessibility": "saavutettavuus", "privacy": "tietosuoja", "cookies": "evasteet"}[
        page
    ]
    text = client.get(f"/{address}/").content.decode()
    assert "<p>Ensimmäinen.</p>" in text
    assert "&lt;b&gt;kappale&lt;/b&gt;" in text
    assert "På svenska." in client.get(f"/sv/{address}/").content.decode()
    assert '<section lang="fi">' in client.get(f"/en/{address}/").content.decode()


def test_reference_data_comes_once_and_leaves_alone_what_was_changed():
    UrgentLine.objects.filter(number="112").update(name="Muutettu")
    Municipality.objects.filter(code="205").delete()
    before = {model: model.objects.count() for model in (WellbeingCounty, Municipality, UrgentLine, Network)}
    reference.load()
    after = {model: model.objects.count() for model in before}
    assert after == before | {Municipality: before[Municipality] + 1}
    assert UrgentLine.objects.get(number="112").name == "Muutettu"


def test_no_word_of_a_region_is_in_the_code():
    """Names of places are in data files only."""
    words = re.compile("kainuu|kajaani|sotkamo|kuhmo|suomussalmi", re.IGNORECASE)
    places = [settings.BASE_DIR / name for name in ("config", "network", "services", "templates", "static")]
    files = [
        path for place in places for path in place.rglob("*") if path.suffix in {".py", ".html", ".css", ".js", ".svg"}
    ]
    comments = re.compile(r'^\s*(#|""").*|“[^”]*”', re.MULTILINE)  # examples in quotation marks are no facts
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for path in files
        if words.search(comments.sub("", path.read_text("utf-8")))
    ]
    assert len(files) > 50
    assert found == []


def test_the_network_comes_with_its_county_in_one_query(region):
    asked = Network.objects.select_related("county").get()
    with CaptureQueriesContext(connection) as captured:
        network = Network.current()
        assert network.county == asked.county
    assert len(captured) == 1
    assert {field.attname: getattr(network, field.attname) for field in Network._meta.concrete_fields} == {
        field.attname: getattr(asked, field.attname) for field in Network._meta.concrete_fields
    }
    Network.objects.update(county=None)
    assert Network.current().county is None
