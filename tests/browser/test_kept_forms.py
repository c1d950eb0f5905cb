"""What was typed comes back, in a real browser: after an ended session, a changed token, a paste of ten megabytes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage, sign_in
from .data import CAST
from .test_pages import violations_in_all_looks

NOTE = "/testi/muistio/"
TEXT = 'Ensimmäinen rivi "lainaus" <b> & muuta\n\nToinen kappale.'


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def change_token(page: Page, portal: str) -> None:
    page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": portal}])


def write_note(page: Page) -> None:
    page.goto(NOTE)
    page.get_by_label("Otsikko").fill("Otsikko")
    page.get_by_label("Teksti").fill(TEXT)
    page.get_by_label("Ryhmä").check()


def save_note(page: Page) -> None:
    page.get_by_role("button", name="Tallenna").click()


def expect_note(page: Page) -> None:
    expect(page.get_by_label("Otsikko")).to_have_value("Otsikko")
    expect(page.get_by_label("Teksti")).to_have_value(TEXT)
    expect(page.get_by_label("Ryhmä")).to_be_checked()
    expect(page.get_by_label("Lista")).not_to_be_checked()
    expect(page.locator("#virhe")).to_be_visible()
    expect(page.locator("#saved")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_that_ended_while_writing_on_a_phone(open_page: OpenPage, javascript: bool) -> None:
    page = open_page(width=390, role="professional", javascript=javascript, is_mobile=True, has_touch=True)
    write_note(page)
    end_session(page)
    save_note(page)
    sign_in(page, CAST["professional"])
    expect_note(page)
    if javascript:
        assert violations_in_all_looks(page) == []
    save_note(page)
    expect(page.locator("#saved")).to_contain_text("Toinen kappale.")


def test_a_token_that_changed_while_writing(open_page: OpenPage, portal: str) -> None:
    page = open_page(role="professional")
    write_note(page)
    change_token(page, portal)
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        save_note(page)
    assert answer.value.status == 403
    expect_note(page)
    expect(page.locator("#virhe")).to_be_in_viewport()
    save_note(page)
    expect(page.locator("#saved")).to_contain_text("Toinen kappale.")


def test_a_paste_of_ten_megabytes(open_page: OpenPage) -> None:
    page = open_page(role="professional")
    page.set_default_timeout(120_000)  # the browser itself is slow with it
    write_note(page)
    body = page.get_by_label("Teksti")
    body.evaluate("(area) => { area.value = ('Pitkä teksti. '.repeat(5) + '\\n').repeat(140000) }")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        save_note(page)
    assert answer.value.status == 400
    page.wait_for_load_state()
    assert 90_000 < body.evaluate("(area) => area.value.length") <= 100_000
    with page.expect_download() as file:
        page.locator("#virhe a[download]").click()
    assert len(Path(file.value.path()).read_text(encoding="utf-8")) == 71 * 140_000
    expect(page.get_by_label("Otsikko")).to_have_value("Otsikko")
    body.fill("Lyhyt")
    save_note(page)
    expect(page.locator("#saved")).to_contain_text("Lyhyt")


def test_somebody_else_who_signs_in_sees_nothing(open_page: OpenPage) -> None:
    page = open_page(role="professional")
    write_note(page)
    end_session(page)
    save_note(page)
    sign_in(page, CAST["expert"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Muistio")
    expect(page.get_by_label("Teksti")).to_have_value("")
    expect(page.locator("#virhe")).to_have_count(0)


def test_a_form_of_the_desk_with_a_row_that_was_added_in_the_browser(open_page: OpenPage) -> None:
    page = open_page(role="coordinator")
    page.goto("/hallinta/network/organisation/?q=Esimerk")
    page.locator("#result_list tbody th a").first.click()
    address = page.url
    description = page.locator("#id_description")
    before = description.input_value()
    description.fill(TEXT)
    rows = page.locator("#links-group")
    if rows.locator("summary").count():
        rows.locator("summary").click()
    rows.locator(".add-row a").click()
    last = int(page.locator("#id_links-TOTAL_FORMS").input_value()) - 1
    page.locator(f"#id_links-{last}-title").fill("Uusi linkki")
    page.locator(f"#id_links-{last}-url").fill("https://example.org/uusi")
    end_session(page)
    page.locator("input[name=_continue], button[name=_continue]").first.click()
    sign_in(page, CAST["coordinator"])
    expect(description).to_have_value(TEXT)
    expect(page.locator(f"#id_links-{last}-title")).to_have_value("Uusi linkki")
    expect(page.locator(f"#id_links-{last}-title")).to_be_visible()
    assert violations_in_all_looks(page) == []
    page.locator("input[name=_continue], button[name=_continue]").first.click()
    expect(page.locator("#virhe")).to_have_count(0)
    page.goto(address)
    expect(description).to_have_value(TEXT)
    expect(page.locator("#links-group input[value='Uusi linkki']")).to_have_count(1)
    # As it was.
    description.fill(before)
    if rows.locator("summary").count():
        rows.locator("summary").click()
    row = page.locator(".inline-related", has=page.locator("input[value='Uusi linkki']"))
    row.locator("input[type=checkbox][name$=DELETE]").check()
    page.locator("input[name=_continue], button[name=_continue]").first.click()
    expect(page.locator("#links-group input[value='Uusi linkki']")).to_have_count(0)
