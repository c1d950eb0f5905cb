"""Open pages are kept for people who are not signed in, sent once, made anew after any change – and given to nobody else."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Network
from network.public_pages import KEEPER, Keeper, Kept, public_page
from services.models import Contact, OpeningHours, Service
from tests import factories

DAY = 24 * 3600


@pytest.fixture
def service(region, association):
    service = factories.make_service("Kevään ryhmä", slug="kevaan-ryhma", organisation=association)
    factories.make_contact(service=service, value="040 000 1111")
    factories.make_contact(service=service, value="040 000 2222", members_only=True)
    return service


ADDRESSES = ("/", "/palvelut/", "/palvelut/?q=ryhmä", "/palvelut/kevaan-ryhma/", "/verkosto/esimerkkiyhdistys/", "/sv/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_open_page_may_be_kept_by_all_and_holds_nothing_of_anybody(address, client, service):
    answer = client.get(address)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Encoding"} <= set(re.split(r",\s*", answer["Vary"]))
    assert not answer.cookies
    assert b"csrfmiddlewaretoken" not in answer.content
    assert not answer.wsgi_request.session.accessed


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_the_page_already_is_told_so_by_one_query(address, client, service):
    client.get(address)  # the first search after a change reads the words of what changed
    tag = client.get(address)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert [query["sql"] for query in queries] == ["SELECT bit_xor(mark) FROM network_cataloguechange"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_page_that_was_made_is_given_out_again_by_one_query(client, service):
    first = client.get("/palvelut/")
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/palvelut/")
    assert len(queries) == 1
    assert again.content == first.content
    packed = client.get("/palvelut/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(first.content) / 2


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


CHANGES = {
    "a form": lambda service: service.archive(),
    "one row": lambda service: Service.objects.filter(pk=service.pk).update(name="Syksyn ryhmä"),
    "a relation": lambda service: service.municipalities.add("205"),
    "a contact": lambda service: Contact.objects.filter(service=service).delete(),
    "settings": lambda service: Network.objects.update(name="Toinen verkosto"),
    "SQL": lambda service: sql("UPDATE services_service SET summary = 'Uusi' WHERE slug = 'kevaan-ryhma'"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_page_is_another(change, client, service):
    before = client.get("/palvelut/")
    CHANGES[change](service)
    after = client.get("/palvelut/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content


def test_a_change_at_the_desk_is_seen_at_once(client, service, coordinator, as_user):
    client.get("/palvelut/kevaan-ryhma/")
    desk = as_user(coordinator)
    network = desk.get("/hallinta/network/network/1/change/").context["adminform"].form
    fields = {name: "" if value is None else value for name, value in network.initial.items()}
    fields |= {"name": "Pöydällä muutettu", "region_name": "Testimaa"}
    assert desk.post("/hallinta/network/network/1/change/", fields).status_code == 302
    assert "Pöydällä muutettu" in client.get("/palvelut/kevaan-ryhma/").content.decode()


def test_languages_and_questions_are_told_apart(client, service):
    answers = [
        client.get(address) for address in ("/palvelut/", "/sv/palvelut/", "/en/palvelut/", "/palvelut/?sort=name")
    ]
    assert len({answer["ETag"] for answer in answers}) == 4
    assert b'lang="sv"' in client.get("/sv/palvelut/").content


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_warm_page_is_never_a_members_page_nor_the_other_way_round(address, client, service, professional, as_user):
    member = as_user(professional)
    for _round in range(2):  # each has come after the other
        seen = member.get(address)
        assert seen["Cache-Control"] == "private, no-store"
        assert not seen.has_header("ETag")
        assert b"csrfmiddlewaretoken" in seen.content
        open_page = client.get(address)
        assert b"csrfmiddlewaretoken" not in open_page.content
        assert b"040 000 2222" not in open_page.content
        assert b"/tili/kirjaudu-ulos/" not in open_page.content
        told = member.get(address, headers={"If-None-Match": open_page["ETag"]})
        assert told.status_code == 200
        assert b"csrfmiddlewaretoken" in told.content
    assert b"040 000 2222" in member.get("/palvelut/kevaan-ryhma/").content


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, "messages"])
def test_a_cookie_that_may_be_somebodys_gets_nothing_kept(cookie, client, service):
    client.get("/palvelut/")
    kept = dict(KEEPER.kept)
    stranger = Client()
    stranger.cookies[cookie] = "what-was-guessed"
    with CaptureQueriesContext(connection) as queries:
        answer = stranger.get("/palvelut/")
    assert len(queries) > 1  # parts that everybody sees alike may be kept, the page is made anew
    assert not answer.has_header("ETag")
    assert dict(KEEPER.kept) == kept


def test_a_draft_that_an_editor_sees_stays_unseen(client, association, ngo_editor, as_user):
    factories.make_service("Luonnos", slug="luonnos", organisation=association, published=False)
    assert as_user(ngo_editor).get("/palvelut/luonnos/").status_code == 200
    answer = client.get("/palvelut/luonnos/")
    assert answer.status_code == 404
    assert not answer.has_header("ETag")
    assert "Cookie" in answer["Vary"]


def ask(view, **headers):
    request = RequestFactory().get("/", **headers)
    request.session = Client().session
    request.user = AnonymousUser()
    return public_page()(view)(request)


def with_token(request):
    return HttpResponse(get_token(request))


def with_session(request):
    return HttpResponse(str(request.session.get("somebody")))


def with_cookie(request):
    answer = HttpResponse()
    answer.set_cookie("a", "b")
    return answer


@pytest.mark.parametrize("view", [with_token, with_session, with_cookie, lambda request: HttpResponse(status=500)])
def test_a_page_that_is_somebodys_is_not_kept_though_it_says_it_is_open(view, db):
    answer = ask(view)
    assert not KEEPER.kept
    assert not answer.has_header("ETag")
    assert not answer.has_header("Cache-Control")


def test_opening_and_closing_make_the_page_another(client, service, monkeypatch):
    OpeningHours.objects.create(service=service, weekday=1, opens="09:20", closes="12:00")
    noon = timezone.make_aware(timezone.datetime(2026, 11, 2, 9, 19))
    tags = []
    for minutes in (0, 1, 100, 161, DAY // 60):
        moment = noon + timezone.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        tags.append(client.get("/palvelut/")["ETag"])
    assert tags[1] == tags[2]
    assert len(set(tags)) == 4


def test_the_least_used_page_goes_when_there_are_too_many():
    keeper = Keeper(most_bytes=10)
    for tag in "abc":
        keeper.keep(tag, Kept(b"1234", "text/html"))
        keeper.get("a")
    assert list(keeper.kept) == ["c", "a"]
    assert keeper.bytes == 8
