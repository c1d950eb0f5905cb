"""A link by e-mail sets a new password: once, within a day, and it ends every session."""

import datetime as dt

import pytest
from allauth.account import forms
from django.test import Client
from django.utils.http import int_to_base36
from procrastinate.contrib.django.models import ProcrastinateJob

from network.models import User
from tests import factories

from .signing import by_password, is_in, link_in, show_again

pytestmark = pytest.mark.django_db

FORGOTTEN, NEW = "/tili/salasana/unohtui/", "another-long-password"


def ask(client, address="professional@example.org"):
    return client.post(FORGOTTEN, {"email": address})


def choose(client, link, password=NEW, again=None):
    """Open the link, then the form that it leads to."""
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    return client.post(opened["Location"], {"password1": password, "password2": again or password})


def test_the_link_sets_a_new_password(client, professional, mailbox):
    assert ask(client).status_code == 302
    (message,) = mailbox
    assert choose(Client(), link_in(message)).status_code == 302
    assert is_in(client) is False
    by_password(client, professional.email, NEW)
    assert is_in(client)


def test_the_link_is_in_the_readers_language_whoever_asked(client, professional, mailbox):
    User.objects.filter(pk=professional.pk).update(language="sv")
    assert client.post(f"/en{FORGOTTEN}", {"email": professional.email}).status_code == 302
    (message,) = mailbox
    assert "/sv/tili/salasana/uusi/" in message.text
    assert "/en/" not in message.text


def test_who_never_had_a_password_gets_one_by_the_link(client, mailbox):
    User.objects.create_user("aino@example.org")
    ask(client, "aino@example.org")
    choose(client, link_in(mailbox[0]))
    by_password(client, "aino@example.org", NEW)
    assert is_in(client)


def test_the_link_works_once(client, professional, mailbox):
    ask(client)
    choose(client, link_in(mailbox[0]))
    again = choose(Client(), link_in(mailbox[0]), "a-third-long-password")
    assert again.status_code == 200
    assert again.context["token_fail"]
    assert User.objects.get().check_password(NEW)


def test_opening_the_link_changes_nothing(client, professional, mailbox):
    ask(client)
    for _scanner in range(3):
        Client().get(link_in(mailbox[0]), follow=True)
    by_password(client, professional.email)
    assert is_in(client)
    assert choose(Client(), link_in(mailbox[0])).status_code == 200  # for signing in ended it


def test_an_old_link_does_not_work(client, professional, mailbox, monkeypatch):
    ask(client)
    later = dt.datetime.now() + dt.timedelta(hours=25)  # noqa: DTZ005  as the library counts
    monkeypatch.setattr(type(forms.default_token_generator), "_now", lambda self: later)
    assert choose(client, link_in(mailbox[0])).context["token_fail"]


@pytest.mark.parametrize("link", ["/tili/salasana/uusi/1-x/", "/tili/salasana/uusi/zzzzzzzzzzzzz-set-password/"])
def test_an_invented_link_is_answered_calmly(link, client, professional):
    answer = client.get(link)
    assert (answer.status_code, answer.context["token_fail"]) == (200, True)


def test_the_link_of_one_person_does_not_open_another(client, professional, outsider, mailbox):
    ask(client)
    link = link_in(mailbox[0])
    swapped = link.replace(f"/{int_to_base36(professional.pk)}-", f"/{int_to_base36(outsider.pk)}-")
    assert swapped != link
    assert client.get(swapped).context["token_fail"]


def test_a_new_password_ends_every_session(client, professional, as_user, mailbox):
    thief = as_user(professional)
    ask(client)
    choose(client, link_in(mailbox[0]))
    assert thief.get("/tili/istunnot/").status_code == 302


def test_a_new_password_does_not_sign_in_past_the_second_step(client, coordinator, mailbox):
    factories.make_second_factor(coordinator)
    ask(client, coordinator.email)
    choose(client, link_in(mailbox[0]))
    assert not is_in(client)
    assert by_password(client, coordinator.email, NEW)["Location"] == "/tili/kaksivaiheinen/kirjaudu/"
    assert not is_in(client)


def test_a_poor_password_is_refused_at_its_field(client, professional, mailbox):
    ask(client)
    answer = choose(client, link_in(mailbox[0]), "1234567")
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"password1"}
    assert set(choose(Client(), link_in(mailbox[0]), NEW, "something-else-long").context["form"].errors) == {
        "password2"
    }


def test_the_person_is_told_that_the_password_was_changed(client, professional, mailbox):
    ask(client)
    choose(client, link_in(mailbox[0]))
    assert [message.event.split(":")[0] for message in mailbox.to(professional.email)] == ["new password", "changed"]


def test_no_link_stands_in_a_job(client, professional, mailbox):
    ask(client)
    (job,) = ProcrastinateJob.objects.all()
    assert job.args == {"message": mailbox[0].pk}


# Who is signed in ---------------------------------------------------------------------------------------------------


def test_changing_the_password_asks_for_the_present_one_and_ends_the_other_sessions(professional, as_user, mailbox):
    here, elsewhere = as_user(professional), as_user(professional)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert set(here.post("/tili/salasana/", form).context["form"].errors) == {"oldpassword"}
    assert here.post("/tili/salasana/", form | {"oldpassword": factories.PASSWORD}).status_code == 302
    assert here.get("/tili/salasana/").status_code == 200
    assert elsewhere.get("/tili/salasana/")["Location"].startswith("/tili/kirjaudu/")
    assert len(mailbox.to(professional.email)) == 1


def test_setting_a_first_password_asks_who_one_is(as_user, mailbox):
    person = User.objects.create_user("aino@example.org")
    client = as_user(person)
    assert client.get("/tili/salasana/")["Location"] == "/tili/salasana/aseta/"
    assert client.get("/tili/salasana/aseta/")["Location"].startswith("/tili/varmista/koodi/")
    client.post("/tili/salasana/aseta/", {"password1": NEW, "password2": NEW})
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_the_desk_leads_to_the_one_page_for_passwords(coordinator, as_user):
    for address in ("/hallinta/password_change/", "/hallinta/password_change/done/"):
        assert as_user(coordinator).get(address)["Location"] == "/tili/salasana/"


def test_show_again_needs_the_right_password(professional, as_user):
    client = as_user(professional)
    assert client.post("/tili/varmista/", {"password": "wrong"}).status_code == 200
    show_again(client)
