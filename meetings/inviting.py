"""What is told of a meeting, and to whom: inviting, changes, cancelling and reminders. Answers: `meetings.answering`.

A draft tells nobody anything. `tell` compares the meeting with what was told last, so that several edits make one message.
A verb holds the meeting's row, writes what has been told and defers one job; the job writes a message for each person, and
may be done again: a message is one for each event, person and version.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from network.models import User
from network.transitions import InvalidTransition, move

from . import emails
from .models import Meeting, MeetingGuest, Participation
from .models.participation import Answer

NOT_NOW: Any = gettext_lazy("This is not possible now: somebody may have done it, or cancelled the meeting, meanwhile.")

# What a calendar shows; a change of anything else leaves SEQUENCE as it is.
MATTERS = ("starts_at", "ends_at", "sessions", "form", "venue", "address", "municipality", "join_link", "cancelled")


# What there is to tell ------------------------------------------------------------------------------------------------


def snapshot(meeting: Meeting) -> dict[str, Any]:
    """What people know of the meeting when they have been told now."""
    sessions = meeting.sessions.order_by("starts_at").values_list("starts_at", "ends_at", "title", "venue")
    agenda = meeting.items.accepted().order_by("position", "pk").values_list("title", "minutes")
    return {
        "title": meeting.title,
        "starts_at": stamp(meeting.starts_at),
        "ends_at": stamp(meeting.ends_at),
        "sessions": [[stamp(start), stamp(end), title, venue] for start, end, title, venue in sessions],
        "form": meeting.form,
        "venue": meeting.venue,
        "address": meeting.address,
        "municipality": meeting.municipality_id or "",
        "join_link": meeting.join_link,
        "cancelled": meeting.is_cancelled,
        "agenda": [[title, minutes] for title, minutes in agenda],
        "description": meeting.description,
        "practical": [meeting.accessibility, meeting.catering, meeting.travel],
    }


def stamp(moment: dt.datetime | None) -> str:
    """The same for the same moment, in whatever zone it was read."""
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


NAMES = {
    "title": gettext_lazy("Title"),
    "starts_at": gettext_lazy("Day and time"),
    "ends_at": gettext_lazy("Day and time"),
    "sessions": gettext_lazy("Times of the sessions"),
    "form": gettext_lazy("Online or on site"),
    "venue": gettext_lazy("Place"),
    "address": gettext_lazy("Place"),
    "municipality": gettext_lazy("Place"),
    "join_link": gettext_lazy("Link for joining"),
    "agenda": gettext_lazy("Agenda"),
    "description": gettext_lazy("What it is about"),
    "practical": gettext_lazy("Practical matters"),
    "cancelled": gettext_lazy("Cancelled"),
}


def changed(meeting: Meeting) -> list[str]:
    """Fields that differ from what was told last; empty when nothing was told yet, or nothing differs."""
    if meeting.invited_at is None:
        return []
    now = snapshot(meeting)
    return [name for name, value in now.items() if meeting.told.get(name) != value]


def in_words(fields: list[str]) -> list[str]:
    """The changed parts for people, each once, in the active language."""
    return list(dict.fromkeys(str(NAMES[field]) for field in fields if field in NAMES))


def when(meeting: Meeting) -> str:
    """Day and time in the active language, in the network's own time, and no more exactly than they are known."""
    if meeting.time_text:
        return meeting.time_text
    if meeting.starts_at and meeting.ends_at:
        return times(timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at))
    first, last = meeting.first_day, meeting.last_day
    if first is None or last is None:
        return ""
    match meeting.precision:
        case Meeting.Precision.YEAR:
            return str(first.year)
        case Meeting.Precision.SEASON:
            return f"{_('spring') if first.month < 7 else _('autumn')} {first.year}"
        case Meeting.Precision.MONTH:
            return date_format(first, "F Y")
    return (
        date_format(first, "j.n.Y") if first == last else f"{date_format(first, 'j.n.Y')}–{date_format(last, 'j.n.Y')}"
    )


def times(start: dt.datetime, end: dt.datetime) -> str:
    first = f"{date_format(start, 'D j.n.Y')} {start:%H.%M}"
    if start.date() == end.date():
        return f"{first}–{end:%H.%M}"
    return f"{first} – {date_format(end, 'D j.n.Y')} {end:%H.%M}"


# Verbs of organisers --------------------------------------------------------------------------------------------------


def held(meeting: Meeting) -> Meeting:
    """The row as it is now, kept until the transaction ends. A second organiser waits here."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("group", "municipality").get(pk=meeting.pk)


def publish(meeting: Meeting, *, by: User | None) -> None:
    """Into the lists, without a message to anybody."""
    allowed = Meeting.objects.filter(published_at__isnull=True)
    move(meeting, to="published", allowed=allowed, refusal=NOT_NOW, by=by, published_at=timezone.now())


@transaction.atomic
def invite(meeting: Meeting, *, by: User | None) -> int:
    """Ask everybody of the group and the guests with an address who have not been asked; how many there are.

    Raises ValidationError when there is nobody to ask, or InvalidTransition when it is too late.
    """
    now = timezone.now()
    meeting_now = held(meeting)
    if meeting_now.is_cancelled or meeting_now.starts_at is None or meeting_now.is_over:
        raise InvalidTransition(_("Only a meeting that is to come, with its times, is invited to."))
    add_people(meeting_now)
    waiting = unasked(meeting_now)
    asked = waiting[0].count() + waiting[1].count()
    if not asked:
        raise ValidationError(_("Everybody has been invited already."))
    fields: dict[str, Any] = {"published_at": meeting_now.published_at or now}
    if meeting_now.invited_at is None:
        fields |= {"invited_at": now, "told": snapshot(meeting_now)}
    move(meeting, to="invited", allowed=Meeting.objects.standing(), refusal=NOT_NOW, by=by, **fields)
    defer(meeting, "invite")
    return asked


def add_people(meeting: Meeting) -> None:
    """A row for each person of the group and each organiser who has none."""
    people = meeting.group.invited().exclude(participations__meeting=meeting)
    organisers = meeting.organisers.exclude(participations__meeting=meeting)
    keys = {*people.values_list("pk", flat=True), *organisers.values_list("pk", flat=True)}
    rows = [Participation(meeting=meeting, person_id=key) for key in sorted(keys)]
    Participation.objects.bulk_create(rows, ignore_conflicts=True)


def unasked(meeting: Meeting) -> tuple["QuerySet[Participation]", "QuerySet[MeetingGuest]"]:
    """People and guests who can be reached and have not been asked."""
    people = meeting.participations.filter(invited_at__isnull=True, answer=Answer.INVITED, is_walk_in=False)
    return people.filter(Q(person__is_active=True) | ~Q(email="")), meeting.guests.filter(
        invited_at__isnull=True
    ).exclude(email="")


@transaction.atomic
def tell(meeting: Meeting, *, by: User | None) -> list[str]:
    """One message of all that has changed since the last; the changed fields.

    Raises InvalidTransition when nothing differs: then somebody was faster.
    """
    meeting_now = held(meeting)
    fields = changed(meeting_now)
    if not fields or meeting_now.is_cancelled:
        raise InvalidTransition(_("There is nothing new to tell: somebody may have told it already."))
    matters = any(field in MATTERS for field in fields)
    told = snapshot(meeting_now) | {"changes": fields}
    move(
        meeting, to="told", allowed=Meeting.objects.standing(), refusal=NOT_NOW, by=by, note=", ".join(fields)[:500],
        told=told, told_version=meeting_now.told_version + 1, sequence=meeting_now.sequence + int(matters),
    )  # fmt: skip
    defer(meeting, "change")
    return fields


@transaction.atomic
def cancel(meeting: Meeting, *, by: User | None, reason: str = "") -> None:
    """It will not be. Whoever has been told of it is told of this, and it goes out of their calendars."""
    meeting_now = held(meeting)
    if meeting_now.is_over:
        raise InvalidTransition(_("This meeting is over already."))
    told = {**meeting_now.told, "cancelled": True} if meeting_now.invited_at else meeting_now.told
    move(
        meeting, to="cancelled", allowed=Meeting.objects.standing(), refusal=_("This meeting has been cancelled already."),
        by=by, note=reason, cancelled_at=timezone.now(), cancel_reason=reason, told=told,
        sequence=meeting_now.sequence + 1, told_version=meeting_now.told_version + 1,
    )  # fmt: skip
    defer(meeting, "cancel")


def defer(meeting: Meeting, what: str) -> None:
    from .tasks import mail_meeting  # which imports this module

    mail_meeting.defer(meeting=meeting.pk, what=what)


# What the job does ----------------------------------------------------------------------------------------------------


def mail(pk: int, what: str) -> None:
    """Write the messages that the verb has decided on. Done twice, it writes nothing twice."""
    meeting = Meeting.objects.select_related("group", "municipality").prefetch_related("sessions").filter(pk=pk).first()
    if meeting is None:
        return
    if what == "invite" and not meeting.is_cancelled:
        for rows in unasked(meeting):
            for one in rows:
                ask(meeting, one)
    elif what == "change" and not meeting.is_cancelled:
        for one in reached(meeting):
            with transaction.atomic():
                emails.meeting_changed(meeting, one, meeting.told.get("changes", []))
                mark(one, told_sequence=meeting.sequence)
    elif what == "cancel" and meeting.is_cancelled:
        for one in reached(meeting):
            with transaction.atomic():
                emails.meeting_cancelled(meeting, one)
                mark(one, told_sequence=meeting.sequence)


@transaction.atomic
def ask(meeting: Meeting, one: Participation | MeetingGuest) -> None:
    emails.meeting_invitation(meeting, one)
    mark(one, invited_at=timezone.now(), told_sequence=meeting.sequence)


def mark(one: Participation | MeetingGuest, **fields: Any) -> None:
    type(one)._base_manager.filter(pk=one.pk).update(**fields)


def reached(meeting: Meeting) -> list[Participation | MeetingGuest]:
    """Everybody who has had a message of the meeting, and can have another."""
    people = meeting.participations.filter(invited_at__isnull=False).select_related("person")
    people = people.filter(Q(person__is_active=True) | Q(person=None) & ~Q(email=""))
    guests = meeting.guests.filter(invited_at__isnull=False).exclude(email="")
    return [*people.exclude(person=None, answer=Answer.NOT_COMING), *guests]


# Reminders ------------------------------------------------------------------------------------------------------------


def remind(today: dt.date | None = None) -> int:
    """Of the meetings that start so many days from now as each of them says: participants and guests, and speakers
    before them. How many."""
    today = today or timezone.localdate()
    count = 0
    coming = Meeting.objects.standing().filter(invited_at__isnull=False, starts_at__gt=timezone.now())
    for meeting in coming.filter(first_day__lte=today + dt.timedelta(days=60)).select_related("group", "municipality"):
        if meeting.first_day is None:
            continue
        days = (meeting.first_day - today).days
        if days in meeting.reminds_days_before:
            for one in reached(meeting):
                if one.answer in {Answer.COMING, Answer.MAYBE, Answer.INVITED}:
                    count += emails.meeting_reminder(meeting, one, days) is not None
        if days in meeting.reminds_speakers_days_before:
            count += remind_speakers(meeting, days)
    return count


def remind_speakers(meeting: Meeting, days: int) -> int:
    """Guests who speak, and members whose own proposal stands on the agenda."""
    speakers: list[Participation | MeetingGuest] = [
        one
        for one in reached(meeting)
        if isinstance(one, MeetingGuest) and one.is_speaker and one.answer != Answer.NOT_COMING
    ]
    proposers = meeting.items.accepted().filter(proposer__isnull=False).values("proposer")
    speakers += list(
        meeting.participations.filter(person__in=proposers, invited_at__isnull=False).select_related("person")
    )
    return sum(emails.speaker_reminder(meeting, one, days) is not None for one in speakers)


# Previews -------------------------------------------------------------------------------------------------------------


def preview(meeting: Meeting, what: str, language: str = "fi") -> tuple[str, str]:
    """(subject, text) of the message as somebody would get it; nothing is written."""
    example = Participation(meeting=meeting, name=str(_("Example")), email="example@example.org", language=language)
    with override(language):
        return emails.preview(meeting, example, what, changed(meeting))
