"""The sitemap: what is public, under the address visitors use."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from tests import factories
from tests.meetings import factories as meetings

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap(client) -> dict[str, str]:
    """Path → date of change."""
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    entries = ET.fromstring(answer.content).iter(f"{NAMESPACE}url")  # noqa: S314  our own answer
    found = {entry.findtext(f"{NAMESPACE}loc"): entry.findtext(f"{NAMESPACE}lastmod", "") for entry in entries}
    return {re.sub(r"^https?://[^/]+", "", address): changed for address, changed in found.items()}


OF_SERVICES = {"/palvelut/", "/palvelut/kokemuksia/", "/palvelut/muuttuneet/"}


def test_it_has_every_public_listing_and_working_organisation(client):
    organisation = factories.make_organisation(slug="yhdistys")
    factories.make_service(slug="ryhma", organisation=organisation)
    factories.make_service(slug="luonnos", organisation=organisation, published=False)
    factories.make_service(slug="vanha", organisation=organisation, archived_at=timezone.now())
    factories.make_organisation(slug="lopettanut", active_until=timezone.localdate() - dt.timedelta(1))
    factories.make_organisation(slug="yhdistetty", merged_into=organisation)
    found = sitemap(client)
    assert {path for path in found if path.startswith("/palvelut/")} == OF_SERVICES | {"/palvelut/ryhma/"}
    assert {path for path in found if path.startswith("/verkosto/")} == {"/verkosto/", "/verkosto/yhdistys/"}
    assert found["/palvelut/ryhma/"] == f"{timezone.localdate():%Y-%m-%d}"


def test_it_has_the_portals_own_pages_in_every_language(client):
    found = set(sitemap(client))
    own = {
        "/",
        *OF_SERVICES,
        "/verkosto/",
        "/tapaamiset/",
        "/tapaamiset/koulutukset/",
        "/tapaamiset/ryhmat/",
        "/kokemusasiantuntijat/",
        "/kokemusasiantuntijat/mika/",
        "/tiedotteet/",
        "/tietoa/",
        "/saavutettavuus/",
        "/tietosuoja/",
        "/evasteet/",
    }
    assert {f"{prefix}{path}" for prefix in ("", "/sv", "/en") for path in own} == found


def test_every_address_in_it_opens(client):
    factories.make_service()
    found = sitemap(client)
    assert {path: client.get(path).status_code for path in found} == dict.fromkeys(found, 200)


def test_it_costs_the_same_with_one_row_and_with_three(client, django_assert_num_queries):
    factories.make_service()
    with django_assert_num_queries(4) as few:
        sitemap(client)
    for _number in range(2):
        factories.make_service()
    with django_assert_num_queries(len(few)):
        sitemap(client)


@pytest.mark.parametrize("query", ["?p=9999", "?p=abc", "?p=-1"])
def test_a_page_of_it_that_is_not_there_is_not_found(query, client):
    assert client.get(f"/sitemap.xml{query}").status_code == 404


def test_it_has_public_meetings_and_no_others(client):
    public = meetings.make_meeting(is_public=True)
    meetings.make_meeting()
    meetings.make_meeting(is_public=True, published=False)
    found = {path for path in sitemap(client) if path.startswith("/tapaamiset/") and path[12:-1].isdecimal()}
    assert found == {public.get_absolute_url()}
