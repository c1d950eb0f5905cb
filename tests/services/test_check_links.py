"""Broken links: looked at politely, never into the portal's own network, believed after a second look a day later."""

import datetime as dt
import ipaddress
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from services import links
from services.models import Contact, LinkCheck, ServicePlace
from services.models.link import LinkCheck as Check

from .. import factories

Failure = Check.Failure
HERE = ipaddress.ip_address("127.0.0.1")


def only_here(address):
    """What tests may connect to: the test's server, and nothing else that is private."""
    return address == HERE


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        path = self.path.split("?")[0]
        if path == "/to-forbidden":
            return self.lead(f"http://127.0.0.2:{self.server.server_port}/ok")
        if path == "/to-file":
            return self.lead("file:///etc/passwd")
        if path == "/loop":
            return self.lead("/loop")
        if path.startswith("/on"):
            return self.lead(f"/on{int(path[3:]) + 1}")
        if path == "/moved":
            return self.lead("/ok")
        if path == "/slow":
            time.sleep(3)
        if path == "/no-head" and self.command == "HEAD":
            return self.answer(405)
        if path == "/hangs-up" and self.command == "HEAD":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if path == "/drips":
            return self.drip()
        status = int(path[1:]) if path[1:].isdigit() else 200
        return self.answer(status, 50_000_000 if path == "/huge" else 2, fail_head=path == "/huge")

    do_HEAD = do_GET

    def lead(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status, size=2, *, fail_head=False):
        self.send_response(405 if fail_head and self.command == "HEAD" else status)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.command == "GET":
            try:
                for _ in range(0, size, 65536):
                    self.wfile.write(b"x" * min(size, 65536))
                    self.server.written += min(size, 65536)
            except OSError:
                pass

    def drip(self):
        """A header line now and then, for ever."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                self.wfile.write(b"X-A: b\r\n")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    running.asked, running.written = [], 0
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def at(server):
    server.asked.clear()
    server.written = 0
    return lambda path: f"http://127.0.0.1:{server.server_port}{path}"


def look(url, **more):
    return links.look(url, is_allowed=only_here, **more)


# One address --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "failure"),
    [
        ("/ok", 200, ""),
        ("/moved", 200, ""),
        ("/404", 404, Failure.NOT_FOUND),
        ("/410", 410, Failure.NOT_FOUND),
        ("/500", 500, Failure.SERVER),
        ("/503", 503, ""),  # busy, or at rest
        ("/403", 403, ""),  # talks to people only
        ("/429", 429, ""),
        ("/no-head", 200, ""),
        ("/hangs-up", 200, ""),
        ("/huge", 200, ""),
        ("/loop", 302, Failure.LOOP),
        ("/on0", 302, Failure.LOOP),
        ("/to-forbidden", 302, Failure.REFUSED),
        ("/to-file", 302, Failure.REFUSED),
        ("/ä ö?q=å b#c", 200, ""),
    ],
)
def test_what_came_of_a_look(at, path, status, failure):
    assert look(at(path)) == (status, failure)


def test_a_head_is_enough_and_says_who_asks(at, server, settings):
    look(at("/ok"))
    ((method, _path, headers),) = server.asked
    assert method == "HEAD"
    assert settings.SITE_URL in headers["User-Agent"]
    assert "Cookie" not in headers
    assert "Referer" not in headers


def test_a_huge_page_is_not_read_to_its_end(at, server):
    look(at("/huge"))
    assert server.written < 20_000_000


def test_redirects_have_an_end(at, server):
    look(at("/on0"))
    assert len(server.asked) == links.REDIRECTS + 1


@pytest.mark.parametrize("path", ["/slow", "/drips"])
def test_patience_has_an_end(at, path):
    began = time.monotonic()
    assert look(at(path), patience=0.6).failure == Failure.NO_ANSWER
    assert time.monotonic() - began < 2


def test_nobody_answers_at_a_closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert look(f"http://127.0.0.1:{port}/") == (None, Failure.NO_ANSWER)


@pytest.mark.parametrize("url", ["http://nimi.invalid/", "http://[::1", "http://x:99999/", "http://" + "a" * 300 + "/"])
def test_an_address_that_leads_nowhere_is_no_error_of_ours(url):
    assert look(url).failure == Failure.NO_ANSWER


# Never into the portal's own network -----------------------------------------------------------------------------------


def test_the_real_rule_does_not_look_at_this_machine(at, server):
    for url in (at("/ok"), at("/ok").replace("127.0.0.1", "localhost")):
        assert links.look(url) == (None, Failure.REFUSED)
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(address):
    assert not links.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_allowed(address):
    assert links.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"]
)
def test_this_machine_by_another_name_is_refused(url):
    assert links.look(url).failure == Failure.REFUSED


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "http://a:b@example.org/", "gopher://x/"])
def test_only_plain_web_addresses_are_looked_at(url):
    assert look(url) == (None, Failure.REFUSED)


def test_one_forbidden_address_among_those_of_a_host_is_enough(monkeypatch):
    rows = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *args, **more: rows)
    assert links.look("http://example.org/") == (None, Failure.REFUSED)


# All of them --------------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(db, association, at):
    service = factories.make_service("Ryhmä", organisation=association)
    place = ServicePlace.objects.create(service=service, name="Talo")
    factories.make_contact(service=service, kind=Contact.Kind.WEB, value=at("/404"))
    factories.make_contact(place=place, kind=Contact.Kind.BOOKING, value=at("/ok"))
    factories.make_contact(service=service, kind=Contact.Kind.PHONE, value="040 000 0000")
    association.website = at("/500")
    association.save()
    draft = factories.make_service(organisation=association, published=False)
    factories.make_contact(service=draft, kind=Contact.Kind.WEB, value=at("/draft"))
    return service


def check(**more):
    slept = []
    count = links.check_some(is_allowed=only_here, sleep=slept.append, **more)
    return count, slept


def a_week_later():
    LinkCheck.objects.update(due_at=timezone.now())


def test_each_address_is_looked_at_once_a_week(linked, at, server):
    assert check()[0] == 3
    assert {url for _method, url, _headers in server.asked} == {"/404", "/ok", "/500"}
    assert check()[0] == 0
    assert LinkCheck.objects.get(url=at("/ok")).due_at > timezone.now() + dt.timedelta(days=6)


def test_a_host_gets_a_pause_and_a_run_has_an_end(linked):
    count, slept = check(limit=2)
    assert count == 2
    assert slept
    assert max(slept) > links.PAUSE - 1


def test_a_failure_is_believed_after_a_second_one_a_day_later(linked, at):
    check()
    assert list(LinkCheck.objects.failing()) == []
    bad = LinkCheck.objects.get(url=at("/404"))
    assert bad.due_at < timezone.now() + dt.timedelta(days=1, minutes=1)
    long_ago = timezone.now() - dt.timedelta(days=1, minutes=1)
    LinkCheck.objects.filter(url=at("/404")).update(failing_since=long_ago, due_at=timezone.now())
    check()
    assert [one.url for one in LinkCheck.objects.failing()] == [at("/404")]
    assert [one.url for one in LinkCheck.objects.failing_for([linked])] == [at("/404")]
    assert list(LinkCheck.objects.failing_for([factories.make_service()])) == []


def test_two_failures_of_one_day_are_not_believed(linked, at):
    check()
    a_week_later()
    check()
    assert list(LinkCheck.objects.failing()) == []


def test_a_link_that_works_again_is_forgotten(linked, at):
    LinkCheck.objects.create(
        url=at("/ok"),
        failure="not-found",
        failing_since=timezone.now() - dt.timedelta(days=9),
        checked_at=timezone.now(),
    )
    assert len(LinkCheck.objects.failing()) == 1
    check()
    assert list(LinkCheck.objects.failing()) == []


def test_what_stands_nowhere_any_more_is_not_looked_at(linked, at):
    check()
    linked.archive()
    check()
    assert set(LinkCheck.objects.values_list("url", flat=True)) == {at("/500")}


def test_when_nobody_at_all_answers_nothing_is_written_down(association):
    service = factories.make_service(organisation=association)
    for number in range(3):
        factories.make_contact(service=service, kind=Contact.Kind.WEB, value=f"http://nimi{number}.invalid/")
    assert check()[0] == 0
    assert not LinkCheck.objects.filter(checked_at__isnull=False).exists()


def broken_for_days(url):
    now = timezone.now()
    return LinkCheck.objects.create(
        url=url,
        failure="not-found",
        status=404,
        failing_since=now - dt.timedelta(days=9),
        checked_at=now,
        due_at=now + dt.timedelta(days=7),
    )


def test_the_editor_is_told_where_a_broken_link_stands(linked, at):
    broken_for_days(at("/404"))
    broken_for_days(at("/500"))
    found = {(one.check.url, one.service, one.organisation) for one in links.broken([linked])}
    assert found == {(at("/404"), linked, None), (at("/500"), None, linked.organisation)}


def test_it_is_told_among_own_services_and_on_the_edit_page_only(linked, at, ngo_editor, professional, as_user):
    check = broken_for_days(at("/404"))
    told = str(check.get_failure_display())
    pages = ["/omat/palvelut/", f"/palvelut/{linked.slug}/muokkaa/"]
    assert [told in as_user(ngo_editor).get(page).content.decode() for page in pages] == [True, True]
    assert told not in as_user(professional).get("/omat/palvelut/").content.decode()


def test_the_public_is_not_told(linked, at, client):
    check = broken_for_days(at("/404"))
    page = client.get(linked.get_absolute_url()).content.decode()
    assert at("/404") in page
    assert str(check.get_failure_display()) not in page


def test_the_coordinator_has_a_list_to_read(linked, at, coordinator, ngo_editor, as_user):
    check = broken_for_days(at("/404"))
    client = as_user(coordinator)
    assert at("/404") in client.get("/hallinta/services/linkcheck/?broken=yes").content.decode()
    assert client.get(f"/hallinta/services/linkcheck/{check.pk}/change/").status_code == 200
    assert client.post(f"/hallinta/services/linkcheck/{check.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_user(ngo_editor).get("/hallinta/services/linkcheck/").status_code == 403


def test_the_demo_asks_nobody(settings, monkeypatch):
    from services import tasks

    asked = []
    monkeypatch.setattr(tasks.links, "check_some", lambda: asked.append(1))
    settings.DEMO = True
    tasks.check_links(timestamp=0)
    settings.DEMO = False
    tasks.check_links(timestamp=0)
    assert asked == [1]


def test_several_listings_cost_as_many_queries_as_one(linked, django_assert_max_num_queries):
    others = [factories.make_service(organisation=linked.organisation) for _ in range(3)]
    with django_assert_max_num_queries(7):
        links.broken([linked, *others])
