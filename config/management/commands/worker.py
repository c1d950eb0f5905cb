import asyncio
import contextlib
import inspect
import logging
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connection
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params

from network import periodic

from ...postgres.base import AsyncEmbeddedConnection

PAUSE = 5  # seconds before it starts again after the database was away

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does the portal's background work: sends mail, and keeps house at its times. SIGTERM ends it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do the house-keeping and what waits now, and end")
        parser.add_argument("--waiting", action="store_true", help="do what waits now, and end")

        parser.add_argument("--quiet", action="store_true", help="do not say that it runs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SECRET_KEY_GIVEN:
            raise CommandError("SECRET_KEY is not set: the links in mails would not open. Give it the web server's.")
        connection.ensure_connection()  # starts the embedded server, whose user this process is from now on
        connection.close()
        if options["once"]:
            for work_of_the_day in periodic.DAILY:
                work_of_the_day()
            do_what_is_asked_often()
        with app.replace_connector(TidyConnector()):
            tell = (lambda: None) if options["quiet"] else self.tell
            asyncio.run(run(wait=not (options["once"] or options["waiting"]), tell=tell))

    def tell(self) -> None:
        self.stdout.write("The worker runs.")
        self.stdout.flush()


def do_what_is_asked_often() -> None:
    """What a worker that stays asks every minute or hour: bulletins that are due, digests, messages without a job."""
    known = {f"{work.__module__}.{work.__qualname__}" for work in periodic.DAILY}
    for (name, _id), asked in app.periodic_registry.periodic_tasks.items():
        if name not in known and not inspect.iscoroutinefunction(asked.task.func):
            asked.task(timestamp=int(time.time()))


class TidyConnector(DjangoConnector):
    """Keeps no connection of Django's between two of the worker's own questions.

    What a task defers goes by Django's connection, in the task's transaction: that is why the worker does not put the
    queue's own connector in the place of this one.
    """

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        try:
            return await super().execute_query_one_async(query, **arguments)
        finally:
            await asyncio.to_thread(close_old_connections)


def worker_app(*, periodic: bool) -> App:
    """The same tasks, with connections that can wait for news from the database."""
    embedded: dict[str, Any] = {"connection_class": AsyncEmbeddedConnection} if settings.EMBEDDED_POSTGRES else {}
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, **embedded)
    other = DjangoApp(connector=connector, worker_defaults=app.worker_defaults)
    other.tasks = app.tasks
    if periodic:
        other.periodic_registry = app.periodic_registry
    return other


async def take_up_stalled_jobs(running: App) -> None:
    """What a killed worker had begun; done again every minute, see network/tasks.py."""
    for job in await running.job_manager.get_stalled_jobs():
        await running.job_manager.retry_job(job)


async def run(*, wait: bool, tell: Any) -> None:
    """Run until SIGTERM or SIGINT, or with `wait` false until nothing waits.

    Begins again after a pause when the database has been away; raises what stopped it when it does not wait.
    """
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    told = False
    while not ended.is_set():
        try:
            async with worker_app(periodic=wait).open_async() as running:
                await take_up_stalled_jobs(running)
                if wait and not told:
                    tell()
                    told = True
                await until(ended, running.run_worker_async(wait=wait, install_signal_handlers=False))
        except Exception:
            if not wait:
                raise
            logger.exception("The worker has stopped and starts again")
        if not wait:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), PAUSE)


async def until(ended: asyncio.Event, running: Any) -> None:
    """Run it until it ends by itself or the event comes; then let it end in good order."""
    worker, event = asyncio.ensure_future(running), asyncio.ensure_future(ended.wait())
    await asyncio.wait({worker, event}, return_when=asyncio.FIRST_COMPLETED)
    event.cancel()
    if not worker.done():
        worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker
