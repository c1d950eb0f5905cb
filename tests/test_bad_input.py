"""What people and machines put into addresses and forms: an answer with a message, never a server error."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.filters import OrganisationFilter
from network.models import Organisation
from services.filters import ServiceFilter
from services.models import ServiceType

from . import factories

pytestmark = pytest.mark.django_db

FILTERS = [*ServiceFilter.base_filters, "page"]
DIRECTORY = [*OrganisationFilter.base_filters, "page"]
MARK = "x7mark"  # no page has this by itself

# Percent-encoded as a browser or an attacker sends them; some are no UTF-8 at all.
NASTY = [
    quote(text)
    for text in (
        "", " ", "0", "-1", "9999", "abc", "9" * 5000, "1e400", "NaN", "Infinity", "-0", "1_000", "٣", "½",
        "x" * 5000, "ä" * 300, "nosuchvalue", "null", "None", "👩🏽‍🚒 apua 🆘", "\u202etuktah", "שלום مرحبا", "\ud7ff\ufdd0",
        f"'; DROP TABLE services_service; -- {MARK}", f"' OR 1=1 -- {MARK}", "%", "_", "\\", "a & | ! ( ) : * <->", '"',
        f"<script>{MARK}</script>", f'"><img src=x onerror="{MARK}">', f"{{{{ {MARK} }}}}", "{% debug %}", "%s %(x)s {0}",
        "../../etc/passwd", "javascript:alert(1)", "a\r\nSet-Cookie: evil=1",
    )
] + ["%00", "a%00b", "%ED%A0%80", "%FF%FE", "%C3", "%", "%zz", "%u0041"]  # fmt: skip

ANSWERS = {200, 301, 302, 400, 404}
RAW = [f"<script>{MARK}", f'onerror="{MARK}']


@pytest.fixture(scope="module")
def browser() -> Client:
    """One client for all examples. It hands a server error on as a page, as a real server would."""
    return Client(raise_request_exception=False)


@pytest.fixture
def listed(region):
    factories.make_service("Ryhmä", slug="ryhma", municipalities=("205",))


def check(answer) -> None:
    assert answer.status_code in ANSWERS
    body = answer.getvalue().decode()
    for raw in RAW:
        assert raw not in body
    assert "evil" not in answer.cookies


values = st.one_of(st.sampled_from(NASTY), st.text(max_size=300).map(lambda text: quote(text, errors="replace")))
fuzzed = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def queries(names):
    """Query strings with one to four of the parameters (or an unknown one), each with any value."""
    pair = st.tuples(st.sampled_from([*names, "nosuchparameter"]), values)
    return st.lists(pair, min_size=1, max_size=4).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
    )


@fuzzed
@given(address=st.sampled_from(["/palvelut/", "/palvelut/csv/", "/sv/palvelut/"]), query=queries(FILTERS))
def test_the_catalogue_answers_any_query(address, query, browser, listed):
    check(browser.get(f"{address}?{query}"))


@fuzzed
@given(query=queries(DIRECTORY))
def test_the_directory_answers_any_query(query, browser, listed):
    check(browser.get(f"/verkosto/?{query}"))


OTHERS = ["/", "/en/", "/palvelut/ryhma/", "/sv/tietoa/", "/tili/kirjaudu/", "/sitemap.xml", "/robots.txt"]


@fuzzed
@given(address=st.sampled_from(OTHERS), query=queries(["q", "municipality", "next", "p", "section", "page"]))
def test_the_other_pages_answer_any_query(address, query, browser, listed):
    check(browser.get(f"{address}?{query}"))


@pytest.mark.parametrize("value", NASTY)
def test_every_filter_answers_every_nasty_value(value, browser, listed):
    """All filters at once: each is read by itself, so that one wrong value hides no other."""
    everything = "&".join(f"{name}={value}" for name in FILTERS if name != "page")
    for address in ("/palvelut/", "/palvelut/csv/", "/verkosto/"):
        check(browser.get(f"{address}?{everything}"))


STARTS = ["/", "/palvelut/", "/palvelut/yhteys/", "/verkosto/", "/sv/", "/en/palvelut/"]


@fuzzed
@given(
    start=st.sampled_from(STARTS),
    end=st.one_of(values, st.text(max_size=80).map(lambda text: quote(text, safe="/", errors="replace"))),
)
def test_any_address_is_answered(start, end, browser, listed):
    check(browser.get(start + end))


@pytest.mark.parametrize(
    "end", ["%00", "../../x", "/evil.example/", "[", "%5B::1", "\\evil.example", "0" * 5000 + "/", "9" * 5000 + "/"]
)
def test_a_crooked_address_is_answered(end, browser, listed):
    for start in STARTS:
        check(browser.get(start + end))


@pytest.mark.parametrize(
    "path", ["//", "//[", "//evil.example/palvelut/", "//evil.example/%2e%2e", "///", "/\\evil.example/"]
)
def test_two_slashes_lead_nowhere_else(path, browser, listed):
    answer = browser.get("/", PATH_INFO=path)
    check(answer)
    assert "evil" not in answer.get("Location", "")
    assert 'href="//' not in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "9999", "abc", "1.5", "9" * 5000, "000000001999", "9" * 20, "%C2%BD"])
@pytest.mark.parametrize("address", ["/palvelut/", "/verkosto/"])
def test_a_page_that_is_not_there_is_not_found(address, number, browser, listed):
    assert browser.get(f"{address}?page={number}").status_code == 404
    assert browser.get(f"{address}?page={number}&q=ryhm%C3%A4").status_code == 404


@pytest.mark.parametrize("address", ["/palvelut/", "/verkosto/"])
def test_an_empty_page_number_is_the_first_page(address, browser, listed):
    assert browser.get(f"{address}?page=").status_code == 200


@pytest.mark.parametrize("where", ["/palvelut/?q=a%00", "/verkosto/?q=%00", "/?a%00b=1", "/palvelut/%00/"])
def test_a_nul_byte_is_refused_with_a_message(where, browser, listed):
    answer = browser.get(where)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


# A wrong filter is told at its field ------------------------------------------------------------------------------------

WRONG = [
    ("q", "ä" * 5000),
    ("municipality", "999"),
    ("age", "vanha"),
    ("age", "121"),
    ("age", "-1"),
    ("age", "17.5"),
    ("access", "nosuchvalue"),
    ("type", "nosuchvalue"),
    ("audience", "nosuchvalue"),
    ("open", "tomorrow"),
    ("sector", "nosuchvalue"),
    ("stage", "nosuchvalue"),
    ("language", "xx"),
    ("organisation", "ei-ole"),
    ("sort", "official"),
    ("unknown", "2"),
]


@pytest.fixture
def two_places(region):
    """One service that a search for Kajaani finds and one that it does not."""
    here = factories.make_service("Täällä", municipalities=("205",))
    there = factories.make_service("Toisaalla", municipalities=("777",))
    return here, there


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_filter_is_told_and_the_rest_stay_in_force(name, value, client, two_places):
    good = {"audience": "", "type": ""} if name == "municipality" else {"municipality": "205"}
    answer = client.get("/palvelut/", {name: value} | good)
    asked = answer.context["catalogue"]
    assert set(asked.errors) == {name}
    assert str(asked.errors[name][0]) in answer.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    found = [hit.name for hit in answer.context["hits"]]
    assert found == (["Toisaalla", "Täällä"] if name == "municipality" else ["Täällä"])


def test_an_empty_filter_is_no_filter(client, two_places):
    answer = client.get("/palvelut/?q=&municipality=205&type=&audience=&age=&access=&open=&sort=&page=")
    assert not answer.context["catalogue"].errors
    assert [chip.label for chip in answer.context["chips"]] == ["Kajaani"]
    assert [hit.name for hit in answer.context["hits"]] == ["Täällä"]


def test_a_wrong_filter_is_tied_to_its_field(client, two_places):
    page = client.get("/palvelut/?age=vanha&type=nosuchvalue").content.decode()
    age = re.search(r"<input[^>]*name=\"age\"[^>]*>", page).group()
    assert 'aria-invalid="true"' in age
    assert 'aria-describedby="id_age_error"' in age
    assert 'id="id_age_error"' in page
    assert re.search(r'<fieldset class="field-error" aria-describedby="(id_type_error)".*id="\1"', page, re.S)


@pytest.mark.parametrize("words", ["ä" * 5000, "läheisten  ryhmä", "<b>\"'&", "🆘", "a OR b -c"])
def test_what_was_typed_stays_in_the_form(words, client, listed):
    answer = client.get("/palvelut/", {"q": words})
    assert answer.context["catalogue"].form["q"].value() == words
    field = re.search(r'<input type="search" name="q"[^>]*>', answer.content.decode()).group()
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f'value="{escaped.replace(chr(34), "&quot;").replace(chr(39), "&#x27;")}"' in field


def test_a_wrong_municipality_of_the_directory_is_told(client, region):
    factories.make_organisation("Yhdistys ry")
    answer = client.get("/verkosto/?municipality=999&sector=ngo&q=Yhdistys")
    assert set(answer.context["directory"].errors) == {"municipality"}
    assert [one.name for one in answer.context["page"]] == ["Yhdistys ry"]
    assert client.get("/verkosto/", {"q": "x" * 5000}).context["directory"].form["q"].value() == "x" * 5000


# Very much of everything ------------------------------------------------------------------------------------------------


def test_a_thousand_values_are_as_good_as_one(client, region):
    ours = factories.make_service("Ryhmä", municipalities=("205",))
    Organisation.objects.filter(pk=ours.organisation_id).update(slug="me")
    many = urlencode([("type", "peer-group")] * 1000 + [("organisation", "me")] * 20)
    answer = client.get(f"/palvelut/?{many}")
    assert [str(chip.label) for chip in answer.context["chips"]] == ["Vertaisryhmä", str(ours.organisation)]
    assert answer.context["chips"][0].remove_url == "?" + urlencode([("organisation", "me")] * 20)
    assert [hit.name for hit in answer.context["hits"]] == ["Ryhmä"]


def test_every_type_at_once_is_one_query_more_than_none(client, region, django_assert_max_num_queries):
    factories.make_service("Ryhmä")
    every = urlencode([("type", code) for code in ServiceType.objects.values_list("code", flat=True)])
    with django_assert_max_num_queries(32):
        answer = client.get(f"/palvelut/?{every}")
    assert len(answer.context["hits"]) == 1


def test_too_many_parameters_are_refused(browser, listed):
    assert browser.get("/palvelut/?" + "&".join(f"a{n}=1" for n in range(2001))).status_code == 400


# Signing in -------------------------------------------------------------------------------------------------------------


@fuzzed
@given(username=values, password=values, next_page=values)
def test_signing_in_answers_any_form(username, password, next_page, browser, db):
    caches["limits"].clear()  # so many tries are too many
    body = f"login={username}&password={password}&next={next_page}"
    check(browser.post("/tili/kirjaudu/", body, content_type="application/x-www-form-urlencoded"))


def test_a_form_in_another_encoding_is_refused(browser, db):
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    assert browser.post("/tili/kirjaudu/", "login=a", content_type=kind).status_code == 400


def test_a_form_of_ten_megabytes_is_refused(browser, db):
    assert browser.post("/tili/kirjaudu/", {"login": "x" * 10_000_000, "password": "x"}).status_code in {200, 400}


def test_a_wrong_password_keeps_the_address(client, professional):
    answer = client.post("/tili/kirjaudu/", {"login": "professional@example.org", "password": "wrong"})
    assert answer.status_code == 200
    assert 'value="professional@example.org"' in answer.content.decode()
    assert "wrong" not in re.findall(r'value="([^"]*)"', answer.content.decode())
