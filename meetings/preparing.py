"""New meetings: from last month's, and a season's from the rule of a series."""

import datetime as dt
from typing import Any, NamedTuple

import holidays
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from network.models import User

from . import agenda
from .models import AgendaItem, Meeting, MeetingSeries

JULY = 7
SAME = (
    "kind", "title", "description", "group_id", "series_id", "form", "join_link", "venue", "address", "municipality_id",
    "accessibility", "catering", "travel", "audience", "is_public", "open_to_non_members", "capacity",
    "reminds_days_before", "reminds_speakers_days_before",
)  # fmt: skip


class Proposal(NamedTuple):
    """A date that the rule gives. `problem`: the holiday it falls on; `clashes`: other meetings of that day."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    holiday: str
    clashes: list[Meeting]
    made: bool  # the series has a meeting on that day already

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.starts_at)


# A season -------------------------------------------------------------------------------------------------------------


def days_of(series: MeetingSeries, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days that the rule gives between the two, without July."""
    found, month = [], first.replace(day=1)
    while month <= last:
        if month.month != JULY:
            all_days = weekdays_of(month, series.weekday)
            for week in series.weeks:
                place = week - 1 if week > 0 else week
                if -len(all_days) <= place < len(all_days):
                    found.append(all_days[place])
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return sorted({day for day in found if first <= day <= last})


def weekdays_of(month: dt.date, weekday: int) -> list[dt.date]:
    first = month + dt.timedelta(days=(weekday - month.weekday()) % 7)
    days = [first + dt.timedelta(days=7 * week) for week in range(5)]
    return [day for day in days if day.month == month.month]


def season(series: MeetingSeries, first: dt.date, last: dt.date) -> list[Proposal]:
    """Dates to choose from, each with what stands in its way. A Finnish holiday gives no date: the day a week on is
    proposed in its place, with the holiday's name."""
    free = holidays.country_holidays("FI", years=range(first.year, last.year + 1))
    found = []
    for day in days_of(series, first, last):
        name = ""
        moved = day
        while moved in free or eve(moved):
            name = name or str(free.get(moved) or EVES.get((moved.month, moved.day), ""))
            moved += dt.timedelta(days=7)
        if moved > last or moved.month == JULY:
            continue
        found.append(proposal(series, moved, name))
    return list({one.day: one for one in found}.values())


# No public holidays by law, but nobody meets on them.
EVES = {(12, 24): "Jouluaatto", (12, 31): "Uudenvuodenaatto"}


def eve(day: dt.date) -> bool:
    midsummer_eve = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    return (day.month, day.day) in EVES or midsummer_eve


def proposal(series: MeetingSeries, day: dt.date, holiday: str) -> Proposal:
    start = timezone.make_aware(dt.datetime.combine(day, series.starts_at))
    end = start + dt.timedelta(minutes=series.minutes)
    same_day = list(
        Meeting.objects.standing().filter(first_day__lte=day, last_day__gte=day, precision=Meeting.Precision.EXACT)
    )
    own = [meeting for meeting in same_day if meeting.series_id == series.pk]
    return Proposal(start, end, holiday, [one for one in same_day if one not in own], bool(own))


@transaction.atomic
def make_season(series: MeetingSeries, days: list[dt.date], *, by: User) -> list[Meeting]:
    """A draft for each chosen day that has none, with the usual agenda."""
    MeetingSeries.objects.select_for_update().get(pk=series.pk)
    made = []
    for day in sorted(set(days)):
        one = proposal(series, day, "")
        if not one.made:
            made.append(new_of_series(series, one.starts_at, by=by))
    if made:
        agenda.carry(made[0])
    return made


def new_of_series(series: MeetingSeries, starts_at: dt.datetime, *, by: User) -> Meeting:
    meeting = Meeting(
        title=series.name, kind=series.kind, group=series.group, series=series, form=series.form, is_public=series.is_public,
        join_link=series.join_link, venue=series.venue, starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=series.minutes),
        proposals_until=starts_at - dt.timedelta(days=series.proposal_days), created_by=by,
    )  # fmt: skip
    meeting.save()
    usual(meeting)
    return meeting


def usual(meeting: Meeting) -> None:
    """The usual agenda of its series."""
    if meeting.series:
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=meeting, status=AgendaItem.Status.ACCEPTED, position=position, title=item.title, kind=item.kind,
                minutes=item.minutes, publicity=item.publicity,
            )
            for position, item in enumerate(meeting.series.items.all(), 1)
        )  # fmt: skip


# From last month's ----------------------------------------------------------------------------------------------------


@transaction.atomic
def copy(old: Meeting, *, by: User | None) -> Meeting:
    """A draft like the old one at the next time: the series' next date, else four weeks on at the same time of the day.

    Its agenda is the usual one of the series, else the old one's items without what was said; open items come along.
    """
    starts, ends = next_time(old)
    new = Meeting(**{name: getattr(old, name) for name in SAME}, copied_from=old, created_by=by)
    new.starts_at, new.ends_at = starts, ends
    if old.proposals_until and old.starts_at:
        new.proposals_until = same_clock(
            old.proposals_until, (timezone.localdate(starts) - timezone.localdate(old.starts_at)).days
        )
    new.save()
    new.organisers.set(old.organisers.all())
    if old.series and old.series.items.exists():
        usual(new)
    else:
        for item in old.items.accepted().filter(carried_from__isnull=True, is_open=False).order_by("position", "pk"):
            fields = {
                name: getattr(item, name) for name in ("kind", "title", "minutes", "publicity", "ground", "position")
            }
            AgendaItem.objects.create(meeting=new, status=AgendaItem.Status.ACCEPTED, **fields)
    agenda.carry(new)
    return new


def same_clock(moment: dt.datetime, days: int) -> dt.datetime:
    """So many days on at the same time by the clock on the wall, also over a change of the clocks."""
    local = timezone.localtime(moment)
    return timezone.make_aware(local.replace(tzinfo=None) + dt.timedelta(days=days))


def next_time(old: Meeting) -> tuple[dt.datetime, dt.datetime]:
    if old.starts_at is None or old.ends_at is None:
        day = timezone.localdate() + dt.timedelta(days=28)
        start = timezone.make_aware(dt.datetime.combine(day, dt.time(13)))
        return start, start + dt.timedelta(hours=2)
    today = timezone.localdate()
    from_day = max(timezone.localdate(old.starts_at), today) + dt.timedelta(days=1)
    if old.series and old.series.weeks:
        for one in season(old.series, from_day, from_day + dt.timedelta(days=120)):
            if not one.made:
                days = (one.day - timezone.localdate(old.starts_at)).days
                return same_clock(old.starts_at, days), same_clock(old.ends_at, days)
    days = 28
    while timezone.localdate(same_clock(old.starts_at, days)) <= today:
        days += 28
    return same_clock(old.starts_at, days), same_clock(old.ends_at, days)


# What a meeting still lacks -------------------------------------------------------------------------------------------


def lacks(meeting: Meeting) -> list[str]:
    """Codes of what is to be done before it can be held; a list shows them in words. Needs `accepted` and `asked`
    counted by `for_desk`."""
    if meeting.is_cancelled or meeting.is_over:
        return []
    missing = []
    if meeting.wants_agenda and not getattr(meeting, "accepted_count", 0):
        missing.append("agenda")
    if meeting.is_online and not meeting.join_link:
        missing.append("link")
    if meeting.is_on_site and not meeting.venue:
        missing.append("venue")
    if meeting.invited_at is None:
        missing.append("invitations")
    if getattr(meeting, "proposed_count", 0):
        missing.append("proposals")
    return missing


LACKING: dict[str, Any] = {
    "agenda": gettext_lazy("an agenda"),
    "link": gettext_lazy("a link for joining"),
    "venue": gettext_lazy("a venue"),
    "invitations": gettext_lazy("invitations"),
    "proposals": gettext_lazy("answers to proposals"),
}


def for_desk(meetings: "QuerySet[Meeting]") -> "QuerySet[Any]":
    """With the numbers that `lacks` looks at."""
    return meetings.annotate(
        accepted_count=Count("items", filter=Q(items__status=AgendaItem.Status.ACCEPTED), distinct=True),
        proposed_count=Count("items", filter=Q(items__status=AgendaItem.Status.PROPOSED), distinct=True),
    )


def soon_without_agenda(days: int = 7) -> "QuerySet[Meeting]":
    """Meetings of the next days that want an agenda and have none."""
    soon = timezone.now() + dt.timedelta(days=days)
    coming = Meeting.objects.standing().filter(starts_at__gt=timezone.now(), starts_at__lte=soon)
    return coming.exclude(kind="coffee").exclude(pk__in=AgendaItem.objects.accepted().values("meeting"))
