"""Who was there: by name in one click, all at once, walk-ins, and numbers of a sector without names."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models.organisation import Sector

from .models import Headcount, Meeting, MeetingGuest, Participation
from .models.participation import Answer, Attendance

VALUES = {"", *Attendance.values}


def mark(one: Participation | MeetingGuest, value: str) -> None:
    """Present, remote, absent, or taken back with an empty value."""
    if value not in VALUES:
        raise ValidationError(_("Choose one of the ways to be there."))
    type(one)._base_manager.filter(pk=one.pk).update(attendance=value)


@transaction.atomic
def mark_all(meeting: Meeting, value: str) -> int:
    """Everybody who said to be coming and is not marked yet; how many. The others of the list become absent with it."""
    if value not in {Attendance.PRESENT, Attendance.REMOTE}:
        raise ValidationError(_("Choose one of the ways to be there."))
    unmarked = meeting.participations.filter(attendance="")
    count = unmarked.filter(answer=Answer.COMING).update(attendance=value)
    count += meeting.guests.filter(attendance="", answer=Answer.COMING).update(attendance=value)
    meeting.participations.filter(attendance="").update(attendance=Attendance.ABSENT)
    return count


@transaction.atomic
def add_walk_in(meeting: Meeting, *, name: str, organisation: str, sector: str, attendance: str) -> Participation:
    """Somebody who came without being on the list; a person on it is marked instead of being added again."""
    same = meeting.participations.filter(Q(name__iexact=name) | Q(person__name__iexact=name)).first()
    if same:
        mark(same, attendance)
        return same
    return Participation.objects.create(
        meeting=meeting, name=name, organisation_name=organisation, sector=sector, attendance=attendance,
        answer=Answer.COMING, answered_at=timezone.now(), is_walk_in=True,
    )  # fmt: skip


@transaction.atomic
def set_headcounts(meeting: Meeting, numbers: Mapping[str, int | None]) -> None:
    """How many of each sector came beside those marked by name; nothing or nought takes the number away."""
    for sector, number in numbers.items():
        if sector not in Sector.values:
            continue
        if number:
            Headcount.objects.update_or_create(meeting=meeting, sector=sector, defaults={"number": number})
        else:
            Headcount.objects.filter(meeting=meeting, sector=sector).delete()


def counts(meeting: Meeting) -> dict[str, int]:
    """present, remote, absent, unmarked, unnamed (by headcount), total (who was there in one way or another)."""
    marked: dict[str, Any] = meeting.participations.aggregate(
        present=Count("pk", filter=Q(attendance=Attendance.PRESENT)),
        remote=Count("pk", filter=Q(attendance=Attendance.REMOTE)),
        absent=Count("pk", filter=Q(attendance=Attendance.ABSENT)),
        unmarked=Count("pk", filter=Q(attendance="")),
    )
    guests = meeting.guests.filter(attendance__in=[Attendance.PRESENT, Attendance.REMOTE]).count()
    unnamed = sum(meeting.headcounts.values_list("number", flat=True))
    named = marked["present"] + marked["remote"] + guests
    total = named + unnamed or (meeting.headcount or 0)
    return {**marked, "guests": guests, "unnamed": unnamed, "total": total}
