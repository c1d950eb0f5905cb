"""Anybody tells how the site works; accessibility is answered in 14 days."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from network.models import Feedback

from .. import factories

pytestmark = pytest.mark.django_db


def form_key(client: Client) -> str:
    return client.get("/palaute/").context["form"].initial["form_key"]


def send(client: Client, **fields):
    data = {"kind": "accessibility", "body": "En pääse valikkoon näppäimistöllä.", "form_key": form_key(client)}
    return client.post("/palaute/", data | fields)


def test_a_visitor_tells_without_a_token_and_the_coordinators_hear(coordinator, mailbox):
    client = Client(enforce_csrf_checks=True)
    answer = send(client, sender_email="maija@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/palaute/kiitos/?aihe=accessibility")
    assert client.get(answer["Location"]).status_code == 200
    came = Feedback.objects.get()
    assert came.due_on == timezone.localdate() + dt.timedelta(days=14)
    assert came.escalated_at is not None
    assert [message.address for message in mailbox] == [coordinator.email]
    assert "maija" not in mailbox[0].text + mailbox[0].subject


def test_an_idea_has_no_due_date(client):
    assert send(client, kind="idea")["Location"] == "/palaute/kiitos/"
    assert Feedback.objects.get().due_on is None


def test_a_form_sent_twice_makes_one(client, coordinator, mailbox):
    key = form_key(client)
    assert send(client, form_key=key)["Location"] == send(client, form_key=key)["Location"]
    assert Feedback.objects.count() == 1
    assert len(mailbox) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "x"}, "kind"),
        ({"body": ""}, "body"),
        ({"body": "Hetu 131052-308T"}, "body"),
        ({"page": "131052-308T"}, "page"),
        ({"sender_email": "maija"}, "sender_email"),
        ({"homepage_of_sender": "x"}, "__all__"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(wrong, field, client, mailbox):
    answer = send(client, **wrong)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Feedback.objects.count() == 0
    assert len(mailbox) == 0


def test_the_statement_and_every_foot_lead_to_the_form(client):
    assert 'href="/palaute/?aihe=accessibility"' in client.get("/saavutettavuus/").content.decode()
    assert 'href="/palaute/"' in client.get("/").content.decode()
    chosen = client.get("/palaute/?aihe=accessibility").context["form"]
    assert chosen.initial["kind"] == "accessibility"
    assert "kind" not in client.get("/palaute/?aihe=x").context["form"].initial


def test_the_database_wants_a_due_date_for_accessibility(client):
    Feedback.objects.create(kind="accessibility", body="x")
    with pytest.raises(IntegrityError):
        Feedback.objects.update(due_on=None)


def feedback(days: int = 0, **fields) -> Feedback:
    return Feedback.objects.create(body="x", created_at=timezone.now() - dt.timedelta(days=days), **fields)


def test_the_desk_lists_what_is_overdue_first(coordinator, as_user):
    idea, handled = feedback(kind="idea", days=40), feedback(kind="accessibility", handled_at=timezone.now())
    new, late = feedback(kind="accessibility"), feedback(kind="accessibility", days=15)
    desk = as_user(coordinator)
    listed = desk.get("/hallinta/network/feedback/").context["cl"].result_list
    assert [row.pk for row in listed] == [late.pk, new.pk, idea.pk, handled.pk]
    assert [row.is_overdue for row in listed] == [True, False, False, False]
    assert [row.pk for row in desk.get("/hallinta/network/feedback/?state=overdue").context["cl"].result_list] == [
        late.pk
    ]


def test_telling_what_was_done_handles_it_once(coordinator, as_user):
    came = feedback(kind="idea")
    address = f"/hallinta/network/feedback/{came.pk}/change/"
    assert as_user(coordinator).post(address, {"answer": "Korjattu."}).status_code == 302
    came.refresh_from_db()
    assert (came.handled_by, came.answer) == (coordinator, "Korjattu.")
    first = came.handled_at
    other = factories.make_user("deputy@example.org", is_staff=True)
    as_user(other).post(address, {"answer": "Korjattu nyt."})
    came.refresh_from_db()
    assert (came.handled_by, came.handled_at, came.answer) == (coordinator, first, "Korjattu nyt.")


def test_feedback_is_the_coordinators_alone(ngo_editor, as_user):
    came = feedback(kind="idea")
    assert as_user(ngo_editor).get("/hallinta/network/feedback/").status_code == 403
    assert as_user(ngo_editor).get(f"/hallinta/network/feedback/{came.pk}/change/").status_code == 403


def test_who_gave_an_address_reads_the_answer_once(coordinator, as_user, mailbox):
    came = feedback(kind="accessibility", sender_email="aino@example.org")
    address = f"/hallinta/network/feedback/{came.pk}/change/"
    desk = as_user(coordinator)
    for answer in ("Korjattu.", "Korjattu nyt."):
        assert desk.post(address, {"answer": answer}).status_code == 302
    (message,) = mailbox.to("aino@example.org")
    assert "Korjattu." in message.text
