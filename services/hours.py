"""When a service is open. The same rule twice: as a condition for the database and, for a fetched row, in Python.

Times are wall time in the site's zone. An interval that closes at or before it opens goes past midnight, so that a
moment may belong to yesterday's interval. Exceptions replace the whole day's hours on their days.
A service without any hours is neither open nor closed: it is not known.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Service


def open_condition(moment: dt.datetime) -> Q:
    """A condition on services that are open at the (aware) moment."""
    from .models import OpeningException, OpeningHours

    local = timezone.localtime(moment)
    condition = Q()
    for day, part in (
        (local.date(), _since_opening(local.time())),
        (local.date() - dt.timedelta(days=1), _past_midnight(local.time())),
    ):
        today = OpeningException.objects.filter(service=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
        weekly = OpeningHours.objects.filter(part, service=OuterRef("pk"), weekday=day.isoweekday())
        condition |= Q(Exists(today.filter(part))) | (Q(Exists(weekly)) & ~Q(Exists(today)))
    return condition


def _since_opening(time: dt.time) -> Q:
    return Q(opens__lte=time) & (Q(closes__gt=time) | Q(closes__lte=F("opens")))


def _past_midnight(time: dt.time) -> Q:
    return Q(closes__lte=F("opens"), closes__gt=time)


def is_open(service: "Service", moment: dt.datetime | None = None) -> bool | None:
    """True, False, or None when no hours are known. Uses prefetched hours and exceptions; makes no query of its own."""
    hours, exceptions = list(service.opening_hours.all()), list(service.opening_exceptions.all())
    local = timezone.localtime(moment)
    today = local.date()
    if not hours and not any(row.first_day <= today <= row.last_day for row in exceptions):
        return None
    now, yesterday = local.time(), today - dt.timedelta(days=1)
    return any(
        row.opens <= now and (row.closes > now or row.closes <= row.opens)
        for row in _intervals(hours, exceptions, today)
    ) or any(row.closes <= row.opens and row.closes > now for row in _intervals(hours, exceptions, yesterday))


def _intervals(hours: list[Any], exceptions: list[Any], day: dt.date) -> list[Any]:
    special = [row for row in exceptions if row.first_day <= day <= row.last_day]
    rows = special or [row for row in hours if row.weekday == day.isoweekday()]
    return [row for row in rows if row.opens is not None]
