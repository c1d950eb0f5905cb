"""The year plan of a group: its months, their meetings, and the wishes that they take up."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from .models import Group, Meeting, MonthPlan, Wish

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


def months(
    group: Group, year: int, user: "User | AnonymousUser"
) -> list[tuple[dt.date, MonthPlan | None, list[Meeting]]]:
    """Each month's first day, its plan if there is one, and its meetings that the user sees. Two queries."""
    plans = {plan.month.month: plan for plan in group.month_plans.filter(month__year=year)}
    meetings: dict[int, list[Meeting]] = {}
    seen = Meeting.objects.visible_to(user).filter(group=group, first_day__year=year)
    for meeting in seen.order_by("first_day", "starts_at", "pk"):
        assert meeting.first_day is not None  # noqa: S101  it was asked for
        meetings.setdefault(meeting.first_day.month, []).append(meeting)
    return [(dt.date(year, month, 1), plans.get(month), meetings.get(month, [])) for month in range(1, 13)]


def plan_of(group: Group, day: dt.date, *, hold: bool = False) -> MonthPlan:
    """The month's plan, or a new one that is not saved. `hold`: until the transaction ends nobody else plans the year."""
    if hold:
        Group.objects.select_for_update().get(pk=group.pk)
    return group.month_plans.filter(month=day).first() or MonthPlan(group=group, month=day)


def wishes_for(group: Group, plan: MonthPlan) -> list[Wish]:
    """Those that no month has taken up, and the plan's own."""
    return list(group.wishes.filter(Q(taken_in=None) | Q(taken_in=plan.pk) if plan.pk else Q(taken_in=None)))


def take_up(plan: MonthPlan, wishes: Iterable[Wish], chosen: Iterable[str]) -> None:
    """The chosen ones – keys as a form sends them – belong to the month; the others of the list to none."""
    keys = [wish.pk for wish in wishes]
    taken = [key for key in keys if str(key) in set(chosen)]
    Wish.objects.filter(pk__in=keys).update(taken_in=None)
    Wish.objects.filter(pk__in=taken).update(taken_in=plan)


def came_up_in(group: Group, user: "User | AnonymousUser", key: str) -> Meeting | None:
    """The meeting that led to the wish: ideas of a season's closing become wishes for the next."""
    return Meeting.objects.visible_to(user).filter(group=group, pk=key).first() if key.isdecimal() else None
