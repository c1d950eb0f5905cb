"""Bulletins: who reads them, to whom they go, how often, and how one says no to them."""

import datetime as dt
import re
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from network import bulletins
from network.models import Bulletin, MemberRole, Message, Municipality, Organisation, StatusEvent, User
from network.subscriptions import BULLETINS
from network.transitions import InvalidTransition

from .. import factories
from ..meetings.factories import join, make_group

pytestmark = pytest.mark.django_db

HELSINKI = timezone.get_default_timezone()


@pytest.fixture
def draft():
    return factories.make_bulletin("Syksyn tapaamiset", sent=False)


def mail_it(bulletin: Bulletin) -> None:
    bulletins.mail(bulletin.pk, bulletin.version)


def addresses(mailbox) -> list[str]:
    return sorted(message.address for message in mailbox)


# Reading -------------------------------------------------------------------------------------------------------------

READERS = {
    "public": ("visitor", "outsider", "professional", "coordinator"),
    "members": ("professional", "coordinator"),
    "draft": (),
    "scheduled": (),
    "withdrawn": (),
}


def bulletin_that_is(kind: str) -> Bulletin:
    now = timezone.now()
    return {
        "public": lambda: factories.make_bulletin("Löydy"),
        "members": lambda: factories.make_bulletin("Löydy", is_public=False),
        "draft": lambda: factories.make_bulletin("Löydy", sent=False),
        "scheduled": lambda: factories.make_bulletin("Löydy", sent=False, scheduled_for=now),
        "withdrawn": lambda: factories.make_bulletin("Löydy", withdrawn_at=now),
    }[kind]()


@pytest.mark.parametrize("kind", READERS)
def test_who_reads_it(kind, request, as_user, professional, outsider, coordinator):
    bulletin = bulletin_that_is(kind)
    people = {"visitor": None, "outsider": outsider, "professional": professional, "coordinator": coordinator}
    for name, person in people.items():
        client, reads = as_user(person), name in READERS[kind]
        assert (name, client.get(bulletin.get_absolute_url()).status_code) == (name, 200 if reads else 404)
        for page in ("/tiedotteet/", "/"):
            assert (name, page, "Löydy" in client.get(page).content.decode()) == (name, page, reads)


@pytest.mark.parametrize("kind", READERS)
def test_the_feed_and_the_sitemap_have_public_ones_only(kind, client):
    bulletin = bulletin_that_is(kind)
    feed = client.get("/tiedotteet/rss/")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    assert ("Löydy" in feed.content.decode()) is (kind == "public")
    assert (bulletin.get_absolute_url() in client.get("/sitemap.xml").content.decode()) is (kind == "public")


def test_a_membership_that_has_ended_reads_public_ones_only(as_user, parish):
    person = factories.make_user()
    factories.make_membership(person, parish, since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1))
    bulletin = factories.make_bulletin(is_public=False)
    assert as_user(person).get(bulletin.get_absolute_url()).status_code == 404


def test_a_text_that_stays_in_finnish_says_so(client):
    bulletin = factories.make_bulletin("Vain suomeksi", title_sv="På svenska", body="Leipäteksti")
    with translation.override("sv"):
        page = client.get(bulletin.get_absolute_url()).content.decode()
    assert re.search(r"<h1>På svenska</h1>", page)
    assert re.search(r'<div class="prose mt-4" lang="fi"><p>Leipäteksti', page)
    with translation.override("en"):
        page = client.get(bulletin.get_absolute_url()).content.decode()
    assert '<h1 lang="fi">Vain suomeksi</h1>' in page


HOSTILE = """# Otsikko

<script>alert(1)</script> <img src="https://evil.example/x.png" onerror="alert(1)">

![kuva](https://evil.example/y.png) [linkki](javascript:alert(1)) [oikea](https://www.example.org/)
"""


def test_markdown_makes_no_script_picture_or_strange_link(client):
    page = client.get(factories.make_bulletin(body=HOSTILE).get_absolute_url()).content.decode()
    main = page.split("<article>")[1].split("</article>")[0]
    assert "<script" not in main
    assert "<img" not in main
    assert 'href="javascript' not in main
    assert "<h2>Otsikko</h2>" in main
    assert '<a href="https://www.example.org/" rel="noopener">oikea</a>' in main


# To whom -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(region):
    """Three members: a parish in 205, an association in 290 that serves 205 too, and an association without a place."""
    role = MemberRole.objects.order_by("pk").first()
    parish = factories.make_organisation(kind=Organisation.Kind.PARISH, municipality_id="205")
    far = factories.make_organisation(kind=Organisation.Kind.ASSOCIATION, municipality_id="290")
    far.municipalities_served.add("205")
    nowhere = factories.make_organisation(kind=Organisation.Kind.ASSOCIATION)
    for name, organisation in {"parish": parish, "far": far, "nowhere": nowhere}.items():
        person = factories.make_user(f"{name}@example.org")
        factories.make_membership(person, organisation, role=role if name == "nowhere" else None)
    gone = factories.make_user("gone@example.org")
    factories.make_membership(gone, parish, since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1))
    closed = factories.make_user("closed@example.org", is_active=False)
    factories.make_membership(closed, parish)
    return role


def names(bulletin: Bulletin) -> list[str]:
    return sorted(person.email.split("@")[0] for person in bulletin.audience())


def test_to_all_are_members_of_now_and_coordinators(crowd, coordinator, outsider):
    assert names(factories.make_bulletin()) == ["coordinator", "far", "nowhere", "parish"]


def test_it_goes_by_kind_municipality_and_role(crowd, coordinator):
    here = [Municipality.objects.get(pk="205")]
    assert names(factories.make_bulletin(to_kinds=["parish"])) == ["parish"]
    assert names(factories.make_bulletin(to_kinds=["association"])) == ["far", "nowhere"]
    assert names(factories.make_bulletin(to_municipalities=here)) == ["far", "parish"]
    assert names(factories.make_bulletin(to_roles=[crowd])) == ["nowhere"]
    assert names(factories.make_bulletin(to_kinds=["association"], to_municipalities=here)) == ["far"]
    assert names(factories.make_bulletin(to_roles=[crowd], to_kinds=["parish"])) == []


def test_what_is_chosen_holds_for_one_and_the_same_membership(crowd, parish):
    both = User.objects.get(email="nowhere@example.org")
    factories.make_membership(both, parish)
    assert names(factories.make_bulletin(to_roles=[crowd], to_kinds=["parish"])) == []


def test_it_goes_to_the_people_of_groups_too(crowd, coordinator, outsider):
    group, other = make_group("Ydinryhmä"), make_group("Työryhmä")
    for name in ("far", "parish", "gone"):
        join(User.objects.get(email=f"{name}@example.org"), group)
    join(User.objects.get(email="nowhere@example.org"), other)
    join(outsider, other)  # of a group, and no member of the network
    bulletin = factories.make_bulletin()
    bulletin.to_groups.set([group])
    assert (names(bulletin), bulletin.to_all) == (["far", "parish"], False)
    bulletin.to_kinds = ["parish"]
    assert names(bulletin) == ["parish"]
    bulletin.to_kinds = []
    bulletin.to_groups.add(other)
    assert names(bulletin) == ["far", "nowhere", "parish"]


# Sending -------------------------------------------------------------------------------------------------------------


def test_sending_puts_it_on_the_portal_and_one_job_in_the_queue(draft, coordinator, client):
    draft.send(by=coordinator)
    assert client.get(draft.get_absolute_url()).status_code == 200
    (job,) = ProcrastinateJob.objects.all()
    assert job.args == {"bulletin": draft.pk, "version": 1}
    event = StatusEvent.objects.of(draft).get()
    assert (event.status, event.by) == ("sent", coordinator)


def test_each_reader_gets_it_once(draft, coordinator, professional, outsider, mailbox):
    draft.send(by=coordinator)
    mail_it(draft)
    mail_it(draft)
    assert addresses(mailbox) == ["coordinator@example.org", "professional@example.org"]


def test_it_cannot_be_sent_twice(draft, coordinator):
    again = Bulletin.objects.get(pk=draft.pk)
    draft.send(by=coordinator)
    with pytest.raises(InvalidTransition):
        again.send(by=coordinator)
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_one_sends(draft, coordinator):
    start, ends = threading.Barrier(6), []

    def press():
        try:
            start.wait()
            Bulletin.objects.get(pk=draft.pk).send(by=coordinator)
            ends.append("sent")
        except InvalidTransition:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused"] * 5 + ["sent"]
    assert ProcrastinateJob.objects.count() == 1
    assert StatusEvent.objects.of(draft).count() == 1


def test_a_correction_goes_to_all_again(draft, coordinator, professional, mailbox):
    draft.send(by=coordinator)
    mail_it(draft)
    stale = Bulletin.objects.get(pk=draft.pk)
    draft.send_again(by=coordinator)
    with pytest.raises(InvalidTransition):
        stale.send_again(by=coordinator)
    mail_it(draft)
    mail_it(draft)
    assert [message.version for message in mailbox.to("professional@example.org")] == [1, 2]
    assert bulletins.mail(draft.pk, 1) == 0


def test_one_that_is_withdrawn_meanwhile_is_not_mailed(draft, coordinator, professional, mailbox):
    draft.send(by=coordinator)
    draft.withdraw(by=coordinator)
    mail_it(draft)
    assert len(mailbox) == 0
    with pytest.raises(InvalidTransition):
        draft.withdraw(by=coordinator)
    with pytest.raises(InvalidTransition):
        draft.send(by=coordinator)


def test_later_is_later(draft, coordinator, client):
    draft.schedule(timezone.now() + dt.timedelta(hours=1), by=coordinator)
    assert bulletins.send_due() == 0
    Bulletin.objects.update(scheduled_for=timezone.now())
    assert bulletins.send_due() == 1
    assert bulletins.send_due() == 0
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert [event.status for event in StatusEvent.objects.of(draft)] == ["scheduled", "sent"]


def test_what_is_taken_back_is_not_sent_later(draft, coordinator):
    draft.schedule(timezone.now() + dt.timedelta(hours=1), by=coordinator)
    draft.unschedule(by=coordinator)
    Bulletin.objects.update(created_at=timezone.now() - dt.timedelta(days=2))
    assert bulletins.send_due() == 0
    with pytest.raises(InvalidTransition):
        draft.unschedule(by=coordinator)


def test_a_time_that_has_passed_is_no_later(draft, coordinator):
    with pytest.raises(ValidationError, match=r"."):
        draft.schedule(timezone.now() - dt.timedelta(minutes=1), by=coordinator)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_it_over_smtp(draft, coordinator, professional, run_worker, smtp_server):
    """What a job of the worker queues – the mails – is done by that worker, too."""
    draft.send(by=coordinator)
    run_worker()
    assert sorted(str(letter["To"]) for letter in smtp_server.arrived) == [coordinator.email, professional.email]
    letter = next(letter for letter in smtp_server.arrived if letter["To"] == professional.email)
    token = BULLETINS.token_of(professional)
    assert letter["Subject"] == "Syksyn tapaamiset"
    assert letter["List-Unsubscribe"].replace("\n", "").endswith(f"/tiedotteet/peru/{token}/>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<strong>kaikki</strong>" in letter.get_body(["html"]).get_content()
    assert f"/tiedotteet/{draft.pk}/" in letter.get_body(["plain"]).get_content()


def test_the_mail_is_in_the_readers_language(draft, coordinator, mailbox, professional):
    User.objects.filter(pk=professional.pk).update(language="sv")
    Bulletin.objects.update(title_sv="Höstens träffar")
    draft.refresh_from_db()
    draft.send(by=coordinator)
    mail_it(draft)
    (message,) = mailbox.to("professional@example.org")
    assert message.subject == "Höstens träffar"
    assert '<html lang="sv">' in message.html
    assert '<div lang="fi"><p>Tervetuloa' in message.html
    assert f"/sv/tiedotteet/{draft.pk}/" in message.text


# Subscriptions -------------------------------------------------------------------------------------------------------

MONDAY = dt.datetime(2026, 11, 9, 8, 5, tzinfo=HELSINKI)


@pytest.fixture
def weekly(professional):
    User.objects.filter(pk=professional.pk).update(bulletin_delivery=User.Delivery.WEEKLY)
    professional.refresh_from_db()
    return professional


def test_who_does_not_want_them_gets_none(draft, coordinator, professional, mailbox):
    User.objects.update(bulletin_delivery=User.Delivery.NONE)
    draft.send(by=coordinator)
    mail_it(draft)
    Bulletin.objects.update(sent_at=MONDAY - dt.timedelta(days=1))
    bulletins.mail_digests(MONDAY)
    assert len(mailbox) == 0


def test_the_weeks_bulletins_come_in_one_message(weekly, coordinator, mailbox):
    for name, days in {"Tuore": 1, "Toinen": 6, "Vanha": 8}.items():
        factories.make_bulletin(name, sent_at=MONDAY - dt.timedelta(days=days))
    factories.make_bulletin("Peruttu", sent_at=MONDAY - dt.timedelta(days=2), withdrawn_at=timezone.now())
    factories.make_bulletin("Muille", sent_at=MONDAY - dt.timedelta(days=2), to_kinds=["association"])
    mail_it(Bulletin.objects.get(title="Tuore"))
    assert bulletins.mail_digests(MONDAY) == 1
    assert bulletins.mail_digests(MONDAY) == 0
    assert bulletins.mail_digests(MONDAY + dt.timedelta(hours=3)) == 0
    (message,) = mailbox.to(weekly.email)
    shown = [name for name in ("Tuore", "Toinen", "Vanha", "Peruttu", "Muille") if name in message.text]
    assert shown == ["Tuore", "Toinen"]
    assert "List-Unsubscribe" in message.headers


def test_what_was_corrected_and_sent_again_is_in_the_next_digest(weekly, coordinator, mailbox):
    old = factories.make_bulletin("Vanha", sent_at=MONDAY - dt.timedelta(days=30))
    old.send_again(by=coordinator)
    StatusEvent.objects.update(at=MONDAY - dt.timedelta(days=9))
    assert bulletins.mail_digests(MONDAY) == 0
    StatusEvent.objects.update(at=MONDAY - dt.timedelta(days=2))
    assert bulletins.mail_digests(MONDAY) == 1
    assert "Vanha" in mailbox.to(weekly.email)[0].text


@pytest.mark.parametrize("hours", [-2, -24, 25, 72])
def test_the_digest_comes_on_mondays(weekly, mailbox, hours):
    factories.make_bulletin(sent_at=MONDAY + dt.timedelta(hours=hours) - dt.timedelta(days=1))
    bulletins.mail_digests(MONDAY + dt.timedelta(hours=hours))
    assert len(mailbox) == 0


def test_a_week_without_bulletins_has_no_digest(weekly, mailbox):
    bulletins.mail_digests(MONDAY)
    assert len(mailbox) == 0


def unsubscribe(person: User) -> str:
    return reverse("bulletin_unsubscribe", args=[BULLETINS.token_of(person)])


def test_opening_the_link_changes_nothing_and_the_button_does(professional, client):
    page = client.get(unsubscribe(professional))
    assert page.status_code == 200
    assert professional.email not in page.content.decode()
    professional.refresh_from_db()
    assert professional.bulletin_delivery == User.Delivery.AT_ONCE
    client.post(unsubscribe(professional), {"delivery": "none"})
    professional.refresh_from_db()
    assert professional.bulletin_delivery == User.Delivery.NONE
    client.post(unsubscribe(professional), {"delivery": "weekly"})
    professional.refresh_from_db()
    assert professional.bulletin_delivery == User.Delivery.WEEKLY


def test_a_mail_program_presses_the_button_without_cookies_or_a_token(professional):
    answer = Client(enforce_csrf_checks=True).post(unsubscribe(professional), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    professional.refresh_from_db()
    assert professional.bulletin_delivery == User.Delivery.NONE


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "1"])
def test_a_link_that_nobody_signed_opens_nothing(professional, client, spoil):
    address = reverse("bulletin_unsubscribe", args=[spoil(BULLETINS.token_of(professional))])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    professional.refresh_from_db()
    assert professional.bulletin_delivery == User.Delivery.AT_ONCE


def test_each_chooses_for_themselves(professional, outsider, as_user):
    client = as_user(professional)
    assert client.post("/tiedotteet/tilaus/", {"bulletin_delivery": "weekly", "is_staff": "on"}).status_code == 302
    assert client.post("/tiedotteet/tilaus/", {"bulletin_delivery": "daily"}).status_code == 200
    professional.refresh_from_db()
    outsider.refresh_from_db()
    assert (professional.bulletin_delivery, professional.is_staff) == ("weekly", False)
    assert outsider.bulletin_delivery == "at-once"


# Proposing -----------------------------------------------------------------------------------------------------------


def test_a_member_proposes_and_the_coordinators_are_told(professional, coordinator, as_user, mailbox, client):
    form = as_user(professional)
    key = form.get("/tiedotteet/ehdota/").context["form"].initial["form_key"]
    told = {"title": "Uusi ryhmä", "body": "Alkaa maanantaina.", "form_key": key, "is_public": "on"}
    for _press in range(2):
        assert form.post("/tiedotteet/ehdota/", told).status_code == 302
    (proposal,) = Bulletin.objects.all()
    assert (proposal.state, proposal.proposed_by, proposal.is_public) == ("proposed", professional, False)
    assert addresses(mailbox) == ["coordinator@example.org"]
    assert f"/hallinta/network/bulletin/{proposal.pk}/preview/" in mailbox[0].text
    assert client.get(proposal.get_absolute_url()).status_code == 404


def test_who_proposed_a_bulletin_hears_that_it_is_not_sent(professional, coordinator, mailbox):
    proposal = factories.make_bulletin("Ehdotus", sent=False, proposed_by=professional)
    proposal.withdraw(by=coordinator)
    assert addresses(mailbox) == [professional.email]
    sent = factories.make_bulletin("Mennyt", proposed_by=professional)
    sent.withdraw(by=coordinator)  # it was sent: that is no answer to a proposal
    assert len(mailbox) == 1


@pytest.mark.parametrize("told", [{"title": "", "body": "x"}, {"title": "x", "body": ""}, {"title": "x" * 151, "body": "x"},
                                  {"title": "x", "body": "Hänen tunnuksensa on 131052-308T"}])  # fmt: skip
def test_a_proposal_that_will_not_do_comes_back_as_typed(told, professional, as_user):
    answer = as_user(professional).post("/tiedotteet/ehdota/", told)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Bulletin.objects.exists()


# The desk ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(coordinator, as_user):
    return as_user(coordinator)


def preview(bulletin: Bulletin) -> str:
    return f"/hallinta/network/bulletin/{bulletin.pk}/preview/"


def press(desk, bulletin: Bulletin, **buttons: str):
    read_at = desk.get(preview(bulletin)).context["read_at"]
    return desk.post(preview(bulletin), {"read_at": read_at, **buttons})


def test_the_coordinator_writes_previews_and_sends(desk, professional, mailbox, client):
    answer = desk.post(
        "/hallinta/network/bulletin/add/", {"title": "Uutta", "body": "**Hei**", "is_public": "on", "_save": ""}
    )
    bulletin = Bulletin.objects.get()
    assert answer["Location"] == preview(bulletin)
    page = desk.get(preview(bulletin))
    assert "<strong>Hei</strong>" in page.content.decode()
    assert (page.context["at_once"], page.context["weekly"]) == (2, 0)
    assert client.get(bulletin.get_absolute_url()).status_code == 404
    assert press(desk, bulletin, send="").status_code == 302
    assert client.get(bulletin.get_absolute_url()).status_code == 200
    press(desk, bulletin, send="")
    assert ProcrastinateJob.objects.filter(task_name="network.tasks.mail_bulletin").count() == 1


def test_the_desk_chooses_groups(desk, draft):
    group, ended = make_group("Ydinryhmä"), make_group("Vanha", ended_on=dt.date(2020, 1, 1))
    page = f"/hallinta/network/bulletin/{draft.pk}/change/"
    fields = {"title": draft.title, "body": draft.body}
    desk.post(page, fields | {"to_groups": [group.pk]})
    assert list(draft.to_groups.all()) == [group]
    assert desk.post(page, fields | {"to_groups": [ended.pk]}).status_code == 200
    desk.post(page, fields)
    assert list(draft.to_groups.all()) == []


def test_the_coordinator_sends_later_and_takes_it_back(desk, draft):
    press(desk, draft, schedule="", at_0="2099-01-02", at_1="08:30")
    draft.refresh_from_db()
    assert draft.scheduled_for == dt.datetime(2099, 1, 2, 8, 30, tzinfo=HELSINKI)
    press(desk, draft, unschedule="")
    draft.refresh_from_db()
    assert draft.state == "draft"
    for day, time in [("2020-01-02", "08:30"), ("", ""), ("2099-01-02", "x")]:
        answer = press(desk, draft, schedule="", at_0=day, at_1=time)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_what_somebody_changed_meanwhile_is_read_before_it_is_sent(desk, draft):
    read_at = desk.get(preview(draft)).context["read_at"]
    draft.save()
    desk.post(preview(draft), {"read_at": read_at, "send": ""})
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_actions_of_the_list_withdraw_in_the_coordinators_name(desk, coordinator):
    sent, gone = factories.make_bulletin(), factories.make_bulletin(withdrawn_at=timezone.now())
    desk.post("/hallinta/network/bulletin/", {"action": "withdraw", "_selected_action": [sent.pk, gone.pk]})
    sent.refresh_from_db()
    assert sent.withdrawn_at
    assert StatusEvent.objects.get(subject_type=ContentType.objects.get_for_model(Bulletin)).by == coordinator


@pytest.mark.parametrize("state", ["proposed", "draft", "scheduled", "sent", "withdrawn"])
def test_the_list_narrows_to_a_state(state, desk, professional):
    now = timezone.now()
    factories.make_bulletin("proposed", sent=False, proposed_by=professional)
    factories.make_bulletin("draft", sent=False)
    factories.make_bulletin("scheduled", sent=False, scheduled_for=now)
    factories.make_bulletin("sent")
    factories.make_bulletin("withdrawn", withdrawn_at=now)
    found = desk.get(f"/hallinta/network/bulletin/?state={state}").context["cl"].queryset
    assert [(bulletin.title, bulletin.state) for bulletin in found] == [(state, state)]


def test_the_desk_does_not_show_what_a_message_said(desk):
    message = Message.objects.create(
        event="code:1", address="a@example.org", language="fi", subject="Aihe", text="salakoodi", html="salakoodi"
    )
    page = desk.get(f"/hallinta/network/message/{message.pk}/change/").content.decode()
    assert "Aihe" in page
    assert "salakoodi" not in page
