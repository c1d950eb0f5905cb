import datetime as dt
import signal
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils import timezone

NIGHT = dt.time(3)  # wall time; nobody is signed in then


class Command(BaseCommand):
    help = "Does the portal's housekeeping: every night it deletes the sessions that have expired. SIGTERM ends it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        tidy()
        if options["once"]:
            return
        ended = threading.Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_args: ended.set())
        self.stdout.write("The worker runs.")
        self.stdout.flush()
        while not ended.wait(seconds_until_night(timezone.localtime())):
            tidy()


def seconds_until_night(now: dt.datetime) -> float:
    """From the (aware, local) moment to the next NIGHT; never 0."""
    night = now.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    if night <= now:
        night += dt.timedelta(days=1)
    return max(1.0, (night - now).total_seconds())


def tidy() -> None:
    """One worker at a time: a second one finds the lock taken and leaves it to the first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('housekeeping'))")
        if cursor.fetchone() == (True,):
            call_command("clearsessions")
    connection.close()  # none is held through the day
