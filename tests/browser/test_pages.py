"""Every page: accessible in both schemes, quiet, whole on a narrow window, easy to hit with a finger."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .axe import violations
from .conftest import OpenPage
from .data import CAST
from .pages import FOUND, FRAMED, PAGES, PortalPage
from .watching import Watch

Visit = Callable[..., None]

every_page = pytest.mark.parametrize("portal_page", PAGES, ids=lambda page: page.name)

LOOKS = (("light", 390), ("dark", 1280))  # each scheme and each width once
WIDTHS = (390, 1280)


def violations_in_all_looks(page: Page) -> list[str]:
    found = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"{scheme} {width}: {line}" for line in violations(page)]
    return found


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


@every_page
def test_axe_finds_nothing_in_either_scheme_on_phone_and_desktop(
    page: Page, visit: Visit, portal_page: PortalPage
) -> None:
    visit(page, portal_page)
    assert violations_in_all_looks(page) == []


@pytest.mark.parametrize("path", ["/palvelut/", "/palvelut/esimerkki-taysi/"])
def test_axe_finds_nothing_when_all_that_folds_is_open(page: Page, path: str) -> None:
    page.goto(path)
    unfold(page)
    assert violations_in_all_looks(page) == []


def test_axe_would_see_a_fault(page: Page) -> None:
    """The tests above mean something: an element that is wrong in two ways is found in both."""
    page.goto("/tietoa/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p><font color=\"#ccc\">moi</font><img></p>')"
    )
    assert sorted(line.split(":")[0] for line in violations(page)) == ["critical image-alt", "serious color-contrast"]


@pytest.mark.parametrize("role", ["", *CAST])
def test_no_page_breaks_the_policy_logs_an_error_or_asks_another_host(
    open_page: OpenPage, portal: str, visit: Visit, role: str
) -> None:
    page = open_page(role=role)
    watch = Watch(page, portal)
    faults: dict[str, list[str]] = {}
    for portal_page in PAGES:
        visit(page, portal_page, role=role)
        page.wait_for_load_state("networkidle" if portal_page.name == "front" else "load")
        faults[portal_page.name] = watch.faults[:]
        watch.faults.clear()
    assert {name: lines for name, lines in faults.items() if lines} == {}


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


# What stands outside the window's right edge, apart from drawings and tables that scroll by themselves.
OUTSIDE = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const scrolls = document.documentElement.scrollWidth > document.documentElement.clientWidth
    || document.body.scrollWidth > document.documentElement.clientWidth;
  const outside = [...document.querySelectorAll("body *")].filter(one =>
    one.checkVisibility() && !one.closest("svg, .table-scroll, .visually-hidden") && one.getBoundingClientRect().right > edge);
  return [...(scrolls ? ["the page scrolls sideways"] : []), ...outside.map(one => one.outerHTML.slice(0, 120))];
}"""


@every_page
def test_nothing_is_cut_or_scrolls_sideways_on_a_narrow_window_or_with_large_text(
    page: Page, visit: Visit, portal_page: PortalPage
) -> None:
    visit(page, portal_page)
    unfold(page)
    outside = []
    for width, text in ((320, 100), (320, 200), (390, 200), (1280, 200)):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
        outside += [f"{width} px, text {text} %: {line}" for line in page.evaluate(OUTSIDE)]
    assert outside == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_nothing_is_cut_on_a_narrow_window_in_the_other_languages(page: Page, visit: Visit, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    outside = []
    for portal_page in FOUND:
        visit(page, portal_page, language)
        unfold(page)
        outside += [f"{portal_page.name}: {line}" for line in page.evaluate(OUTSIDE)]
    assert outside == []


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


@every_page
def test_everything_that_is_pressed_is_large_enough_for_a_finger(
    page: Page, visit: Visit, portal_page: PortalPage
) -> None:
    visit(page, portal_page)
    unfold(page)
    small = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        small += [f"{width} px: {line}" for line in page.evaluate(SMALL_TARGETS)]
    assert small == []


@pytest.mark.parametrize("portal_page", FRAMED, ids=lambda page: page.name)
def test_every_page_can_be_left_quickly_from_its_first_strip(page: Page, visit: Visit, portal_page: PortalPage) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, portal_page)
    link = page.locator("header > .strip:first-child a.leave")
    assert link.inner_text().strip() == "Poistu sivulta nopeasti"
    assert link.get_attribute("href") == "https://www.ilmatieteenlaitos.fi/"
    assert "noreferrer" in (link.get_attribute("rel") or "").split()
    box = link.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 100


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
