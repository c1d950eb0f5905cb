"""The archive: meetings that were held, with what is known of each."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import ExtractYear

from network.small_numbers import may_show

from ..models import Meeting, MeetingGuest, MeetingTheme, Minutes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


def held(user: "User | AnonymousUser") -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(user).held().published()


def years_of(meetings: QuerySet[Meeting]) -> list[int]:
    """The years that some of them were in, the newest first."""
    days = meetings.order_by().values_list("last_day__year", flat=True).distinct()
    return sorted((year for year in days if year), reverse=True)


def themes_of(meetings: QuerySet[Meeting]) -> list[MeetingTheme]:
    return list(MeetingTheme.objects.filter(meetings__in=meetings.order_by().values("pk")).distinct())


def narrowed(meetings: QuerySet[Meeting], year: int | None, theme: str) -> QuerySet[Meeting]:
    """Those of a year, also ones that reach into it, and of a theme by its code."""
    if year:
        meetings = meetings.filter(first_day__year__lte=year, last_day__year__gte=year)
    return meetings.filter(themes__code=theme) if theme else meetings


def with_details(meetings: QuerySet[Meeting]) -> QuerySet[Any]:
    """By year; those whose year nobody knows come last. With what a row of the archive shows."""
    published = Minutes.objects.filter(meeting=OuterRef("pk"), status=Minutes.Status.PUBLISHED)
    one_year = Case(When(first_day__year=ExtractYear("last_day"), then=ExtractYear("last_day")))
    there = Count("participations", filter=Q(participations__attendance__in=["present", "remote"]), distinct=True)
    return (
        meetings.annotate(named=there, has_minutes=Exists(published), one_year=one_year)
        .order_by(F("one_year").desc(nulls_last=True), *meetings.query.order_by)
        .select_related("group")
        .prefetch_related("themes", "guests", "headcounts")
    )


def by_year(meetings: Iterable[Any], *, is_member: bool) -> list[tuple[int | None, list[dict[str, Any]]]]:
    """(year, rows) of meetings that have their details. Names of guests only as far as the reader may know them."""
    rows = [_row(meeting, is_member) for meeting in meetings]
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: row["year"])]


def _row(meeting: Any, is_member: bool) -> dict[str, Any]:
    number = max(meeting.named + sum(row.number for row in meeting.headcounts.all()), meeting.headcount or 0)
    return {
        "meeting": meeting,
        "year": meeting.one_year,
        "number": number if may_show(number) else None,
        "guests": [guest for guest in (_guest(one, is_member) for one in meeting.guests.all()) if guest],
    }


def _guest(guest: MeetingGuest, is_member: bool) -> str:
    if not is_member:
        return str(guest.public_name)
    return ", ".join(part for part in (guest.name, guest.role, guest.organisation) if part)
