"""A one-time code by e-mail opens the account of who reads the mailbox: once, soon, and in one browser."""

import time

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import factories

from .signing import CODE, SIGN_IN, TYPE_CODE, code_in, is_in, wrong

pytestmark = pytest.mark.django_db


def ask(client, address="professional@example.org", **more):
    return client.post(CODE, {"email": address} | more)


@pytest.mark.parametrize("written", ["professional@example.org", " Professional@Example.ORG"])
def test_a_code_signs_in(written, client, professional, mailbox):
    answer = ask(client, written)
    assert (answer.status_code, answer["Location"]) == (302, TYPE_CODE)
    (message,) = mailbox.to("professional@example.org")
    answer = client.post(TYPE_CODE, {"code": code_in(message)})
    assert (answer.status_code, answer["Location"]) == (302, "/omat/#sisalto")
    assert client.session["_auth_user_id"] == str(professional.pk)


def test_after_the_code_one_is_where_one_was_going(client, professional, mailbox):
    typing = ask(client, next="/verkosto/")["Location"]
    assert client.post(typing, {"code": code_in(mailbox[0])})["Location"] == "/verkosto/#sisalto"


def test_nobody_is_led_to_another_site_by_a_code(client, professional, mailbox):
    typing = ask(client, next="https://evil.example/")["Location"]
    assert client.post(typing, {"code": code_in(mailbox[0]), "next": "//evil.example/"})["Location"] == "/omat/#sisalto"


def test_the_message_is_in_the_persons_language_and_its_subject_tells_no_code(client, professional, mailbox):
    professional.language = "sv"
    professional.save()
    ask(client)
    assert mailbox[0].language == "sv"
    assert code_in(mailbox[0]) not in mailbox[0].subject


def test_no_code_stands_in_a_job(client, professional, mailbox):
    ask(client)
    (job,) = ProcrastinateJob.objects.all()
    assert job.args == {"message": mailbox[0].pk}


def test_a_code_works_once(client, professional, mailbox):
    ask(client)
    code = code_in(mailbox[0])
    client.post(TYPE_CODE, {"code": code})
    client.post("/tili/kirjaudu-ulos/")
    assert client.post(TYPE_CODE, {"code": code})["Location"] == CODE
    assert not is_in(client)


def test_a_code_works_in_the_browser_that_asked_for_it_only(client, professional, mailbox):
    ask(client)
    other = Client()
    assert other.post(TYPE_CODE, {"code": code_in(mailbox[0])})["Location"] == CODE
    ask(other)
    other.post(TYPE_CODE, {"code": code_in(mailbox[0])})
    assert not is_in(other)


def test_an_old_code_does_not_work(client, professional, mailbox, monkeypatch):
    ask(client)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert client.post(TYPE_CODE, {"code": code_in(mailbox[0])}).status_code == 302
    assert not is_in(client)


def test_a_new_code_ends_the_old_one(client, professional, mailbox):
    ask(client)
    client.post("/tili/kirjaudu-ulos/", {"next": SIGN_IN})
    ask(client)
    first, second = (code_in(message) for message in mailbox)
    if first != second:
        client.post(TYPE_CODE, {"code": first})
        assert not is_in(client)
    client.post(TYPE_CODE, {"code": second})
    assert is_in(client)


def test_three_wrong_codes_end_it(client, professional, mailbox):
    ask(client)
    code = code_in(mailbox[0])
    for _time in range(2):
        answer = client.post(TYPE_CODE, {"code": wrong(code)})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert client.post(TYPE_CODE, {"code": wrong(code)})["Location"] == CODE
    client.post(TYPE_CODE, {"code": code})
    assert not is_in(client)


@pytest.mark.parametrize("nothing", ["", " ", "-", "------"])
def test_no_code_is_no_way_in_for_an_unknown_address(nothing, client, db):
    ask(client, "nobody@example.org")
    assert client.post(TYPE_CODE, {"code": nothing}).status_code == 200
    assert not is_in(client)


def test_a_closed_account_gets_no_code(client, professional, mailbox):
    professional.is_active = False
    professional.save()
    ask(client)
    assert [message.event.split(":")[0] for message in mailbox] == ["no account"]


def test_an_account_that_is_closed_meanwhile_stays_closed(client, professional, mailbox):
    ask(client)
    professional.is_active = False
    professional.save()
    answer = client.post(TYPE_CODE, {"code": code_in(mailbox[0])}, follow=True)
    assert answer.status_code == 200
    assert not is_in(client)
    assert answer.context["messages"]


def test_a_code_does_not_open_a_coordinators_account_without_the_second_step(client, coordinator, mailbox):
    factories.make_second_factor(coordinator)
    ask(client, coordinator.email)
    answer = client.post(TYPE_CODE, {"code": code_in(mailbox[0])})
    assert answer["Location"] == "/tili/kaksivaiheinen/kirjaudu/"
    assert not is_in(client)


def test_a_waiting_change_of_address_gives_nobody_a_code_for_the_account(client, professional, mailbox):
    """The address of a stranger that somebody wants for their account leads to no account before it is confirmed."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=professional, email="stranger@example.org")
    ask(client, "stranger@example.org")
    assert [message.event.split(":")[0] for message in mailbox] == ["no account"]
