"""Ilmoita virheestä: without signing in, to those who keep the listing right, else to the coordinator."""

import datetime as dt
import re
import threading
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from network import incoming
from network.guards import CLIENT_DATA_WARNING
from network.models import OnceKey
from services.models import ListingReport
from services.public_forms import ReportForm

from .. import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/palvelut/ryhma/ilmoita/"


@pytest.fixture
def service(association):
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


def typed(**more: str) -> dict[str, str]:
    return {"kind": "phone", "body": "Numero on vaihtunut.", "form_key": ReportForm.fresh_key()} | more


def test_a_visitor_reports_and_the_editor_gets_it(client, service, ngo_editor, coordinator, mailbox):
    answer = client.post(ADDRESS, typed(sender_email="kertoja@example.org"))
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    report = ListingReport.objects.get()
    assert (report.service, report.kind, report.body) == (service, "phone", "Numero on vaihtunut.")
    assert report.organisation == service.organisation
    assert [message.address for message in mailbox] == [ngo_editor.email]
    assert "Ryhmä" in mailbox[0].subject


def test_without_an_editor_the_coordinator_gets_it_at_once(client, service, coordinator, mailbox):
    client.post(ADDRESS, typed())
    assert [message.address for message in mailbox] == [coordinator.email]
    assert ListingReport.objects.get().escalated_at is not None


def test_unanswered_in_time_it_goes_to_the_coordinator_once(client, service, ngo_editor, coordinator, mailbox):
    client.post(ADDRESS, typed())
    assert incoming.escalate_overdue() == 0
    ListingReport.objects.update(created_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    assert [incoming.escalate_overdue(), incoming.escalate_overdue()] == [1, 0]
    assert [message.address for message in mailbox] == [ngo_editor.email, coordinator.email]


def test_its_editor_and_the_coordinator_read_it_and_nobody_else(
    client, service, ngo_editor, coordinator, professional, as_user
):
    client.post(ADDRESS, typed())
    address = f"/omat/viestit/listingreport/{ListingReport.objects.get().pk}/"
    found = [as_user(person).get(address).status_code for person in (ngo_editor, professional, coordinator)]
    assert found[:2] == [200, 404]
    assert list(ListingReport.objects.visible_to(coordinator)) == [ListingReport.objects.get()]
    assert list(ListingReport.objects.visible_to(professional)) == []


def test_sent_twice_it_is_one(client, service, ngo_editor, mailbox):
    form = typed()
    assert [client.post(ADDRESS, form).status_code for _ in range(2)] == [302, 302]
    assert (ListingReport.objects.count(), len(mailbox)) == (1, 1)


def test_a_visitor_without_cookies_may_send(service):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, typed()).status_code == 302


def test_a_signed_in_person_needs_the_token(service, ngo_editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ngo_editor)
    assert strict.post(ADDRESS, typed()).status_code == 403
    assert ListingReport.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"kind": "olematon"},
        {"body": ""},
        {"body": "x" * 3001},
        {"body": "Asiakas 131052-308T ei saanut puhelua läpi."},
        {"sender_email": "ei osoite"},
        {"homepage_of_sender": "https://example.org/"},
        {"form_key": "väärä"},
    ],
)
def test_what_is_wrong_comes_back_as_typed(client, service, wrong):
    page = client.post(ADDRESS, typed(**wrong))
    assert page.status_code == 200
    assert 'id="virhe"' in page.content.decode()
    assert (ListingReport.objects.count(), OnceKey.objects.count()) == (0, 0)


def test_the_database_refuses_an_identity_code_too(service):
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingReport.objects.create(service=service, kind="other", body="Asiakas 131052-308T")


def test_a_flood_from_one_place_is_stopped(client, service):
    answers = [client.post(ADDRESS, typed()).status_code for _ in range(ReportForm.times + 1)]
    assert answers == [302] * ReportForm.times + [200]
    assert client.post(ADDRESS, typed(), REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.parametrize("state", [{"published": False}, {"archived_at": timezone.now()}])
def test_what_is_not_published_has_no_form(client, association, state):
    factories.make_service(slug="ryhma", organisation=association, **state)
    assert client.get(ADDRESS).status_code == client.post(ADDRESS, typed()).status_code == 404
    assert client.get("/palvelut/ei-ole/ilmoita/").status_code == 404


def test_the_service_page_has_links_and_no_token(client, service):
    page = client.get("/palvelut/ryhma/")
    text = page.content.decode()
    assert 'href="/palvelut/ryhma/ilmoita/"' in text
    assert 'href="/palvelut/ryhma/loysitko-apua/"' in text
    assert "csrfmiddlewaretoken" not in text
    assert "form_key" not in text
    assert not page.cookies


def test_the_form_warns_against_client_data(client, service):
    page = client.get(ADDRESS).content.decode()
    assert re.search(r'name="body"', page)
    assert str(CLIENT_DATA_WARNING) in unescape(page)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_report(association):
    factories.make_service("Ryhmä", slug="ryhma", organisation=association)
    form, answers = typed(), []

    def press():
        answers.append(Client().post(ADDRESS, form).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert ListingReport.objects.count() == 1
