"""A meeting's calendar files over its whole life, as a calendar program reads them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings import calendars, inviting
from meetings.models import MeetingSession
from network import mail
from network.models import Message
from network.transitions import InvalidTransition

from . import factories

pytestmark = pytest.mark.django_db

HELSINKI = ZoneInfo("Europe/Helsinki")


def files_to(address: str) -> list[Calendar]:
    return [
        Calendar.from_ical(one.calendar)
        for one in Message.objects.filter(address=address).exclude(calendar="").order_by("pk")
    ]


def event_of(calendar: Calendar):
    return calendar.walk("VEVENT")[0]


def run(meeting, what):
    """The job that the verb deferred."""
    inviting.mail(meeting.pk, what)
    meeting.refresh_from_db()


def test_a_meeting_keeps_its_name_and_counts_what_matters_through_its_whole_life(professional, coordinator, mailbox):
    meeting = factories.make_meeting(published=False)
    factories.make_guest(meeting, email="guest@example.org")
    inviting.invite(meeting, by=coordinator)
    run(meeting, "invite")
    meeting.starts_at += dt.timedelta(days=1)  # saved twice, told once
    meeting.ends_at += dt.timedelta(days=1)
    meeting.save()
    meeting.join_link = "https://teams.example.org/uusi"
    meeting.save()
    inviting.tell(meeting, by=coordinator)
    run(meeting, "change")
    factories.make_item(meeting, "Uusi kohta")
    inviting.tell(meeting, by=coordinator)
    run(meeting, "change")
    inviting.cancel(meeting, by=coordinator, reason="Vetäjä on sairaana.")
    run(meeting, "cancel")

    for address in ("professional@example.org", "guest@example.org"):
        invited, moved, cancelled = files_to(address)  # the changed agenda came without a file
        assert len(mailbox.to(address)) == 4
        assert [str(one["METHOD"]) for one in (invited, moved, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
        events = [event_of(one) for one in (invited, moved, cancelled)]
        assert {str(event["UID"]) for event in events} == {meeting.uid}
        assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]
        assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert events[1]["DTSTART"].dt - events[0]["DTSTART"].dt == dt.timedelta(days=1)
        assert "https://teams.example.org/uusi" in events[1]["DESCRIPTION"]
        assert "teams.example.org" not in events[2]["DESCRIPTION"]
        assert all(len(one.walk("VEVENT")) == 1 for one in (invited, moved, cancelled))
        assert str(events[0]["ATTENDEE"]).lower() == f"mailto:{address}"


def test_the_agenda_changes_without_the_calendar_hearing_of_it(professional, coordinator):
    meeting = factories.make_meeting()
    inviting.invite(meeting, by=coordinator)
    factories.make_item(meeting, "Uusi kohta")
    inviting.tell(meeting, by=coordinator)
    assert (meeting.sequence, meeting.told_version) == (0, 1)


def test_nothing_new_makes_no_message(professional, coordinator, mailbox):
    meeting = factories.make_meeting()
    inviting.invite(meeting, by=coordinator)
    run(meeting, "invite")
    with pytest.raises(InvalidTransition):
        inviting.tell(meeting, by=coordinator)
    run(meeting, "invite")  # the job again, after a worker died
    assert len(mailbox.to("professional@example.org")) == 1


@pytest.mark.parametrize(("day", "offset"), [("2026-10-25", 2), ("2027-03-28", 3), ("2027-10-31", 2)])
def test_on_the_sundays_when_clocks_change_the_wall_clock_counts(day, offset, db):
    start = dt.datetime.fromisoformat(f"{day}T13:00").replace(tzinfo=HELSINKI)
    meeting = factories.make_meeting(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    text = calendars.invitation(meeting, address="a@example.org", name="A")
    assert f"DTSTART;TZID=Europe/Helsinki:{day.replace('-', '')}T130000" in text
    event = event_of(Calendar.from_ical(text))
    assert event["DTSTART"].dt.astimezone(dt.UTC).hour == 13 - offset
    # The zone as the file tells it, for programs that know no zones of their own.
    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0].to_tz()
    assert start.replace(tzinfo=zone).utcoffset() == dt.timedelta(hours=offset)


def test_a_copy_over_the_change_of_the_clocks_keeps_its_hour(db):
    from meetings import preparing

    before = dt.datetime(2026, 10, 22, 13, tzinfo=HELSINKI)
    assert timezone.localtime(preparing.same_clock(before, 28)).hour == 13


def test_several_sessions_are_one_event_with_further_dates(db):
    first, second = factories.in_days(10, 9), factories.in_days(11, 10)
    meeting = factories.make_meeting(kind="training", starts_at=first, ends_at=second + dt.timedelta(hours=5))
    MeetingSession.objects.create(
        meeting=meeting, starts_at=first, ends_at=first + dt.timedelta(hours=6), title="1. päivä"
    )
    MeetingSession.objects.create(
        meeting=meeting, starts_at=second, ends_at=second + dt.timedelta(hours=5), title="2. päivä", venue="Kirjasto"
    )
    main, other = Calendar.from_ical(calendars.invitation(meeting, address="a@example.org", name="A")).walk("VEVENT")
    assert main["UID"] == other["UID"] == meeting.uid
    assert main["DTEND"].dt == first + dt.timedelta(hours=6)
    assert main["RDATE"].dts[0].dt == second == other["RECURRENCE-ID"].dt
    assert (other["DTEND"].dt, str(other["LOCATION"])) == (second + dt.timedelta(hours=5), "Kirjasto")


def test_the_file_goes_twice_with_the_mail(professional, coordinator):
    meeting = factories.make_meeting("Läheisten päivä – syksy")
    inviting.invite(meeting, by=coordinator)
    inviting.mail(meeting.pk, "invite")
    sent = mail.as_email(Message.objects.get(address="professional@example.org")).message()
    parts = [part for part in sent.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
    assert [part.get_content_type() for part in parts] == ["text/calendar", "application/ics"]
    assert parts[0].get_param("method") == "REQUEST"
    assert parts[1].get_filename() == "tapaaminen.ics"
    for part in parts:
        event = event_of(Calendar.from_ical(part.get_payload(decode=True)))
        assert (event["UID"], event["SUMMARY"]) == (meeting.uid, "Läheisten päivä – syksy")


def test_a_message_that_has_left_keeps_no_file(professional, coordinator):
    meeting = factories.make_meeting()
    inviting.invite(meeting, by=coordinator)
    inviting.mail(meeting.pk, "invite")
    message = Message.objects.get(address="professional@example.org")
    mail.deliver(message.pk)
    message.refresh_from_db()
    assert (message.calendar, message.text) == ("", "")
    assert message.sent_at


def test_public_files_never_hold_the_link(client, professional, as_user):
    meeting = factories.make_meeting(is_public=True)
    factories.ask(meeting, professional)
    for reader in (client, as_user(professional)):
        for address in (f"/tapaamiset/{meeting.pk}/kalenteri.ics", "/tapaamiset/kalenteri.ics"):
            answer = reader.get(address)
            assert answer["Content-Type"].startswith("text/calendar")
            assert event_of(Calendar.from_ical(answer.content))["UID"] == meeting.uid
            assert b"salainen" not in answer.content


def test_the_personal_feed_has_own_meetings_with_links_until_its_address_is_changed(client, professional, as_user):
    asked, other = factories.make_meeting("Minulle"), factories.make_meeting("Muille")
    refused, waits = (
        factories.make_meeting("En tule"),
        factories.make_meeting("Jonossa", join_link="https://x.example.org/jono"),
    )
    factories.ask(asked, professional)
    factories.ask(refused, professional, answer="not")
    factories.ask(waits, professional, answer="waiting")
    own = as_user(professional)
    own.post("/omat/kalenteri/")
    address = professional.calendar_feed.key
    text = client.get(f"/tapaamiset/kalenteri/{address}.ics").content.decode()
    names = {str(event["SUMMARY"]) for event in Calendar.from_ical(text).walk("VEVENT")}
    assert names == {"Minulle", "Jonossa"}
    assert "salainen" in text.replace("\r\n ", "")
    assert "jono" not in text.replace("Jonossa", "")
    assert other.title not in text
    own.post("/omat/kalenteri/")
    assert client.get(f"/tapaamiset/kalenteri/{address}.ics").status_code == 404


def test_a_draft_is_in_no_feed_and_a_cancelled_one_says_so(client, coordinator):
    factories.make_meeting("Luonnos", is_public=True, published=False)
    gone = factories.make_meeting("Peruttu", is_public=True)
    inviting.cancel(gone, by=coordinator)
    events = Calendar.from_ical(client.get("/tapaamiset/kalenteri.ics").content).walk("VEVENT")
    assert [(str(event["SUMMARY"]), str(event["STATUS"])) for event in events] == [("Peruttu", "CANCELLED")]
