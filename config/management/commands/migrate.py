from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from config.migrating import Executor

LOCK = 0x706F7274616C  # "portal"


class Command(migrate.Command):
    """Django's migrate, one at a time: two servers of one database may start together.

    It also makes the tables of caches in the database, and puts operations together (`config.migrating`).
    """

    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # it is taken by this name
        with self.alone(connections[options["database"]]):
            super().handle(*args, **options)
            call_command("createcachetable", database=options["database"], verbosity=0)  # counters of tries

    @contextmanager
    def alone(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Hold PostgreSQL's advisory lock on a connection of its own; wait for another migrate to end."""
        holder = connection.copy()
        holder.settings_dict["OPTIONS"].pop("pool", None)  # the lock ends with its connection, which no pool keeps
        try:
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
                if cursor.fetchone() == (False,):
                    self.stderr.write("Another migrate is running on this database. Waiting for it to end.")
                    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            yield
        finally:
            holder.close()
