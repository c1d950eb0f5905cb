"""Each page is the same page in each language, and says so to readers and to search engines."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from .pages import FOUND, FRAMED, PortalPage

LANGUAGES = ("fi", "sv", "en")


@pytest.mark.parametrize("portal_page", FRAMED, ids=lambda page: page.name)
def test_the_language_switch_keeps_the_page_and_its_search(
    page: Page, visit: Callable[..., None], portal_page: PortalPage
) -> None:
    visit(page, portal_page)
    for code in (*LANGUAGES[1:], "fi"):
        switch = page.locator(f"header nav a[hreflang={code}]")
        switch.click()
        # An address that leads nowhere has no counterpart: its switch leads to the front page.
        leads_on = portal_page.status in {200, 410}  # what has closed still has a page
        wanted = portal_page.in_language(code) if leads_on else PortalPage("front", "/").in_language(code)
        address = urlsplit(page.url)
        assert (address.path, address.query) == urlsplit(wanted)[2:4]
        assert page.locator("html").get_attribute("lang") == code
        current = page.locator("header nav a[hreflang][aria-current=true]")
        assert current.evaluate_all("links => links.map(link => link.hreflang)") == [code]


@pytest.mark.parametrize("portal_page", FOUND, ids=lambda page: page.name)
def test_search_engines_are_told_the_same_page_in_all_languages(
    page: Page, portal: str, visit: Callable[..., None], portal_page: PortalPage
) -> None:
    bare = PortalPage(portal_page.name, portal_page.path.split("?")[0])
    for code in LANGUAGES:
        visit(page, portal_page, code)
        links = page.locator("link[hreflang]").evaluate_all(
            "links => links.map(link => [link.hreflang, link.getAttribute('href')])"
        )
        assert links == [[other, portal + bare.in_language(other)] for other in LANGUAGES]
        canonical = page.locator("link[rel=canonical]").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        assert canonical == [portal + bare.in_language(code)]


@pytest.mark.parametrize("path", ["/testi/500/", "/palvelut/?q=%00"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_even_the_pages_of_last_resort_say_their_language(page: Page, path: str, code: str) -> None:
    page.goto(path if code == "fi" or path.startswith("/testi") else f"/{code}{path}")
    assert page.locator("html").get_attribute("lang") == ("fi" if path.startswith("/testi") else code)
    assert page.get_by_role("heading", level=1).count() == 1
