"""Pages about the portal itself, error pages, and the frame of all pages."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

from config import pages
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401  used as this file's own
from config.urls import urlpatterns as portal
from network.models import Network, NoticeVersion
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/palvelut/",
    "/verkosto/",
    "/tietoa/",
    "/saavutettavuus/",
    "/tietosuoja/",
    "/evasteet/",
    "/tili/kirjaudu/",
]


@login_not_required
def broken(request):
    raise RuntimeError("a fault")


urlpatterns = [path("rikki/", broken), *portal]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_has_its_frame_in_every_language(address, language, client, region):
    page = client.get(("" if language == "fi" else f"/{language}") + address).content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert page.index('class="skip" href="#sisalto"') < page.index("<header>")
    assert len(re.findall(r"<title>[^<]+</title>", page)) == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", PAGES[1:])
def test_pages_below_the_front_page_have_a_breadcrumb(address, client, region):
    page = client.get(address).content.decode()
    crumbs = page.split('<nav class="crumbs')[1].split("</nav>")[0]
    assert '<a href="/">' in crumbs
    assert crumbs.count('aria-current="page"') == 1


@pytest.mark.parametrize("address", ["/", "/palvelut/", "/ei-ole/"])
def test_urgent_help_and_a_quick_way_out_are_on_public_pages(address, client):
    page = client.get(address).content.decode()
    assert 'href="tel:112"' in page
    assert 'href="tel:116117"' in page
    assert '<a class="leave" href="https://' in page
    assert 'rel="noreferrer nofollow"' in page


def test_the_main_menu_tells_where_one_is(client):
    page = client.get("/palvelut/").content.decode()
    assert '<li><a href="/palvelut/" aria-current="page">' in page
    assert page.count('aria-current="page"') == 2  # the menu and the breadcrumb


def test_the_accessibility_statement_has_its_five_parts(client):
    page = client.get("/saavutettavuus/").content.decode()
    assert page.split('<article class="prose">')[1].split("</article>")[0].count("<h2>") == 5
    assert "WCAG 2.2" in page
    assert "306/2019" in page
    assert "14 päivässä" in page
    assert "Traficom" in page


def test_the_privacy_notice_names_the_controller(client):
    Network.objects.update(controller_name="Esimerkkisäätiö", data_protection_contact="tietosuoja, puh. 040 000 0000")
    page = client.get("/tietosuoja/").content.decode()
    assert "Esimerkkisäätiö" in page
    assert "tietosuoja, puh. 040 000 0000" in page


def test_the_privacy_notice_tells_its_version_and_the_earlier_ones_stay_readable(client):
    pages.keep_privacy_notice()
    pages.keep_privacy_notice()
    Network.objects.update(controller_name="Uusi säätiö")
    assert client.get("/tietosuoja/").context["version"].number == 2  # at once, and kept in the night
    pages.keep_privacy_notice()
    NoticeVersion.objects.filter(number=1).update(since="2026-01-05")
    listed = client.get("/tietosuoja/versiot/").content.decode()
    assert "/tietosuoja/versiot/1/" in listed
    assert "5.1.2026" in listed
    assert "Uusi säätiö" not in client.get("/tietosuoja/versiot/1/").content.decode()
    for language in ("", "/sv", "/en"):
        assert "Uusi säätiö" in client.get(f"{language}/tietosuoja/versiot/2/").content.decode()
        assert client.get(f"{language}/tietosuoja/").context["version"].number == 2
    assert client.get("/tietosuoja/versiot/3/").status_code == 404


def test_a_kept_notice_names_no_coordinator():
    Network.objects.update(coordinator_name="Kaisa Koordinaattori", coordinator_email="kaisa@example.org")
    pages.keep_privacy_notice()
    assert "aisa" not in str(NoticeVersion.objects.get().texts)


def test_the_cookie_page_lists_the_cookies_that_are_set(client, professional):
    answer = client.post("/tili/kirjaudu/", {"login": professional.email, "password": factories.PASSWORD})
    page = client.get("/evasteet/").content.decode()
    listed = set(re.findall(r'<th scope="row">([^<]+)</th>', page))
    assert {*answer.cookies, *client.cookies} <= listed
    assert listed == {"sessionid", "csrftoken"}


# When something is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/sv", "/en"])
def test_a_page_that_is_not_there_leads_on(language, client):
    answer = client.get(f"{language}/ei-ole/")
    assert answer.status_code == 404
    assert f'<a class="btn btn-primary" href="{language}/">' in answer.content.decode()


def test_a_refused_page_says_so_and_leads_on(as_user, professional):
    answer = as_user(professional).get("/hallinta/")
    assert answer.status_code == 403
    assert '<a class="btn btn-primary" href="/">' in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_is_told_in_plain_words_without_its_details(db, django_assert_num_queries):
    client = Client(raise_request_exception=False)
    client.get("/rikki/")
    with django_assert_num_queries(0):
        answer = client.get("/rikki/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "RuntimeError" not in page
    assert "a fault" not in page
    assert 'href="tel:112"' in page
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.urls(__name__)
def test_a_fault_is_told_in_the_readers_language(db):
    page = Client(raise_request_exception=False).get("/rikki/").content.decode()
    assert '<html lang="fi">' in page


# Robots -----------------------------------------------------------------------------------------------------------------


def robots(client) -> list[str]:
    return client.get("/robots.txt").content.decode().splitlines()


def test_robots_are_told_what_is_not_for_them(client, settings):
    lines = robots(client)
    for closed in ("/hallinta/", "/tili/", "/palvelut/yhteys/", "/palvelut/csv/"):
        assert f"Disallow: {closed}" in lines
        assert f"Disallow: /*{closed}" in lines  # in Swedish and English
    assert {"Disallow: /*?q=", "Disallow: /*&q="} <= set(lines)
    assert "Disallow: /" not in lines
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines


def test_a_demo_is_not_for_robots_at_all(client, settings):
    settings.DEMO = True
    assert [line for line in robots(client) if line.startswith("Disallow")] == ["Disallow: /"]


def test_a_demo_says_that_it_is_one_on_the_desk_too(client, settings, as_user, coordinator):
    assert "demo-strip" not in client.get("/").content.decode()
    settings.DEMO = True
    assert "demo-strip" in client.get("/").content.decode()
    assert "demo-strip" in as_user(coordinator).get("/hallinta/").content.decode()


@pytest.mark.parametrize("address", ["/palvelut/?type=crisis", "/tili/kirjaudu/"])
def test_filtered_lists_and_signing_in_are_not_indexed(address, client):
    assert '<meta name="robots" content="noindex">' in client.get(address).content.decode()
    assert '<meta name="robots" content="noindex">' not in client.get("/palvelut/").content.decode()


def test_the_styleguide_shows_every_component(client, settings):
    answer = client.get("/styleguide/")
    used = {template.name for template in answer.templates if template.name}
    components = {f"components/{one.name}" for one in (settings.BASE_DIR / "templates" / "components").glob("*.html")}
    inside_others = {"components/hero_web.html", "components/languages.html"}
    assert components - used - inside_others == set()
