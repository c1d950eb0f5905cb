"""Answers to invitations, and the places of a meeting that has only so many."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from network.transitions import InvalidTransition

from . import emails, inviting
from .models import Meeting, MeetingGuest, Participation
from .models.participation import Answer


@transaction.atomic
def answer(one: Participation | MeetingGuest, value: str, *, note: str = "") -> str:
    """Coming, not or maybe, with a note; the answer that was written. Where the places are full, coming means waiting.

    Who says no gives the place to the first in line. Raises InvalidTransition when the meeting is over or cancelled.
    """
    meeting = inviting.held(one.meeting)
    if meeting.is_cancelled or meeting.is_over:
        raise InvalidTransition(_("This meeting is over or has been cancelled: it takes no answers any more."))
    if value not in {Answer.COMING, Answer.NOT_COMING, Answer.MAYBE}:
        raise ValidationError(_("Choose one of the answers."))
    one.refresh_from_db(fields=["answer"])
    if isinstance(one, Participation) and value == Answer.COMING and one.answer != Answer.COMING and is_full(meeting):
        value = Answer.WAITING
    kept = value == Answer.WAITING and one.answer == Answer.WAITING
    one.answer, one.note = value, note
    if not kept:  # who waits already keeps the place in line
        one.answered_at = timezone.now()
    one.save(update_fields=["answer", "note", "answered_at"])
    give_places(meeting)
    return str(value)


def is_full(meeting: Meeting) -> bool:
    return meeting.capacity is not None and meeting.participations.coming().count() >= meeting.capacity


@transaction.atomic
def fill_places(meeting: Meeting) -> None:
    """After the number of places was changed."""
    meeting_now = inviting.held(meeting)
    if not meeting_now.is_cancelled and not meeting_now.is_over:
        give_places(meeting_now)


def give_places(meeting: Meeting) -> None:
    """Free places to those who wait, the first first; each is told. The caller holds the meeting's row."""
    line = meeting.participations.waiting().select_related("person")
    if meeting.capacity is not None:
        line = line[: max(0, meeting.capacity - meeting.participations.coming().count())]
    for one in line:
        one.answer = Answer.COMING
        one.save(update_fields=["answer"])
        emails.place_given(meeting, one)
        inviting.mark(one, told_sequence=meeting.sequence, invited_at=one.invited_at or timezone.now())


@transaction.atomic
def answer_as_member(meeting: Meeting, person: User, value: str, *, note: str = "") -> str:
    """On the meeting's own page: also of a member who was not asked but sees the meeting. She gets the mail with the
    link and the calendar's file when she has a place."""
    one, _made = Participation.objects.get_or_create(meeting=meeting, person=person)
    given = answer(one, value, note=note)
    if one.invited_at is None and given in {Answer.COMING, Answer.WAITING}:
        emails.registered(inviting.held(meeting), one)
        inviting.mark(one, invited_at=timezone.now(), told_sequence=meeting.sequence)
    return given


def consent(guest: MeetingGuest, *, name: bool, slides: bool) -> None:
    """What the guest lets be published; she may take it back by the same link."""
    guest.name_may_be_published, guest.slides_may_be_published, guest.consented_at = name, slides, timezone.now()
    guest.save(update_fields=["name_may_be_published", "slides_may_be_published", "consented_at"])
