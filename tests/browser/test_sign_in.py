"""Signing in and out by the form."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage, sign_in
from .data import CAST
from .test_pages import violations_in_all_looks

SIGN_IN = "/tili/kirjaudu/"


def where(page: Page) -> str:
    """The address without its fragment: the form's own (#virhe) is carried along by the browser."""
    return page.url.split("#")[0]


@pytest.mark.parametrize("role", CAST)
def test_each_role_signs_in_and_out_without_scripts(open_page: OpenPage, portal: str, role: str) -> None:
    page = open_page(javascript=False)
    sign_in(page, CAST[role])
    assert where(page) == f"{portal}/omat/"
    desk = page.goto("/hallinta/")
    assert desk is not None
    assert desk.status == (200 if role == "coordinator" else 403)
    page.goto("/")
    page.get_by_role("button", name="Kirjaudu ulos").click()
    expect(page.get_by_role("navigation", name="Päävalikko").get_by_role("link", name="Kirjaudu")).to_be_visible()
    page.goto("/hallinta/")
    expect(page).to_have_url(re.compile(f"{SIGN_IN}\\?next=/hallinta/$"))


def test_on_a_phone_one_signs_out_from_the_menu(open_page: OpenPage, portal: str) -> None:
    page = open_page(width=390, is_mobile=True, has_touch=True)
    sign_in(page, CAST["expert"])
    page.locator("summary", has_text="Valikko").tap()
    page.get_by_role("button", name="Kirjaudu ulos").tap()
    page.locator("summary", has_text="Valikko").tap()
    expect(page.get_by_role("navigation", name="Päävalikko").get_by_role("link", name="Kirjaudu")).to_be_visible()


def test_a_wrong_password_keeps_the_address_and_tells_the_error_first(page: Page) -> None:
    sign_in(page, CAST["professional"], "not-the-right-password")
    expect(page.locator("input[name=login]")).to_have_value(CAST["professional"])
    expect(page.locator("input[name=password]")).to_have_value("")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Sähköpostiosoite tai salasana on väärin")
    expect(summary).to_be_in_viewport()
    assert page.url.endswith("#virhe")
    assert summary.evaluate("(summary) => summary.matches(':target') && summary.tabIndex === -1")
    assert summary.evaluate(
        "(summary) => Boolean(summary.compareDocumentPosition(document.querySelector('[name=login]')) & 4)"
    )
    summary.focus()
    expect(summary).to_be_focused()
    assert violations_in_all_looks(page) == []


def test_the_same_answer_for_an_address_that_nobody_has(page: Page) -> None:
    sign_in(page, "nobody@example.org", "not-the-right-password")
    expect(page.get_by_role("alert")).to_contain_text("Sähköpostiosoite tai salasana on väärin")


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example.org/", "//elsewhere.example.org/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_host(page: Page, portal: str, elsewhere: str) -> None:
    page.goto(f"{SIGN_IN}?next={elsewhere}")
    sign_in(page, CAST["outsider"])
    assert where(page) == f"{portal}/omat/"


def test_signing_in_leads_back_to_the_page_that_asked_for_it(page: Page, portal: str) -> None:
    page.goto("/hallinta/")
    sign_in(page, CAST["coordinator"])
    assert where(page) == f"{portal}/hallinta/"


def test_a_form_whose_cookie_is_gone_is_answered_with_what_to_do(page: Page) -> None:
    page.goto(SIGN_IN)
    page.context.clear_cookies()
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        sign_in(page, CAST["professional"])
    assert answer.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Lomaketta ei lähetetty")
    assert violations_in_all_looks(page) == []
