"""What came in without login: who gets it, who reads it, and that nobody's question is forgotten."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import incoming
from network.models import Network, OrganisationMessage, StatusEvent, User
from network.transitions import InvalidTransition
from services.models import ListingReport
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7, hours=1)


@pytest.fixture
def message(association) -> OrganisationMessage:
    return factories.make_organisation_message(association, sender_email="asking@example.org", sender_name="Kysyjä")


def url(message) -> str:
    return f"/omat/viestit/organisationmessage/{message.pk}/"


def test_it_goes_to_the_editors_of_the_organisation(message, ngo_editor, expert, coordinator, mailbox):
    incoming.deliver(message)
    assert [one.address for one in mailbox] == [ngo_editor.email]
    assert message.body in mailbox[0].text
    assert url(message) in mailbox[0].text
    assert url(message) in mailbox[0].html
    message.refresh_from_db()
    assert message.escalated_at is None


def test_it_goes_to_the_editors_above_when_a_unit_has_none(association, ngo_editor, mailbox):
    incoming.deliver(factories.make_organisation_message(factories.make_organisation(parent=association)))
    assert [one.address for one in mailbox] == [ngo_editor.email]


def test_without_an_editor_it_goes_to_the_coordinators_at_once(message, expert, coordinator, mailbox):
    incoming.deliver(message)
    assert [one.address for one in mailbox] == [coordinator.email]
    message.refresh_from_db()
    assert message.escalated_at is not None


def test_without_a_coordinators_account_it_goes_to_the_networks_address(message, mailbox):
    Network.objects.update(coordinator_email="network@example.org")
    incoming.deliver(message)
    assert [one.address for one in mailbox] == ["network@example.org"]


def test_unanswered_in_the_days_of_the_network_it_goes_to_the_coordinator_once(
    message, ngo_editor, coordinator, mailbox
):
    assert incoming.escalate_overdue() == 0
    OrganisationMessage.objects.update(created_at=timezone.now() - WEEK)
    assert incoming.escalate_overdue() == 1
    assert incoming.escalate_overdue() == 0
    assert [one.address for one in mailbox] == [coordinator.email]


def test_the_days_are_the_networks(message, ngo_editor, coordinator):
    Network.objects.update(answer_days=9)
    OrganisationMessage.objects.update(created_at=timezone.now() - WEEK)
    assert incoming.escalate_overdue() == 0


def test_what_was_handled_is_not_escalated(message, ngo_editor, coordinator, mailbox):
    incoming.handle(message, by=ngo_editor, answer="Soitin.")
    OrganisationMessage.objects.update(created_at=timezone.now() - WEEK)
    assert incoming.escalate_overdue() == 0
    assert not incoming.escalate(message)
    assert len(mailbox) == 0


def test_an_editor_answers_and_the_sender_reads_it(message, ngo_editor, as_user, mailbox):
    answer = as_user(ngo_editor).post(url(message), {"answer": "Kyllä on, tervetuloa.", "send": "on"})
    assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.handled_by, message.answer) == (ngo_editor, "Kyllä on, tervetuloa.")
    assert [one.address for one in mailbox] == ["asking@example.org"]
    assert "Kyllä on, tervetuloa." in mailbox[0].text
    assert [event.by for event in StatusEvent.objects.of(message)] == [ngo_editor]


def test_the_sender_gets_nothing_unless_it_was_chosen(message, ngo_editor, as_user, mailbox):
    as_user(ngo_editor).post(url(message), {"answer": "Roskapostia."})
    message.refresh_from_db()
    assert message.handled_at is not None
    assert len(mailbox) == 0


def test_a_sender_without_an_address_gets_nothing(association, ngo_editor, as_user, mailbox):
    message = factories.make_organisation_message(association)
    assert b'name="send"' not in as_user(ngo_editor).get(url(message)).content
    as_user(ngo_editor).post(url(message), {"answer": "Hoidettu.", "send": "on"})
    assert len(mailbox) == 0


def test_an_answer_without_words_or_with_an_identity_code_is_given_back(message, ngo_editor, as_user):
    for typed in ("", "Asiakas 131052-308T tulee."):
        answer = as_user(ngo_editor).post(url(message), {"answer": typed})
        assert answer.status_code == 200
        assert typed in answer.content.decode()
    message.refresh_from_db()
    assert message.handled_at is None


def test_the_later_of_two_answers_is_told_of_the_first(message, ngo_editor, coordinator, as_user, mailbox):
    incoming.handle(message, by=coordinator, answer="Ensimmäinen", send=True)
    answer = as_user(ngo_editor).post(url(message), {"answer": "Toinen", "send": "on"})
    assert answer.status_code == 200
    assert "Ensimmäinen" in answer.content.decode()
    message.refresh_from_db()
    assert message.answer == "Ensimmäinen"
    assert len(mailbox) == 1


def test_others_neither_read_nor_answer_it(message, professional, expert, outsider, as_user):
    for person in (professional, expert, outsider):
        client = as_user(person)
        assert client.get(url(message)).status_code == 404
        assert client.post(url(message), {"answer": "x"}).status_code == 404
        assert message.body not in client.get("/omat/viestit/").content.decode()
    assert as_user(None).get(url(message)).status_code == 302
    message.refresh_from_db()
    assert message.handled_at is None


def test_an_editor_of_another_organisation_does_not_read_it(message, parish, as_user):
    person = factories.make_user()
    factories.make_membership(person, parish, is_editor=True)
    assert as_user(person).get(url(message)).status_code == 404


def test_whose_membership_has_ended_does_not_read_it(message, ngo_editor, as_user):
    ngo_editor.memberships.update(since=None, until=timezone.localdate() - dt.timedelta(days=1))
    assert as_user(ngo_editor).get(url(message)).status_code == 404


@pytest.mark.parametrize("kind", ["user", "incoming", "nothing", "message"])
def test_only_kinds_of_messages_have_a_page(kind, message, coordinator, as_user):
    assert as_user(coordinator).get(f"/omat/viestit/{kind}/{message.pk}/").status_code == 404


def test_a_coordinator_reads_all(message, coordinator, as_user):
    assert message.body in as_user(coordinator).get("/omat/viestit/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_stands():
    organisation = factories.make_organisation()
    message = factories.make_organisation_message(organisation, sender_email="asking@example.org")
    people = [factories.make_user(is_staff=True) for _n in range(3)]
    results, start = [], threading.Barrier(3)

    def answer(person: User) -> None:
        own = OrganisationMessage.objects.get(pk=message.pk)
        start.wait()
        try:
            incoming.handle(own, by=person, answer=person.email, send=True)
            results.append(person.email)
        except InvalidTransition:
            results.append("")
        connection.close()

    threads = [threading.Thread(target=answer, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    message.refresh_from_db()
    assert sorted(results) == ["", "", message.answer]


def test_the_list_costs_the_same_with_one_message_and_with_four(association, ngo_editor, as_user):
    service = factories.make_service(organisation=association)
    editor, costs = as_user(ngo_editor), []
    for number in (1, 3):
        for _each in range(number):
            factories.make_organisation_message(association)
            ListingReport.objects.create(service=service, kind="other", body="x")
        with CaptureQueriesContext(connection) as queries:
            assert editor.get("/omat/viestit/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
