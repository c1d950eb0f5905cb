"""Inviting, answering from the mail, registering without an account."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from meetings import answering, inviting, registering
from meetings.models import Meeting, MeetingGuest, Participation
from network.models import Message
from network.transitions import InvalidTransition
from tests import factories as people

from . import factories


def run(meeting, what):
    inviting.mail(meeting.pk, what)


@pytest.mark.django_db
class TestInviting:
    def test_a_draft_sends_nothing_however_often_it_is_saved(self, coordinator, professional, as_user, mailbox):
        meeting = factories.make_meeting(published=False)
        desk = as_user(coordinator)
        form = {"title": "Uusi nimi", "starts_at": "2031-01-09T13:00", "ends_at": "2031-01-09T15:00", "form": "online"}
        assert desk.post(f"/tapaamiset/{meeting.pk}/muokkaa/", {**form, "save": ""}).status_code == 302
        assert desk.get(f"/tapaamiset/{meeting.pk}/kutsu/").status_code == 200
        meeting.refresh_from_db()
        assert (meeting.title, meeting.invited_at, len(mailbox)) == ("Uusi nimi", None, 0)

    def test_save_and_tell_shows_the_message_and_sends_it_by_its_button_only(
        self, coordinator, professional, as_user, mailbox
    ):
        meeting = factories.make_meeting()
        inviting.invite(meeting, by=coordinator)
        desk = as_user(coordinator)
        form = {
            "title": meeting.title,
            "starts_at": "2031-01-09T13:00",
            "ends_at": "2031-01-09T15:00",
            "form": "online",
        }
        answer = desk.post(f"/tapaamiset/{meeting.pk}/muokkaa/", {**form, "tell": ""})
        assert answer["Location"].endswith(f"/tapaamiset/{meeting.pk}/kerro/")
        page = desk.get(answer["Location"])
        assert page.context["matters"] is True
        meeting.refresh_from_db()
        assert (meeting.sequence, meeting.told_version) == (0, 0)
        desk.post(answer["Location"])
        desk.post(answer["Location"])  # pressed twice
        meeting.refresh_from_db()
        assert (meeting.sequence, meeting.told_version) == (1, 1)

    def test_everybody_of_the_group_and_the_guests_are_asked_once(
        self, coordinator, professional, expert, outsider, mailbox
    ):
        meeting = factories.make_meeting()
        silent = people.make_user(wants_meetings=False)
        people.make_membership(silent, people.make_organisation())
        guest = factories.make_guest(meeting)
        factories.make_guest(meeting, "Ilman osoitetta", email="")
        assert inviting.invite(meeting, by=coordinator) == 3
        run(meeting, "invite")
        run(meeting, "invite")
        assert {one.address for one in mailbox} == {professional.email, expert.email, guest.email}
        assert len(mailbox) == 3
        with pytest.raises(ValidationError):
            inviting.invite(meeting, by=coordinator)
        late = people.make_user("late@example.org")
        people.make_membership(late, people.make_organisation())
        assert inviting.invite(meeting, by=coordinator) == 1
        run(meeting, "invite")
        assert [one.address for one in mailbox][3:] == ["late@example.org"]

    def test_who_wants_no_mail_of_the_group_gets_none(self, coordinator, expert, professional):
        group = factories.make_group()
        factories.join(expert, group)
        factories.join(professional, group, wants_mail=False)
        assert list(group.invited()) == [expert]

    def test_a_cancelled_or_past_meeting_is_not_invited_to(self, coordinator, professional):
        over = factories.make_meeting(days=-2)
        with pytest.raises(InvalidTransition):
            inviting.invite(over, by=coordinator)
        with pytest.raises(InvalidTransition):
            inviting.cancel(over, by=coordinator)
        gone = factories.make_meeting()
        inviting.cancel(gone, by=coordinator)
        for verb in (inviting.invite, inviting.tell, inviting.cancel):
            with pytest.raises(InvalidTransition):
                verb(gone, by=coordinator)

    def test_cancelling_tells_those_who_knew_and_nobody_else(self, coordinator, professional, mailbox):
        quiet = factories.make_meeting("Hiljainen")
        inviting.cancel(quiet, by=coordinator)
        run(quiet, "cancel")
        assert len(mailbox) == 0

    def test_reminders_come_on_their_day_once_and_to_speakers_too(self, coordinator, professional, expert, mailbox):
        meeting = factories.make_meeting(
            days=10, reminds_days_before=[2], reminds_speakers_days_before=[7], invited_at=timezone.now()
        )
        factories.ask(meeting, professional, answer="coming")
        factories.ask(meeting, expert, answer="not")
        guest = factories.make_guest(meeting, invited_at=timezone.now())
        start = meeting.first_day
        assert inviting.remind(start - dt.timedelta(days=3)) == 0
        assert inviting.remind(start - dt.timedelta(days=7)) == 1
        assert inviting.remind(start - dt.timedelta(days=2)) == 2
        assert inviting.remind(start - dt.timedelta(days=2)) == 0
        assert [one.address for one in mailbox] == [guest.email, professional.email, guest.email]

    @pytest.mark.parametrize(
        "path",
        [
            "jarjesta",
            "muokkaa",
            "kutsu",
            "kerro",
            "peru",
            "lasna",
            "vieraat/uusi",
            "kohdat/uusi",
            "ilmoittautuneet.csv",
        ],
    )
    def test_a_member_organises_nothing(self, path, professional, as_user, client):
        meeting = factories.make_meeting()
        address = f"/tapaamiset/{meeting.pk}/{path}" + ("" if path.endswith("csv") else "/")
        assert as_user(professional).get(address).status_code == 403
        assert client.get(address).status_code == 302

    def test_a_named_organiser_needs_no_rights_on_the_desk(self, professional, as_user):
        meeting = factories.make_meeting(published=False)
        meeting.organisers.add(professional)
        person = as_user(professional)
        assert person.get(f"/tapaamiset/{meeting.pk}/jarjesta/").status_code == 200
        assert person.get("/hallinta/").status_code == 403


@pytest.mark.django_db
class TestAnswering:
    def test_opening_the_link_answers_nothing_and_the_button_does_without_signing_in(self, professional, client):
        one = factories.ask(factories.make_meeting(), professional)
        address = f"/tapaamiset/vastaus/{one.token}/"
        for _scanner in range(2):
            page = client.get(f"{address}?vastaus=coming")
            client.head(f"{address}?vastaus=coming")
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
        one.refresh_from_db()
        assert one.answer == "invited"
        client.post(address, {"answer": "maybe", "note": "Tulen kello 14."})
        one.refresh_from_db()
        assert (one.answer, one.note) == ("maybe", "Tulen kello 14.")
        assert "_auth_user_id" not in client.session

    def test_a_guest_answers_and_says_what_may_be_published(self, client):
        guest = factories.make_guest(factories.make_meeting(), invited_at=timezone.now())
        address = f"/tapaamiset/vastaus/{guest.token}/"
        assert b"salainen" in client.get(address).content  # the guest is invited: the link is hers
        client.post(address, {"answer": "coming", "name_may_be_published": "on"})
        guest.refresh_from_db()
        assert (guest.answer, guest.name_may_be_published, guest.slides_may_be_published) == ("coming", True, False)
        assert guest.consented_at

    @pytest.mark.parametrize("wrong", ["x", "", "aa:bb"])
    def test_a_link_that_is_not_ours_is_not_found(self, wrong, client, professional):
        one = factories.ask(factories.make_meeting(), professional)
        token = one.token[:-3] + wrong
        assert client.get(f"/tapaamiset/vastaus/{token}/").status_code == 404

    def test_after_the_meeting_nothing_is_answered(self, professional, client):
        one = factories.ask(factories.make_meeting(days=-1), professional)
        assert client.get(f"/tapaamiset/vastaus/{one.token}/").status_code == 200
        client.post(f"/tapaamiset/vastaus/{one.token}/", {"answer": "coming"})
        one.refresh_from_db()
        assert one.answer == "invited"

    def test_a_member_answers_on_the_page_once_however_often(self, professional, outsider, as_user):
        meeting = factories.make_meeting(is_public=True)
        member = as_user(professional)
        for answer in ("coming", "not"):
            assert member.post(f"/tapaamiset/{meeting.pk}/vastaa/", {"answer": answer}).status_code == 302
        assert [one.answer for one in Participation.objects.all()] == ["not"]
        assert as_user(outsider).post(f"/tapaamiset/{meeting.pk}/vastaa/", {"answer": "coming"}).status_code == 403

    def test_no_note_holds_an_identity_code(self, professional, client):
        one = factories.ask(factories.make_meeting(), professional)
        page = client.post(f"/tapaamiset/vastaus/{one.token}/", {"answer": "coming", "note": "131052-308T"})
        assert page.context["form"].errors["note"]


@pytest.fixture
def webinar(db) -> Meeting:
    return factories.make_meeting(kind="webinar", is_public=True, open_to_non_members=True, capacity=2)


def registrant(number: int) -> Participation:
    return Participation(name=f"Osallistuja {number}", email=f"r{number}@example.org")


@pytest.mark.django_db
class TestRegistering:
    @pytest.fixture(autouse=True)
    def quick(self, settings):
        settings.PUBLIC_FORM_SECONDS = 0

    def send(self, client, meeting, **fields):
        key = client.get(f"/tapaamiset/{meeting.pk}/ilmoittaudu/").context["form"].initial["form_key"]
        data = {"name": "Aino", "email": "aino@example.org", "form_key": key, **fields}
        return client.post(f"/tapaamiset/{meeting.pk}/ilmoittaudu/", data)

    def test_a_visitor_registers_and_gets_the_link_by_mail_only(self, client, webinar, mailbox):
        answer = self.send(client, webinar)
        assert answer["Location"] == f"/tapaamiset/{webinar.pk}/ilmoittaudu/kiitos/"
        assert b"salainen" not in client.get(answer["Location"]).content
        (message,) = mailbox.to("aino@example.org")
        assert "salainen" in message.text
        assert "METHOD:REQUEST" in message.calendar
        assert "Aino" not in client.get(webinar.get_absolute_url()).content.decode()

    def test_the_same_address_has_one_place_and_gets_its_mail_again(self, client, webinar, mailbox):
        self.send(client, webinar)
        self.send(client, webinar, email="AINO@example.org")
        assert Participation.objects.count() == 1

    def test_an_address_with_an_account_answers_as_that_person(self, client, webinar, professional):
        self.send(client, webinar, email=professional.email)
        one = Participation.objects.get()
        assert (one.person, one.email, one.answer) == (professional, "", "coming")

    def test_who_comes_after_the_places_are_full_waits_without_the_link_and_moves_up(self, webinar, mailbox):
        first, second, third = (registering.register(webinar, registrant(number)) for number in range(3))
        assert [one.answer for one in (first, second, third)] == ["coming", "coming", "waiting"]
        (told,) = mailbox.to("r2@example.org")
        assert "salainen" not in told.text
        assert told.calendar == ""
        answering.answer(first, "not")
        third.refresh_from_db()
        assert third.answer == "coming"
        assert "salainen" in mailbox.to("r2@example.org")[1].text

    @pytest.mark.parametrize(
        "fields",
        [
            {"open_to_non_members": False},
            {"is_public": False},
            {"cancelled_at": "2026-01-01T00:00Z"},
            {"registration_until": "2026-01-01T00:00Z"},
        ],
    )
    def test_a_closed_registration_takes_nobody(self, fields, webinar):
        Meeting.objects.filter(pk=webinar.pk).update(**fields)
        with pytest.raises(ValidationError):
            registering.register(webinar, registrant(1))

    def test_three_hundred_register_and_the_list_is_theirs_alone(self, coordinator, as_user, client):
        meeting = factories.make_meeting(kind="webinar", is_public=True, open_to_non_members=True, capacity=290)
        for number in range(300):
            registering.register(meeting, registrant(number))
        answers = list(meeting.participations.values_list("answer", flat=True))
        assert (answers.count("coming"), answers.count("waiting")) == (290, 10)
        assert Message.objects.filter(event__startswith="meeting-registered").count() == 300
        table = as_user(coordinator).get(f"/tapaamiset/{meeting.pk}/ilmoittautuneet.csv").content.decode()
        assert table.count("@example.org") == 300
        assert "Osallistuja" not in client.get(meeting.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_one_last_place(webinar):
    Meeting.objects.filter(pk=webinar.pk).update(capacity=1)

    def register(number: int) -> str:
        try:
            return registering.register(webinar, registrant(number)).answer
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(register, range(2))) == ["coming", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_tell_at_once_make_one_message(professional, coordinator):
    meeting = factories.make_meeting()
    factories.ask(meeting, professional)
    inviting.move(meeting, to="invited", allowed=Meeting.objects.all(), refusal="", by=None, invited_at=timezone.now(), told=inviting.snapshot(meeting))  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(venue="Kirjasto")

    def tell(_number: int) -> str:
        try:
            inviting.tell(Meeting.objects.get(pk=meeting.pk), by=coordinator)
        except InvalidTransition:
            return "late"
        finally:
            connection.close()
        return "told"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tell, range(2))) == ["late", "told"]
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.told_version) == (1, 1)
    inviting.mail(meeting.pk, "change")
    assert Message.objects.filter(event__startswith="meeting-change").count() == 1


@pytest.mark.django_db
def test_a_guest_is_somebody_and_is_asked_once():
    meeting = factories.make_meeting()
    factories.make_guest(meeting, email="same@example.org")
    with pytest.raises(Exception, match="a_guest_is_asked_once"):
        MeetingGuest.objects.create(meeting=meeting, name="x", email="same@example.org")


def test_a_worker_sends_the_invitations_with_their_calendar_file(run_worker, smtp_server, professional):
    meeting = factories.make_meeting()
    inviting.invite(meeting, by=None)
    run_worker()
    (letter,) = smtp_server.arrived
    assert letter["To"] == professional.email
    kinds = [part.get_content_type() for part in letter.walk()]
    assert (kinds.count("text/calendar"), kinds.count("application/ics")) == (1, 1)
    assert meeting.participations.get().invited_at
