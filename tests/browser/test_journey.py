"""What the portal is for: a professional finds the close ones' group and sees how to get there. No script, any language."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage

FINNISH = {
    "prefix": "", "what": "Mitä etsit?", "where": "Missä?", "find": "Hae palveluja", "town": "Kajaani",
    "service": "Läheisten ryhmä, Kajaani", "offered": "Kajaanin seurakunta", "contacts": "Yhteystiedot", "way": "Näin pääset palveluun",
    "how": "Kysy, milloin ryhmä kokoontuu", "unchecked": "Tietoja ei ole vielä tarkistettu",
}  # fmt: skip
SWEDISH = {
    "prefix": "/sv", "what": "Vad söker du?", "where": "Var?", "find": "Sök tjänster", "town": "Kajana",
    "service": "Grupp för närstående, Kajana", "offered": "Kajana församling", "contacts": "Kontaktuppgifter", "way": "Så får du tjänsten",
    "how": "Fråga när gruppen träffas", "unchecked": "Uppgifterna har inte kontrollerats ännu",
}  # fmt: skip
ENGLISH = {
    "prefix": "/en", "what": "What are you looking for?", "where": "Where?", "find": "Find services", "town": "Kajaani",
    "service": "Group for close ones, Kajaani", "offered": "Kajaani Parish", "contacts": "Contact details", "way": "How to get the service",
    "how": "Ask when the group meets", "unchecked": "The details have not been checked yet",
}  # fmt: skip


@pytest.mark.parametrize("words", [FINNISH, SWEDISH, ENGLISH], ids=["fi", "sv", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_professional_finds_the_close_ones_group_without_scripts(
    open_page: OpenPage, width: int, words: dict[str, str]
) -> None:
    phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if width == 390 else {}
    page = open_page(width=width, javascript=False, **phone)
    page.goto(f"{words['prefix']}/")
    page.get_by_label(words["what"]).fill("läheisten ryhmä")
    page.get_by_label(words["where"]).select_option(label=words["town"])
    page.get_by_role("button", name=words["find"]).click()

    hit = (
        page.get_by_role("main")
        .get_by_role("listitem")
        .filter(has=page.get_by_role("heading", name=words["service"], exact=True))
    )
    expect(hit).to_contain_text(words["offered"])
    expect(hit).to_contain_text(words["town"])
    hit.get_by_role("heading").get_by_role("link").click()

    expect(page).to_have_url(re.compile(f"{words['prefix']}/palvelut/laheisten-ryhma-kajaani/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words["service"])
    contacts = page.get_by_role("complementary", name=words["contacts"])
    expect(contacts.get_by_role("heading", name=words["offered"])).to_be_visible()
    way = page.get_by_role("region", name=words["way"])
    expect(way).to_contain_text(words["how"])
    expect(page.get_by_role("heading", name=words["unchecked"])).to_be_visible()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_texts_that_exist_in_finnish_only_are_marked_finnish(open_page: OpenPage, language: str) -> None:
    page = open_page(javascript=False)
    page.goto(f"/{language}/palvelut/esimerkki-paljas/")
    for text in ("Paljas palvelu", "Apua ja tukea.", "Ota yhteyttä."):
        shown = page.get_by_role("main").get_by_text(text, exact=True)
        assert language_of(shown) == "fi"
    assert language_of(page.get_by_role("heading", level=2).first) == language

    page.goto(f"/{language}/palvelut/?organisation=esimerkki-paljas")
    for text in ("Paljas palvelu", "Apua ja tukea."):
        assert language_of(page.get_by_role("main").get_by_text(text, exact=True)) == "fi"


def language_of(shown: Any) -> str:
    return str(shown.evaluate("element => element.closest('[lang]').lang"))


# How the element that has the focus shows it: a line or a shadow that can be seen.
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const clear = colour => /transparent|rgba\\(.*, 0\\)/.test(colour);
  const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !clear(style.outlineColor);
  return { name: one.outerHTML.slice(0, 100), tag: one.tagName, shown: one.checkVisibility() && (line || style.boxShadow !== "none") };
}"""


def press_tab(page: Page) -> str:
    """One step on; where it led. Fails when nobody could see where the focus is."""
    page.keyboard.press("Tab")
    focus = page.evaluate(FOCUS)
    if focus["tag"] != "BODY":
        assert focus["shown"], f"the focus cannot be seen on {focus['name']}"
    return str(focus["tag"])


def skip_to_content(page: Page) -> None:
    """As a keyboard user does on each page: the first stop is the skip link."""
    press_tab(page)
    expect(page.get_by_role("link", name="Siirry sisältöön")).to_be_focused()
    expect(page.get_by_role("link", name="Siirry sisältöön")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_journey_works_by_keyboard_alone(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    page.goto("/")
    skip_to_content(page)
    press_tab(page)
    expect(page.get_by_label("Mitä etsit?")).to_be_focused()
    page.keyboard.type("läheisten ryhmä")
    press_tab(page)
    expect(page.get_by_label("Missä?")).to_be_focused()
    page.keyboard.type("Kaj")
    press_tab(page)
    expect(page.get_by_role("button", name="Hae palveluja")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/palvelut/?*municipality=205*")

    skip_to_content(page)
    link = page.get_by_role("heading", name="Läheisten ryhmä, Kajaani").get_by_role("link")
    for _step in range(120):
        press_tab(page)
        if link.evaluate("element => element === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/palvelut/laheisten-ryhma-kajaani/")


def test_on_a_phone_the_filters_open_and_narrow_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.goto("/palvelut/")
    found = int(page.get_by_role("status").inner_text().split()[0])
    box = page.get_by_role("group", name="Kenelle").get_by_role("checkbox", name=re.compile("^Läheis"))
    expect(box).to_be_hidden()
    skip_to_content(page)
    press_tab(page)
    expect(page.locator("summary", has_text="Rajaa hakua")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_be_visible()
    while not box.evaluate("element => element === document.activeElement"):
        assert press_tab(page) != "BODY"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/palvelut/?*audience=close-ones*")
    chip = page.get_by_role("link", name=re.compile("^Poista rajaus: Läheis"))
    expect(chip).to_be_visible()
    assert 0 < int(page.get_by_role("status").inner_text().split()[0]) < found


@pytest.mark.parametrize(
    "path", ["/", "/palvelut/?municipality=205", "/palvelut/esimerkki-taysi/", "/verkosto/", "/tili/kirjaudu/"]
)
@pytest.mark.parametrize("width", [390, 1280])
def test_every_stop_of_the_tab_key_can_be_seen(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(width=width)
    page.goto(path)
    steps = 1
    while press_tab(page) != "BODY":
        steps += 1
        assert steps < 300, "the focus does not come out of the page"
    assert steps >= 9
