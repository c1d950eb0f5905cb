"""The first view is light: what goes over the wire from the production server to a browser with an empty cache."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

MOST_BYTES = 60_000
MOST_REQUESTS = 7  # one of them the search box's script
YEAR = 365 * 24 * 3600


class Wire:
    """Counts bytes as they came: compressed, with headers."""

    def __init__(self, page: Page) -> None:
        self.size: dict[str, int] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.kinds: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _answered(self, event: dict[str, Any]) -> None:
        url = event["response"]["url"]
        self._addresses[event["requestId"]] = url
        self.kinds[url] = event["type"]
        self.headers[url] = {name.lower(): value for name, value in event["response"]["headers"].items()}

    def _finished(self, event: dict[str, Any]) -> None:
        self.size[self._addresses[event["requestId"]]] = int(event["encodedDataLength"])


@pytest.mark.parametrize(
    "path", ["/", "/palvelut/", "/palvelut/laheisten-ryhma-kajaani/", "/palvelut/esimerkki-taysi/"]
)
def test_the_first_view_is_under_sixty_kilobytes_in_seven_requests(page: Page, path: str) -> None:
    wire = Wire(page)
    page.goto(path, wait_until="networkidle")
    # A browser with a window fetches the icon too; one without does not.
    icon = page.request.get(page.locator("link[rel=icon]").evaluate("link => link.href"))
    wire.size.setdefault(icon.url, len(icon.body()) + 500)

    assert sum(wire.size.values()) <= MOST_BYTES, wire.size
    assert len(wire.size) <= MOST_REQUESTS, wire.size
    assert sum(kind == "Stylesheet" for kind in wire.kinds.values()) > 0
    scripts = [url for url, kind in wire.kinds.items() if kind == "Script"]
    assert all("/js/suggest." in url for url in scripts), scripts
    for url, headers in wire.headers.items():
        kind = wire.kinds[url]
        if kind in ("Document", "Stylesheet"):
            assert headers["content-encoding"] == ("gzip" if kind == "Document" else "br"), url
        if kind != "Document":
            age = re.search(r"max-age=(\d+)", headers["cache-control"])
            assert age, url
            assert int(age[1]) >= YEAR, url
            assert "immutable" in headers["cache-control"], url


def test_a_second_page_asks_for_nothing_but_itself(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    wire = Wire(page)
    page.goto("/palvelut/", wait_until="networkidle")
    fetched = [url for url, size in wire.size.items() if size > 0]
    assert fetched == [page.url]
