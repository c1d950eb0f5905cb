"""The search box with names under it, by keyboard and on a telephone's width."""

from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import OpenPage


def test_names_are_chosen_by_keyboard_and_the_box_works_without_them(open_page: OpenPage) -> None:
    page: Page = open_page(width=390)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/")
    box = page.get_by_role("combobox", name="Mitä etsit?")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("ryhm")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").first).not_to_be_empty()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    box.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", "x")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("ryhm")

    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    address = options.first.get_attribute("data-url")
    box.press("Enter")
    page.wait_for_url(f"**{address}")
    assert faults == []
