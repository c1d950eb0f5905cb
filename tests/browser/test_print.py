"""Paper: good enough to hand to a client."""

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def paper(page: Page) -> Page:
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("path", ["/palvelut/laheisten-ryhma-kajaani/", "/palvelut/esimerkki-taysi/"])
def test_a_printed_service_has_contacts_code_and_urgent_numbers_but_no_menus(paper: Page, path: str) -> None:
    paper.goto(path)
    for kept in ("h1", "#contact-heading", ".contact .org", ".contact .qr svg", "#way", "#checked"):
        expect(paper.locator(kept).first).to_be_visible()
    urgent = paper.locator(".urgent")
    for number in ("112", "116 117"):
        expect(urgent.get_by_text(number, exact=True)).to_be_visible()
    for left_out in (".skip", ".strip", ".menu", ".crumbs", ".foot nav", "#related", ".leave"):
        for part in paper.locator(left_out).all():
            expect(part).to_be_hidden()
    assert paper.get_by_role("navigation").count() == 0


def test_the_code_on_paper_leads_to_the_page_and_can_be_scanned(paper: Page) -> None:
    paper.goto("/palvelut/laheisten-ryhma-kajaani/")
    drawing = paper.locator(".contact .qr svg")
    box = drawing.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 90  # 24 mm at 96 dots an inch
    colours = drawing.evaluate(
        "svg => [getComputedStyle(svg.querySelector('path')).stroke, getComputedStyle(svg.closest('.contact')).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_the_code_is_for_paper_only(page: Page) -> None:
    page.goto("/palvelut/laheisten-ryhma-kajaani/")
    expect(page.locator(".contact .qr")).to_be_hidden()


def test_printed_lists_have_the_services_but_no_search(paper: Page) -> None:
    paper.goto("/palvelut/?municipality=205")
    expect(paper.locator(".hit").first).to_be_visible()
    expect(paper.locator(".urgent")).to_be_visible()
    for left_out in ("form", ".filters", ".chips", ".sorts", ".pages", ".strip", ".menu"):
        for part in paper.locator(left_out).all():
            expect(part.locator("visible=true")).to_have_count(0)


def test_paper_is_black_on_white_whatever_the_scheme(paper: Page) -> None:
    paper.emulate_media(media="print", color_scheme="dark")
    paper.goto("/palvelut/laheisten-ryhma-kajaani/")
    colours = paper.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
