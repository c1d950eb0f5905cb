"""Three short questions lead to the list, with plain pages and addresses."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

FIRST = "/palvelut/ohjattu/"


def test_the_answers_of_three_pages_become_an_ordinary_search(client, region):
    factories.make_service("Nuorten ryhmä", audiences=["youth"], addictions=["gambling"], municipalities=("205",))
    factories.make_service("Aikuisten ryhmä", audiences=["adults"])
    first = client.get(FIRST).context["guide"]
    assert first.next_address == "/palvelut/ohjattu/mihin/"
    second = client.get(first.next_address, {"audience": "youth"}).context["guide"]
    assert second.carried == [("audience", "youth")]
    third = client.get(second.next_address, {"audience": "youth", "addiction": "gambling"}).context["guide"]
    assert third.next_address == "/palvelut/"
    assert third.carried == [("audience", "youth"), ("addiction", "gambling")]
    found = client.get(third.next_address, dict(third.carried) | {"municipality": "205", "language": ""})
    assert [hit.name for hit in found.context["hits"]] == ["Nuorten ryhmä"]


def test_back_and_on_keep_the_answers_and_skipping_takes_off_its_own(client, region):
    guide = client.get("/palvelut/ohjattu/mihin/", {"audience": "youth", "addiction": "gambling"}).context["guide"]
    assert urlsplit(guide.back_url).path == FIRST
    assert parse_qs(urlsplit(guide.back_url).query) == {"audience": ["youth"], "addiction": ["gambling"]}
    assert guide.skip_url == "/palvelut/ohjattu/miten/?audience=youth"


def test_it_is_linked_from_the_front_page_and_from_an_empty_result(client, region):
    assert f'href="{FIRST}"' in client.get("/").content.decode()
    assert f'href="{FIRST}"' in client.get("/palvelut/?q=olematonsana").content.decode()


def test_what_is_no_answer_is_left_out(client, region):
    page = client.get("/palvelut/ohjattu/miten/", {"audience": ["olematon", "youth"], "age": "kissa"})
    assert page.status_code == 200
    assert client.post(FIRST).status_code == 405
    html = unescape(page.content.decode())
    assert not re.search(r'value="olematon"', html)
