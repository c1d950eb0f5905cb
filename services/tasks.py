"""Background work of the catalogue. A task only calls what does the work."""

from django.conf import settings
from procrastinate.contrib.django import app

from network.periodic import every_day

from . import digest, links, reminding
from .search import indexing

MORNING = 7


@every_day(MORNING, weekday=0)
def tell_changes_weekly() -> None:
    digest.tell_weekly()


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="tell_changes_at_once")
def tell_changes_at_once(timestamp: int) -> None:
    digest.tell_at_once()


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="check_links")
def check_links(timestamp: int) -> None:
    if not settings.DEMO:  # nothing leaves the machine
        links.check_some()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="index_stale_services")
def index_stale_services(timestamp: int) -> None:
    while indexing.take_up():
        pass
    indexing.count_when_grown()


@every_day()
def count_indexed_words() -> None:
    indexing.count_words()


@every_day(MORNING)
def remind_of_confirmation() -> None:
    reminding.remind_everyone()
