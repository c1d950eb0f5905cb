"""When periodic work is done, in the network's own time. The queue itself counts in UTC."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from .actors import JOB, written

Work = Callable[[], None]

HOURLY = "0 * * * *"
NIGHT = 3  # o'clock; few are signed in then
DAILY: list[Work] = []  # what is done every day, for a machine where only cron starts the worker


def every_day(hour: int = NIGHT, *, weekday: int | None = None) -> Callable[[Work], Callable[[int], None]]:
    """Makes a task of a function, done each day (or each `weekday`, Monday is 0) from that hour of the wall clock on.

    The worker asks every full hour. Work that was not done at its hour, as nothing ran then or it failed, is done at a
    later one, at most a day late. It is done in one transaction with the note that it was done.
    """

    def decorate(work: Work) -> Callable[[int], None]:
        name = f"{work.__module__}.{work.__qualname__}"
        if weekday is None:
            DAILY.append(work)

        @app.periodic(cron=HOURLY)
        @app.task(name=name, queueing_lock=name)
        @wraps(work)
        def task(timestamp: int) -> None:
            day = due(timestamp, hour, weekday)
            if day is not None:
                # The history tells that nobody did it by hand.
                with transaction.atomic(), written(how=JOB):
                    if take(name, day):
                        work()

        return task

    return decorate


def due(timestamp: int, hour: int, weekday: int | None = None) -> dt.date | None:
    """The day whose work is to be done by this moment (seconds since 1970), unless a day has passed since."""
    now = timezone.localtime(dt.datetime.fromtimestamp(timestamp, dt.UTC))
    day = now.date() if now.hour >= hour else now.date() - dt.timedelta(days=1)
    return day if weekday is None or day.weekday() == weekday else None


def take(name: str, day: dt.date) -> bool:
    """Note that the day's work is done; False when it was noted already. A second worker waits for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO network_periodicwork AS known (name, done_for) VALUES (%s, %s) ON CONFLICT (name)"
            " DO UPDATE SET done_for = excluded.done_for WHERE known.done_for < excluded.done_for",
            [name, day],
        )
        return bool(cursor.rowcount)
