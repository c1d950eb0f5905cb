"""Every page, as everybody who has pages of their own: accessible in both schemes, quiet, whole on a narrow window, easy to
hit with a finger. One visit each, since opening a page takes longer than all that is looked at."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from .axe import OF_THE_LOOK, RULES, violations
from .conftest import OpenPage
from .pages import FOUND, OWN, PAGES, PortalPage
from .watching import Watch

Visit = Callable[..., None]

LOOKS = (("light", 390), ("dark", 1280))  # each scheme and each width once
# Between them these have every part that only a wide window shows; of the others the second look is about looks.
WHOLE_IN_BOTH = {"front", "list", "service-full", "own-pages", "meetings", "styleguide", "sign-in"}
NARROW = (320, 100)  # width in px, size of the text in %
LARGE_TEXT = ((320, 200), (390, 200), (1280, 200))

# What stands outside the window's right edge, apart from drawings and tables that scroll by themselves.
OUTSIDE = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const scrolls = document.documentElement.scrollWidth > document.documentElement.clientWidth
    || document.body.scrollWidth > document.documentElement.clientWidth;
  const outside = [...document.querySelectorAll("body *")].filter(one =>
    one.checkVisibility() && !one.closest("svg, .table-scroll, .visually-hidden") && one.getBoundingClientRect().right > edge);
  return [...(scrolls ? ["the page scrolls sideways"] : []), ...outside.map(one => one.outerHTML.slice(0, 120))];
}"""

# Targets under 24 px, and primary controls under 44 px. WCAG 2.5.8 frees links inside a sentence, and those whose lines
# stand 24 px apart.
SMALL_TARGETS = """() => {
  const primary = ".btn, .menu a, .menu button, summary, .chip, .form-check, .strip a, .pages a, .call, .contact a, .form-control, .form-select";
  const small = (one, size) => { const box = one.getBoundingClientRect(); return box.height < size - .5 || box.width < size - .5; };
  const inText = one => getComputedStyle(one).display === "inline"
    && (one.parentElement.textContent.trim().length > one.textContent.trim().length || parseFloat(getComputedStyle(one).lineHeight) >= 24);
  const shown = selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility() && !one.closest(".skip"));
  return [
    ...shown(primary).filter(one => small(one, 44)).map(one => `under 44: ${one.outerHTML.slice(0, 140)}`),
    ...shown("a, button, input, select, textarea, summary").filter(one => small(one, 24) && !inText(one))
      .map(one => `under 24: ${one.outerHTML.slice(0, 140)}`),
  ];
}"""


def violations_in_all_looks(page: Page, whole: bool = True) -> list[str]:
    found = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        rules = RULES if whole or (scheme, width) == LOOKS[0] else OF_THE_LOOK
        found += [f"{scheme} {width}: {line}" for line in violations(page, rules)]
    return found


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def faults(page: Page, portal_page: PortalPage) -> Iterator[str]:
    """What is wrong with an open page: one line for each thing."""
    if portal_page.framed:
        yield from leaves_late(page)
    unfold(page)
    yield from violations_in_all_looks(page, portal_page.name in WHOLE_IN_BOTH)
    for _scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        yield from (f"{width} px: {line}" for line in page.evaluate(SMALL_TARGETS))
    for width, text in (NARROW, *(() if portal_page.role else LARGE_TEXT)):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
        yield from (f"{width} px, text {text} %: {line}" for line in page.evaluate(OUTSIDE))


def leaves_late(page: Page) -> Iterator[str]:
    """Every page can be left quickly from its first strip."""
    link = page.locator("header > .strip:first-child a.leave")
    box = link.bounding_box()
    if (
        link.get_attribute("href") != "https://www.ilmatieteenlaitos.fi/"
        or "noreferrer" not in (link.get_attribute("rel") or "").split()
        or link.inner_text().strip() != "Poistu sivulta nopeasti"
        or box is None
        or box["y"] + box["height"] >= 100
    ):
        yield f"no quick way out: {link.evaluate('link => link.outerHTML')} at {box}"


@pytest.mark.parametrize("portal_page", [*PAGES, *OWN], ids=lambda page: page.name)
def test_a_page_is_accessible_quiet_whole_and_easy_to_hit(
    open_page: OpenPage, portal: str, visit: Visit, portal_page: PortalPage
) -> None:
    page = open_page(width=390, role=portal_page.role)
    watch = Watch(page, portal)
    visit(page, portal_page)
    page.wait_for_load_state("networkidle" if portal_page.name == "front" else "load")
    asked = watch.faults[:]  # before axe runs: it is a script that the page did not bring
    assert asked + list(faults(page, portal_page)) == []


@pytest.mark.parametrize("role", ["ngo_editor", "coordinator"])
def test_a_page_for_all_is_quiet_for_those_who_see_more_of_it(
    open_page: OpenPage, portal: str, visit: Visit, role: str
) -> None:
    page = open_page(role=role)
    watch = Watch(page, portal)
    found: dict[str, list[str]] = {}
    for portal_page in PAGES:
        if portal_page.status != 410:  # these still have the page
            visit(page, portal_page)
        found[portal_page.name] = watch.faults[:]
        watch.faults.clear()
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_would_see_a_fault(page: Page) -> None:
    """The tests above mean something: an element that is wrong in two ways is found in both."""
    page.goto("/tietoa/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p><font color=\"#ccc\">moi</font><img></p>')"
    )
    assert sorted(line.split(":")[0] for line in violations(page)) == ["critical image-alt", "serious color-contrast"]


def test_the_watch_would_see_a_fault(page: Page, portal: str) -> None:
    """The test above means something: inline style, inline script and another host are each noticed."""
    watch = Watch(page, portal)
    page.goto("/tietoa/")
    page.evaluate("""() => {
      const add = html => document.body.append(document.createRange().createContextualFragment(html));
      add('<style>p { color: red }</style>'); add('<script>1</' + 'script>'); add('<img src="https://pictures.example.org/1.png">');
    }""")
    page.wait_for_timeout(200)
    told = " ".join(watch.faults)
    assert all(
        word in told for word in ("policy broken: style-src", "policy broken: script-src", "policy broken: img-src")
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_nothing_is_cut_on_a_narrow_window_in_the_other_languages(page: Page, visit: Visit, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    outside = []
    for portal_page in FOUND:
        visit(page, portal_page, language)
        unfold(page)
        outside += [f"{portal_page.name}: {line}" for line in page.evaluate(OUTSIDE)]
    assert outside == []


def test_leaving_quickly_does_not_tell_where_one_came_from(page: Page) -> None:
    asked = []
    page.route(
        "https://www.ilmatieteenlaitos.fi/",
        lambda route: (asked.append(route.request.headers), route.fulfill(body="Sää")),
    )
    page.goto("/palvelut/laheisten-ryhma-kajaani/")
    page.get_by_role("link", name="Poistu sivulta nopeasti").click()
    page.wait_for_url("https://www.ilmatieteenlaitos.fi/")
    assert ["referer" in headers for headers in asked] == [False]
