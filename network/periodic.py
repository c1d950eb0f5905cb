"""When periodic work is done, in the network's own time. The queue itself counts in UTC."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.utils import timezone
from procrastinate.contrib.django import app

from .actors import JOB, written

Work = Callable[[], None]

HOURLY = "0 * * * *"
NIGHT = 3  # o'clock; few are signed in then
DAILY: list[Work] = []  # what is done every day, for a machine where only cron starts the worker


def every_day(hour: int = NIGHT, *, weekday: int | None = None) -> Callable[[Work], Callable[[int], None]]:
    """Makes a task of a function, done each day (or each `weekday`, Monday is 0) at that hour of the wall clock.

    Once a day also when clocks are moved: at the first full hour that is not before it.
    """

    def decorate(work: Work) -> Callable[[int], None]:
        if weekday is None:
            DAILY.append(work)

        @app.periodic(cron=HOURLY)
        @app.task(name=f"{work.__module__}.{work.__qualname__}", queueing_lock=f"{work.__module__}.{work.__qualname__}")
        @wraps(work)
        def task(timestamp: int) -> None:
            if is_time(timestamp, hour, weekday):
                with written(how=JOB):  # the history tells that nobody did it by hand
                    work()

        return task

    return decorate


def is_time(timestamp: int, hour: int, weekday: int | None = None) -> bool:
    """Whether this full hour (seconds since 1970) is the day's first that is not before `hour` o'clock."""
    now, before = (timezone.localtime(dt.datetime.fromtimestamp(at, dt.UTC)) for at in (timestamp, timestamp - 3600))
    if weekday is not None and now.weekday() != weekday:
        return False
    return now.hour >= hour and (before.hour < hour or before.date() < now.date())
