"""Typed values go into the controls of a rendered form; everything else of the page stays as it is."""

from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from network.refill import refill

PAGE = """<!doctype html><title>a &amp; b</title><script>let a = "<form method='post'>" && 1 < 2;</script>
<form method="post" action="/sign-out/"><input type="hidden" name="csrfmiddlewaretoken" value="t"><button name="go">Go</button></form>
<form method="get"><input name="q" value="old"></form>
<FORM method="POST" action="?a=1#virhe"><input type='hidden' name='csrfmiddlewaretoken' value='token'>
<label for="i1">Name <b>here</b></label><input id=i1 name="name" value="a &quot; b" required>
<details><summary>More</summary><textarea name="body" rows=3>
old &lt;b&gt;</textarea></details>
<details><summary>Less</summary><input name="same" value="x"></details>
<label for="i2">Kind</label><select id="i2" name="kind"><option value="">–</option><option value="1" selected>One</option><option value="2">Two</option></select>
<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">
<input type="checkbox" name="c" checked><input type="checkbox" name="m" value="1"><input type="checkbox" name="m" value="2">
<input type="password" name="p"><input type="file" name="f"><input name="off" value="z" disabled><br/>
<button name="do" value="it">Do</button></FORM><p>end &copy;</p>"""
TYPED = {"name": ["New"], "body": ["x"], "same": ["x"], "kind": ["2"], "r": ["2"], "m": ["2"]}


def filled(typed, page=PAGE):
    found = refill(page, "/note/", typed)
    assert found is not None
    return found


def test_each_kind_of_control_takes_its_value():
    html = filled(TYPED).html
    assert '<input id="i1" name="name" value="New" required>' in html
    assert '<textarea name="body" rows=3>\nx</textarea>' in html
    assert '<option value="1">One</option><option value="2" selected>Two</option>' in html
    assert '<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>' in html
    assert '<input type="checkbox" name="c"><input type="checkbox" name="m" value="1">' in html
    assert '<input type="checkbox" name="m" value="2" checked>' in html


def test_only_what_was_changed_is_unfolded():
    html = filled(TYPED).html
    assert "<details open><summary>More" in html
    assert "<details><summary>Less" in html


def test_the_rest_of_the_page_stays_as_it_is():
    same = {"name": ['a " b'], "same": ["x"], "kind": ["1"], "r": ["1"], "c": ["on"]}
    assert filled(same).html == PAGE
    html = filled(TYPED).html
    assert html.startswith(PAGE[: PAGE.index("<label")])
    assert html.endswith("<p>end &copy;</p>")


def test_tokens_secrets_files_and_buttons_are_never_filled_in():
    found = filled(
        TYPED
        | {
            "csrfmiddlewaretoken": ["evil"],
            "p": ["evil"],
            "f": ["evil"],
            "off": ["evil"],
            "do": ["evil"],
            "_save": ["evil"],
        }
    )
    assert "evil" not in found.html


def test_what_has_no_place_is_told():
    found = filled(TYPED | {"gone": ["My text", " "], "kind": ["3"], "m": ["2", "9"]})
    assert found.homeless == ["My text"]
    assert found.again == ["Kind"]
    assert found.labels["name"] == "Name here"


def test_a_page_without_the_form_is_not_filled():
    assert refill(PAGE, "/note/", {"other": ["x"]}) is None
    assert refill(PAGE, "/note/", {"q": ["x"]}) is None  # a form that is sent by GET
    assert refill("<p>No form</p>", "/note/", TYPED) is None
    assert refill(PAGE.replace("?a=1", "http://["), "/note/", TYPED) is None
    assert refill(PAGE.replace("?a=1", "/elsewhere/"), "/note/", TYPED) is None


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_any_text_is_text_again(text):
    found = filled({"body": [text], "name": [text], "same": [text]})
    area = found.html.partition("rows=3>\n")[2].partition("</textarea>")[0]
    assert unescape(area) == unescape(escape(text))
    assert found.html.count("<form") + found.html.count("<FORM") == PAGE.count("<form") + PAGE.count("<FORM")


@given(st.text(alphabet="<>/=\"' abcformtxe-!&;", max_size=200))
def test_a_crooked_page_never_fails(html):
    refill(html, "/note/", {"a": ["x"]})
    refill(f'<form method="post">{html}<input name="a"></form>', "/note/", {"a": ["x"]})


def rows(count, empty=True):
    row = '<div id="p-{0}"><input type="hidden" name="p-{0}-id" value="{1}"><input name="p-{0}-t" value=""></div>'
    body = "".join(row.format(n, "") for n in range(count)) + (
        row.format("__prefix__", "").replace('p-__prefix__"', 'p-empty"', 1) if empty else ""
    )
    return f'<form method="post"><input type="hidden" name="p-TOTAL_FORMS" value="{count}"><input type="hidden" name="p-INITIAL_FORMS" value="0">{body}</form>'


ROWS = {"p-TOTAL_FORMS": ["3"], "p-INITIAL_FORMS": ["0"], "p-0-t": ["a"], "p-1-t": ["b"], "p-2-t": ["c"]}


def test_rows_are_added_where_the_page_has_an_empty_one():
    html = filled(ROWS, rows(1)).html
    assert [f'name="p-{n}-t" value="{text}"' in html for n, text in enumerate("abc")] == [True] * 3
    assert 'name="p-TOTAL_FORMS" value="3"' in html
    assert html.count("__prefix__") == 2


def test_rows_without_a_place_are_told():
    found = filled(ROWS, rows(1, empty=False))
    assert found.homeless == ["b", "c"]
    assert 'name="p-TOTAL_FORMS" value="1"' in found.html


def test_counts_of_rows_are_bounded():
    found = filled(ROWS | {"p-TOTAL_FORMS": ["99999"]}, rows(1))
    assert found.html.count("<div") <= 502
    for count in ("-1", "x", "", "9" * 99, "²"):
        filled(ROWS | {"p-TOTAL_FORMS": [count]}, rows(1))
