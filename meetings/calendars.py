"""Calendar files: one event for each meeting, always under the same name (UID), always in the network's own time.

SEQUENCE is raised by `meetings.inviting` only, and only by what matters to a calendar: time, place, link, cancelling. The
link for joining stands in a file only when the caller says that it is for somebody who is invited.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from network import markdown
from network.models import Network, User

from .models import Meeting, MeetingSession, Participation
from .models.participation import Answer

ZONE = ZoneInfo("Europe/Helsinki")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def helsinki() -> Timezone:
    """The rule of the European Union since 1996, short enough for every file."""
    zone = Timezone()
    zone.add("TZID", ZONE.key)
    for part, name, start, month, before, after in (
        (TimezoneDaylight(), "EEST", "1996-03-31T03:00", 3, 2, 3),
        (TimezoneStandard(), "EET", "1996-10-27T04:00", 10, 3, 2),
    ):
        part.add("DTSTART", dt.datetime.fromisoformat(start))  # naive on purpose: the clock on the wall
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("TZNAME", name)
        part.add("TZOFFSETFROM", dt.timedelta(hours=before))
        part.add("TZOFFSETTO", dt.timedelta(hours=after))
        zone.add_component(part)
    return zone


def local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(ZONE)


def empty(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", f"-//{Network.current().name}//tapaamiset//FI")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    calendar.add_component(helsinki())
    return calendar


def where(meeting: Meeting) -> str:
    parts = (meeting.venue, meeting.address, meeting.municipality.local_name if meeting.municipality else "")
    place = ", ".join(part for part in parts if part)
    return place or (_("Online") if meeting.is_online else "")


def description(meeting: Meeting, *, with_link: bool) -> str:
    """What it is about, where to look, and for the invited how to join."""
    lines = []
    if meeting.is_cancelled and meeting.cancel_reason:
        lines.append(meeting.cancel_reason)
    if with_link and meeting.join_link:
        lines.append(f"{_('Join here:')} {meeting.join_link}")
    if words := markdown.to_words(meeting.description):
        lines.append(words)
    lines.append(settings.SITE_URL + meeting.get_absolute_url())
    return "\n\n".join(lines)


def events_of(meeting: Meeting, *, with_link: bool) -> list[Event]:
    """The meeting's event. Several sessions are one event, too: the others are further dates of it, each with its own
    end and place. Nothing for a meeting whose times are not known."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return []
    sessions = list(meeting.sessions.all())
    first = sessions[0] if sessions else None
    main = base(meeting, with_link=with_link)
    main.add("DTSTART", local(first.starts_at if first else meeting.starts_at))
    main.add("DTEND", local(first.ends_at if first else meeting.ends_at))
    if len(sessions) > 1:
        main.add("RDATE", [local(session.starts_at) for session in sessions[1:]])
    return [main, *(one_time(meeting, session, with_link=with_link) for session in sessions[1:])]


def one_time(meeting: Meeting, session: MeetingSession, *, with_link: bool) -> Event:
    event = base(meeting, with_link=with_link, session=session)
    event.add("RECURRENCE-ID", local(session.starts_at))
    event.add("DTSTART", local(session.starts_at))
    event.add("DTEND", local(session.ends_at))
    return event


def base(meeting: Meeting, *, with_link: bool, session: MeetingSession | None = None) -> Event:
    event = Event()
    event.add("UID", meeting.uid)
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTAMP", timezone.now())
    event.add("LAST-MODIFIED", meeting.updated_at)
    event.add("SUMMARY", f"{meeting.title}: {session.title}" if session and session.title else meeting.title)
    event.add("DESCRIPTION", description(meeting, with_link=with_link))
    if place := (session.venue if session else "") or where(meeting):
        event.add("LOCATION", place)
    event.add("URL", settings.SITE_URL + meeting.get_absolute_url())
    event.add("STATUS", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    return event


def organiser() -> vCalAddress:
    network = Network.current()
    from_email = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    person = vCalAddress(f"MAILTO:{network.coordinator_email or from_email}")
    person.params["CN"] = vText(network.local_name)
    return person


def invitation(meeting: Meeting, *, address: str, name: str, with_link: bool = True) -> str:
    """The file of a personal mail: asks the calendar to put the meeting in, to move it or to take it out.

    Answers are given on the portal, so none is asked for here: it would go to somebody's mailbox unread.
    """
    calendar = empty(CANCEL if meeting.is_cancelled else REQUEST)
    for event in events_of(meeting, with_link=with_link and not meeting.is_cancelled):
        event.add("ORGANIZER", organiser())
        attendee = vCalAddress(f"MAILTO:{address}")
        attendee.params.update(
            {"CN": vText(name or address), "RSVP": vText("FALSE"), "PARTSTAT": vText("NEEDS-ACTION")}
        )
        event.add("ATTENDEE", attendee, encode=False)
        if not meeting.is_cancelled:
            event.add_component(alarm())
        calendar.add_component(event)
    return as_text(calendar)


def alarm() -> Alarm:
    reminder = Alarm()
    reminder.add("ACTION", "DISPLAY")
    reminder.add("DESCRIPTION", _("Reminder"))
    reminder.add("TRIGGER", dt.timedelta(minutes=-15))
    return reminder


def feed(meetings: Iterable[Meeting], *, name: str, linked: set[int] | None = None) -> str:
    """A calendar to follow or to open. `linked`: keys of the meetings whose link for joining may stand in it."""
    calendar = empty(PUBLISH)
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", dt.timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        for event in events_of(meeting, with_link=meeting.pk in (linked or ())):
            calendar.add_component(event)
    return as_text(calendar)


def as_text(calendar: Calendar) -> str:
    return calendar.to_ical().decode()


# What stands in whose calendar ----------------------------------------------------------------------------------------

BACK = dt.timedelta(days=90)  # how long ago a meeting may have been that a calendar still shows


def recent() -> QuerySet[Meeting]:
    """Published meetings to come and of the last months, cancelled ones too: they go out of calendars by that."""
    rows = Meeting.objects.published().filter(ends_at__gt=timezone.now() - BACK)
    return rows.select_related("municipality").prefetch_related("sessions").order_by("starts_at", "pk")


def public() -> str:
    return feed(recent().filter(is_public=True), name=f"{_('Meetings')} – {Network.current().local_name}")


def personal(person: User) -> str:
    """Those she is asked to and has not refused; the link for joining in those where she has a place."""
    asked = Participation.objects.filter(person=person, invited_at__isnull=False).exclude(answer=Answer.NOT_COMING)
    answers = dict(asked.values_list("meeting", "answer"))
    linked = {pk for pk, answer in answers.items() if answer != Answer.WAITING}
    with override(person.language):
        name = f"{_('My meetings')} – {Network.current().local_name}"
        return feed(recent().filter(pk__in=answers), name=name, linked=linked)


def asked_to(person: User) -> QuerySet[Meeting]:
    """Meetings to come that she is on the list of, whatever she has answered."""
    rows = Participation.objects.filter(person=person, meeting__published_at__isnull=False)
    return Meeting.objects.filter(pk__in=rows.values("meeting")).upcoming()
