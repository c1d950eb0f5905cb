"""The reminder mail and its link: one mail for each person, one use, no signing in, and nothing that is not hers."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from network.models import Network
from services import asking, reminding
from services.confirming import confirm, version_of
from services.models import Confirmation, ConfirmationRequest, Service
from tests import factories

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - dt.timedelta(days=300)


@pytest.fixture
def services(association) -> list[Service]:
    return [
        factories.make_service(name, organisation=association, confirmed_at=LONG_AGO) for name in ("Kahvila", "Ryhmä")
    ]


@pytest.fixture
def wanted(services, ngo_editor, association) -> ConfirmationRequest:
    request = ConfirmationRequest.objects.create(person=ngo_editor)
    request.services.set(services)
    request.organisations.add(association)
    return request


def form_of(*things) -> dict[str, object]:
    keys = [f"{'s' if isinstance(thing, Service) else 'o'}{thing.pk}" for thing in things]
    return {"thing": keys} | {f"version-{key}": version_of(thing) for key, thing in zip(keys, things, strict=True)}


# The link -------------------------------------------------------------------------------------------------------------


def test_looking_at_the_page_changes_nothing(wanted, services, client):
    for ask in (client.get, client.head, client.get):
        answer = ask(wanted.get_absolute_url())
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
    wanted.refresh_from_db()
    assert wanted.used_at is None
    assert not Confirmation.objects.exists()


def test_one_button_confirms_all_without_signing_in(wanted, services, association, ngo_editor, client):
    answer = client.post(wanted.get_absolute_url(), form_of(*services, association))
    assert answer.status_code == 302
    assert Confirmation.objects.filter(person=ngo_editor, request=wanted, on_behalf_of=association).count() == 3
    assert "sessionid" not in client.cookies
    page = client.get(wanted.get_absolute_url()).content.decode()
    assert "Kahvila" in page
    assert "<form method" not in page.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("state", ["used", "expired", "revoked"])
def test_a_dead_link_says_so_and_does_nothing(state, wanted, services, client):
    now = timezone.now()
    fields = {
        "used": {"used_at": now}, "revoked": {"revoked_at": now},
        "expired": {"expires_at": now, "created_at": now - dt.timedelta(days=1)},
    }[state]  # fmt: skip
    ConfirmationRequest.objects.filter(pk=wanted.pk).update(**fields)
    assert client.get(wanted.get_absolute_url()).status_code == 200
    assert client.post(wanted.get_absolute_url(), form_of(*services)).status_code == 302
    assert not Confirmation.objects.exists()


def test_the_link_works_once(wanted, services, client):
    client.post(wanted.get_absolute_url(), form_of(services[0]))
    client.post(wanted.get_absolute_url(), form_of(services[1]))
    assert [one.service for one in Confirmation.objects.all()] == [services[0]]


def test_a_token_cannot_be_made_up(wanted, client):
    for token in (str(wanted.pk), f"{wanted.pk}:abc", wanted.token + "x", "x"):
        assert client.get(f"/vahvista/{token}/").status_code == 404
        assert client.post(f"/vahvista/{token}/").status_code == 404


@pytest.mark.parametrize("ended", ["membership", "account", "right"])
def test_the_right_is_asked_when_the_button_is_pressed(ended, wanted, services, ngo_editor, client):
    form = form_of(*services)
    match ended:
        case "membership":
            ngo_editor.memberships.update(since=None, until=timezone.localdate() - dt.timedelta(days=1))
        case "account":
            type(ngo_editor).objects.filter(pk=ngo_editor.pk).update(is_active=False)
        case "right":
            ngo_editor.memberships.update(is_editor=False)
    assert client.post(wanted.get_absolute_url(), form).status_code == 302
    assert not Confirmation.objects.exists()
    assert "Kahvila" not in client.get(wanted.get_absolute_url()).content.decode()


def test_a_listing_that_has_gone_to_others_is_not_confirmed(wanted, services, parish, client):
    Service.objects.filter(pk=services[0].pk).update(organisation=parish)
    client.post(wanted.get_absolute_url(), form_of(*services))
    assert [one.service for one in Confirmation.objects.all()] == [services[1]]


def test_what_was_archived_or_confirmed_since_is_told(wanted, services, coordinator, client):
    services[0].archive()
    confirm(services[1], by=coordinator)
    rows = client.get(wanted.get_absolute_url()).context["rows"]
    assert {row.name: row.state for row in rows if row.is_service} == {"Kahvila": "archived", "Ryhmä": "confirmed"}
    client.post(wanted.get_absolute_url(), form_of(*services))
    assert Confirmation.objects.count() == 1


def test_what_was_edited_while_the_page_was_open_is_shown_first_and_the_link_is_kept(wanted, services, client):
    form = form_of(*services)
    Service.objects.get(pk=services[0].pk).save()
    answer = client.post(wanted.get_absolute_url(), form)
    assert answer.status_code == 409
    assert [row.name for row in answer.context["stale"]] == ["Kahvila"]
    assert not Confirmation.objects.exists()
    assert ConfirmationRequest.objects.open().filter(pk=wanted.pk).exists()


def test_what_is_not_public_is_not_on_the_page(wanted, services, client):
    factories.make_contact(service=services[0], value="040 555 1111", members_only=True)
    factories.make_contact(service=services[0], value="040 555 2222")
    page = client.get(wanted.get_absolute_url()).content.decode()
    assert "040 555 2222" in page
    assert "040 555 1111" not in page


def test_only_what_the_mail_named_is_confirmed(wanted, association, client):
    other = factories.make_service("Muu", organisation=association)
    client.post(wanted.get_absolute_url(), form_of(other))
    assert not Confirmation.objects.exists()


def test_the_name_is_shown_only_when_ticked(wanted, services, ngo_editor, client):
    ngo_editor.name = "Aino Esimerkki"
    ngo_editor.save()
    assert 'name="show_name" id="show_name">' in client.get(wanted.get_absolute_url()).content.decode()
    client.post(wanted.get_absolute_url(), form_of(services[0]))
    assert Confirmation.objects.get().shown_name == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_uses_the_link(wanted, services):
    used, gate = [], threading.Barrier(6)

    def press():
        try:
            rows = asking.rows_of(wanted, Network.current())
            chosen = [asking.Chosen(row, row.version) for row in rows]
            gate.wait()
            used.append(asking.answer(wanted, chosen))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used, key=str) == [3, None, None, None, None, None]
    assert Confirmation.objects.count() == 3


# The mail -------------------------------------------------------------------------------------------------------------


def test_one_mail_to_each_person_with_all_that_is_due(services, association, ngo_editor, mailbox):
    unit = factories.make_organisation("Yksikkö", parent=association)
    factories.make_service("Yksikön ryhmä", organisation=unit)
    factories.make_service("Tuore", organisation=association, confirmed_at=timezone.now())
    assert reminding.remind_everyone() == 1
    message = mailbox.to(ngo_editor.email)[0]
    for name in ("Kahvila", "Ryhmä", "Yksikön ryhmä", "Yksikkö", "Esimerkkiyhdistys"):
        assert name in message.text
        assert name in message.html
    assert "Tuore" not in message.text
    link = ConfirmationRequest.objects.get().get_absolute_url()
    assert link in message.text
    assert link in message.html
    assert len(mailbox) == 1


def test_the_link_of_the_mail_is_in_the_readers_language(services, ngo_editor, mailbox):
    ngo_editor.language = "sv"
    ngo_editor.save()
    reminding.remind_everyone()
    assert "/sv/vahvista/" in mailbox[0].text


def test_nobody_is_reminded_twice_within_the_networks_days(services, ngo_editor, mailbox):
    now = timezone.now()
    assert reminding.remind_everyone(now) == 1
    assert reminding.remind_everyone(now) == 0
    assert reminding.remind_everyone(now + dt.timedelta(days=29)) == 0
    assert reminding.remind_everyone(now + dt.timedelta(days=31)) == 1
    assert len(mailbox) == 2


def test_a_new_mail_ends_the_link_of_the_old_one(services, ngo_editor, client):
    now = timezone.now()
    reminding.remind_everyone(now - dt.timedelta(days=31))
    old = ConfirmationRequest.objects.get()
    reminding.remind_everyone(now)
    client.post(old.get_absolute_url(), form_of(*services))
    assert not Confirmation.objects.exists()


def test_editors_of_the_unit_are_asked_before_those_above(association, ngo_editor, mailbox):
    unit = factories.make_organisation(parent=association)
    near = factories.make_user()
    factories.make_membership(near, unit, is_editor=True)
    factories.make_service("Yksikön ryhmä", organisation=unit)
    reminding.remind_everyone()
    assert "Yksikön ryhmä" in mailbox.to(near.email)[0].text
    assert "Yksikön ryhmä" not in mailbox.to(ngo_editor.email)[0].text


def test_who_has_nothing_due_gets_nothing(association, ngo_editor, mailbox):
    factories.make_service(organisation=association, confirmed_at=timezone.now())
    confirm(association, by=ngo_editor)
    assert reminding.remind_everyone() == 0
    assert len(mailbox) == 0


def test_organisations_without_an_editor_are_no_obstacle(services, mailbox):
    assert reminding.remind_everyone() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(services, ngo_editor):
    gate, sent = threading.Barrier(2), []

    def work():
        try:
            gate.wait()
            sent.append(reminding.remind_everyone())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 1]
    assert ConfirmationRequest.objects.count() == 1
