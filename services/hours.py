"""When a service is open. The same rule twice: as a condition for the database and, for a fetched row, in Python.

Times are wall time in the site's zone. An interval that closes at or before it opens goes past midnight, so that a
moment may belong to yesterday's interval. Exceptions replace the whole day's hours on their days: those of one place
the hours of that place, those of the service the hours everywhere.
A service without any hours is neither open nor closed: it is not known.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Service, ServicePlace


def clock(version: str) -> str:
    """Tells apart the times at which pages show other things: the day, and how many openings and closings it has seen.

    Takes the catalogue's number, for which the times of all services are read once in a process.
    """
    local = timezone.localtime()
    return f"{local.date()} {bisect_right(_turning_times(version), local.time())}"


@lru_cache(maxsize=4)
def _turning_times(version: str) -> list[dt.time]:
    """Every time of day at which something opens or closes, in order."""
    from .models import OpeningException, OpeningHours

    times: set[dt.time | None] = set()
    for model in (OpeningHours, OpeningException):
        for column in ("opens", "closes"):
            times.update(model._default_manager.order_by().values_list(column, flat=True).distinct())
    return sorted(time for time in times if time is not None)


def open_condition(moment: dt.datetime) -> Q:
    """A condition on services that are open at the (aware) moment; hours of confidential places tell nothing."""
    from .models import OpeningException, OpeningHours

    local = timezone.localtime(moment)
    condition = Q()
    for day, part in (
        (local.date(), _since_opening(local.time())),
        (local.date() - dt.timedelta(days=1), _past_midnight(local.time())),
    ):
        special = OpeningException.objects.at_public_places().filter(first_day__lte=day, last_day__gte=day)
        replaced = special.filter(Q(place__isnull=True) | Q(place=OuterRef("place")), service=OuterRef("service"))
        weekly = OpeningHours.objects.at_public_places().filter(part, ~Exists(replaced), weekday=day.isoweekday())
        condition |= Q(Exists(special.filter(part, service=OuterRef("pk"))))
        condition |= Q(Exists(weekly.filter(service=OuterRef("pk"))))
    return condition


def _since_opening(time: dt.time) -> Q:
    return Q(opens__lte=time) & (Q(closes__gt=time) | Q(closes__lte=F("opens")))


def _past_midnight(time: dt.time) -> Q:
    return Q(closes__lte=F("opens"), closes__gt=time)


def is_open(
    service: "Service", moment: dt.datetime | None = None, places: "list[ServicePlace] | None" = None
) -> bool | None:
    """True, False, or None when no hours are known. Uses prefetched hours and exceptions; makes no query of its own.

    With `places`, only the hours of the service itself and of those places count.
    """
    hours, exceptions = list(service.opening_hours.all()), list(service.opening_exceptions.all())
    if places is not None:
        hours, exceptions = at_places(hours, places), at_places(exceptions, places)
    local = timezone.localtime(moment)
    now, today, yesterday = local.time(), local.date(), local.date() - dt.timedelta(days=1)
    if any(
        row.opens <= now and (row.closes > now or row.closes <= row.opens)
        for row in _intervals(hours, exceptions, today)
    ) or any(row.closes <= row.opens and row.closes > now for row in _intervals(hours, exceptions, yesterday)):
        return True
    return False if hours or _on(exceptions, today) else None


def at_places(rows: Iterable[Any], places: "list[ServicePlace]") -> list[Any]:
    """Hours or exceptions of the service itself and of the given places."""
    known = {None, *(place.pk for place in places)}
    return [row for row in rows if row.place_id in known]


def _intervals(hours: list[Any], exceptions: list[Any], day: dt.date) -> list[Any]:
    special = _on(exceptions, day)
    replaced = {row.place_id for row in special}
    weekly = [row for row in hours if row.weekday == day.isoweekday() and row.place_id not in replaced]
    return [row for row in special + ([] if None in replaced else weekly) if row.opens is not None]


def _on(exceptions: list[Any], day: dt.date) -> list[Any]:
    return [row for row in exceptions if row.first_day <= day <= row.last_day]
