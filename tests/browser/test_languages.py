"""Each page is the same page in each language, and says so to readers and to search engines. Read as it is served."""

from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from .pages import FOUND, FRAMED, PortalPage

LANGUAGES = ("fi", "sv", "en")
Tag = dict[str, str | None]


class Served(HTMLParser):
    """A page as the portal `portal` serves it at `path`: `status`, and its start tags by `find`."""

    def __init__(self, portal: str, path: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        request = Request(portal + path, headers={"Accept-Language": "fi"})  # noqa: S310
        try:
            with urlopen(request) as answer:  # noqa: S310
                self.status, text = answer.status, answer.read().decode()
        except HTTPError as answer:
            self.status, text = answer.code, answer.read().decode()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append({"": tag, **dict(attrs)})

    def find(self, tag: str, *having: str) -> list[Tag]:
        return [one for one in self.tags if one[""] == tag and all(name in one for name in having)]

    @property
    def language(self) -> str | None:
        return self.find("html")[0]["lang"]

    @property
    def switch(self) -> list[Tag]:
        """The links of the language switch, which no search engine reads."""
        return [one for one in self.find("a", "hreflang") if one["hreflang"] in LANGUAGES]


@pytest.mark.parametrize("portal_page", FRAMED, ids=lambda page: page.name)
def test_the_language_switch_keeps_the_page_and_its_search(portal: str, portal_page: PortalPage) -> None:
    # An address that leads nowhere has no counterpart: its switch leads to the front page of the other languages.
    leads_on = portal_page.status in {200, 410}  # what has closed still has a page
    target = portal_page if leads_on else PortalPage("front", "/")
    served = Served(portal, portal_page.path)
    assert served.status == portal_page.status
    for code in LANGUAGES:
        assert served.language == code
        current = [one["hreflang"] for one in served.switch if one.get("aria-current") == "true"]
        assert current == [code]
        switched = {one["hreflang"]: (one["href"] or "") for one in served.switch}
        targets = {other: portal_page if other == code else target for other in LANGUAGES}
        wanted = {other: urlsplit(one.in_language(other))[2:4] for other, one in targets.items()}
        assert {other: urlsplit(address)[2:4] for other, address in switched.items()} == wanted
        if code != LANGUAGES[-1]:
            served = Served(portal, portal_page.in_language(LANGUAGES[LANGUAGES.index(code) + 1]))


@pytest.mark.parametrize("portal_page", FOUND, ids=lambda page: page.name)
def test_search_engines_are_told_the_same_page_in_all_languages(portal: str, portal_page: PortalPage) -> None:
    bare = PortalPage(portal_page.name, portal_page.path.split("?")[0])
    for code in LANGUAGES:
        served = Served(portal, portal_page.in_language(code))
        links = [(link["hreflang"], link["href"]) for link in served.find("link", "hreflang")]
        assert links == [(other, portal + bare.in_language(other)) for other in LANGUAGES]
        canonical = [link["href"] for link in served.find("link", "rel") if link["rel"] == "canonical"]
        assert canonical == [portal + bare.in_language(code)]


@pytest.mark.parametrize("path", ["/testi/500/", "/palvelut/?q=%00"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_even_the_pages_of_last_resort_say_their_language(portal: str, path: str, code: str) -> None:
    served = Served(portal, path if code == "fi" or path.startswith("/testi") else f"/{code}{path}")
    assert served.language == ("fi" if path.startswith("/testi") else code)
    assert len(served.find("h1")) == 1
