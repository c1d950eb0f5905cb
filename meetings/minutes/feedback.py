"""Feedback after a meeting: one answer for each who was there, and nothing that tells whose it is.

That somebody has answered and what was answered stand in two tables. Rows that are written together could be told by
their order or by their transaction, so with each answer all rows of the meeting in both tables are written anew, in an
order of chance. What came of it is shown when answering has ended, from five answers up, and never changes after that.
"""

import datetime as dt
import random
from statistics import mean
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from network.small_numbers import may_show, safe_beside_total

from ..models import FeedbackGiven, Meeting, MeetingFeedback, Participation
from . import emails

QUESTIONS = ("useful", "heard", "refers_better")
OPEN_FOR = dt.timedelta(days=14)
_chance = random.SystemRandom()


def is_open(meeting: Meeting, now: dt.datetime | None = None) -> bool:
    """From the end of the meeting on, for two weeks."""
    day = timezone.localdate(now)
    return meeting.is_over and not meeting.is_cancelled and meeting.last_day is not None and day <= closes_on(meeting)


def closes_on(meeting: Meeting) -> dt.date:
    return (meeting.last_day or dt.date.min) + OPEN_FOR


def may_answer(row: Participation) -> bool:
    return row.attendance in {Participation.Attendance.PRESENT, Participation.Attendance.REMOTE} and is_open(
        row.meeting
    )


def has_answered(row: Participation) -> bool:
    return FeedbackGiven.objects.filter(participation=row).exists()


@transaction.atomic
def answer(row: Participation, answers: dict[str, Any]) -> bool:
    """Keep the answer; False when this participant has answered already: then nothing changes."""
    Meeting.objects.select_for_update().get(pk=row.meeting_id)
    if has_answered(row):
        return False
    given = [
        *FeedbackGiven.objects.filter(meeting=row.meeting_id),
        FeedbackGiven(meeting=row.meeting, participation=row),
    ]
    told = [*MeetingFeedback.objects.filter(meeting=row.meeting_id), MeetingFeedback(meeting=row.meeting, **answers)]
    for model, rows in ((FeedbackGiven, given), (MeetingFeedback, told)):
        _chance.shuffle(rows)
        model.objects.filter(meeting=row.meeting_id).delete()
        model.objects.bulk_create(rows)  # type: ignore[arg-type]
    return True


class Result(NamedTuple):
    """One question: how many answered, their mean from 1 to 4, and the shares that may be shown."""

    question: str
    label: str
    number: int
    mean: float | None
    parts: list[tuple[str, int]]


def results(meeting: Meeting) -> list[Result]:
    """Nothing before answering has ended; a question with fewer than five answers has no figures."""
    if is_open(meeting) or not meeting.is_over:
        return []
    rows = list(MeetingFeedback.objects.filter(meeting=meeting).values_list(*QUESTIONS))
    found = []
    for at, question in enumerate(QUESTIONS):
        given = [row[at] for row in rows if row[at] is not None]
        label = str(MeetingFeedback._meta.get_field(question).verbose_name)  # type: ignore[union-attr]
        if not may_show(len(given)):
            found.append(Result(question, label, 0, None, []))
            continue
        counts = {scale: given.count(scale) for scale in MeetingFeedback.Scale.values}
        safe = safe_beside_total(counts)
        parts = [
            (str(scale.label), counts[scale]) for scale in MeetingFeedback.Scale if scale in safe and counts[scale]
        ]
        found.append(Result(question, label, len(given), round(mean(given), 1), parts))
    return found


def words(meeting: Meeting) -> list[str]:
    """What was written to the coordinator, in an order that tells nothing."""
    if is_open(meeting):
        return []
    return sorted(MeetingFeedback.objects.filter(meeting=meeting).exclude(text="").values_list("text", flat=True))


def ask_everyone(on: dt.date | None = None) -> int:
    """The day after a meeting: one mail to each who was there. How many were written."""
    yesterday = (on or timezone.localdate()) - dt.timedelta(days=1)
    rows = Participation.objects.was_there().filter(meeting__last_day=yesterday, meeting__cancelled_at=None)
    rows = rows.filter(meeting__ends_at__lte=timezone.now()).select_related("meeting", "person")
    return sum(
        bool((row.email or (row.person and row.person.is_active)) and emails.feedback_asked(row)) for row in rows
    )
