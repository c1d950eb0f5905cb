"""Django's PostgreSQL backend, with the embedded server when settings.EMBEDDED_POSTGRES says so.

The server starts at the first connection, never when settings are read: type checks, collectstatic and image builds
read settings too.
"""

import asyncio
import atexit
import os
import threading
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import NotSupportedError, connections
from django.db.backends.postgresql import base, client, features
from psycopg import sql
from psycopg_pool import ConnectionPool

from . import keeper
from .creation import DatabaseCreation
from .embedded import EmbeddedServer, bin_dir

STARTING_PATIENCE = 10  # seconds a connection waits for a server that restarts


@cache
def embedded_server() -> EmbeddedServer:
    """The one embedded server of this process."""
    return EmbeddedServer(settings.DATA_DIR)


def patiently(connect: Callable[[], Any]) -> Any:
    """Connect to the embedded server, trying again for a while: one that was killed needs a moment to come back."""
    deadline = time.monotonic() + STARTING_PATIENCE
    while True:
        embedded_server().ensure_running()
        try:
            return connect()
        except psycopg.OperationalError as error:
            if not _will_pass(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def _will_pass(error: psycopg.OperationalError) -> bool:
    """Whether a failed connection is one of a server that starts or stops, not one that stays wrong."""
    text = str(error)
    return "FATAL" not in text or any(
        sign in text for sign in ("starting up", "shutting down", "recovery", "not yet accepting")
    )


class EmbeddedConnection(psycopg.Connection[Any]):
    """What the pool makes: the pool itself would wait 1, 2, 4 … seconds between two tries."""

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> Any:
        return patiently(lambda: super(EmbeddedConnection, cls).connect(*args, **kwargs))


class AsyncEmbeddedConnection(psycopg.AsyncConnection[Any]):
    """The same for the worker's queue, which has a pool and connections of its own."""

    @classmethod
    async def connect(cls, *args: Any, **kwargs: Any) -> Any:
        deadline = time.monotonic() + STARTING_PATIENCE
        while True:
            await asyncio.to_thread(embedded_server().ensure_running)
            try:
                return await super().connect(*args, **kwargs)
            except psycopg.OperationalError as error:
                if not _will_pass(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.05)


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = (keeper.OLDEST_VERSION,)


class DatabaseClient(client.DatabaseClient):
    def runshell(self, parameters: Any) -> None:
        if settings.EMBEDDED_POSTGRES:
            self.connection.ensure_connection()
            type(self).executable_name = str(bin_dir() / "psql")
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    client_class = DatabaseClient
    creation_class = DatabaseCreation

    _known_databases: set[tuple[str, int]] = set()  # name, and when this process became the server's user
    _creating = threading.Lock()

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        if settings.EMBEDDED_POSTGRES:
            self.settings_dict["HOST"] = str(embedded_server().socket_dir)
            self.settings_dict["USER"] = keeper.SUPERUSER
            if isinstance(pool := self.settings_dict["OPTIONS"].get("pool"), dict):
                pool["connection_class"] = EmbeddedConnection

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connect = partial(super().get_new_connection, conn_params)
        if settings.EMBEDDED_POSTGRES:
            embedded_server().ensure_running()
            self._create_database(conn_params)
        if self.pool:
            return self._living_connection(connect)
        return patiently(connect) if settings.EMBEDDED_POSTGRES else connect()

    def _living_connection(self, connect: Callable[[], Any]) -> Any:
        """A connection of the pool that answers.

        The pool's own check waits 1, 2, 4 … seconds between two dead connections: after the server has been started
        again four of them would be an error for somebody. Here the first dead one makes the pool look at all.
        """
        deadline = time.monotonic() + STARTING_PATIENCE
        while True:
            connection = connect()
            try:
                ConnectionPool.check_connection(connection)
                return connection
            except psycopg.OperationalError:
                self.pool.putconn(connection)
                self.pool.check()
                if time.monotonic() > deadline:
                    raise

    def check_database_version_supported(self) -> None:
        if self.get_database_version() < (keeper.OLDEST_VERSION,):
            found = ".".join(map(str, self.get_database_version()))
            raise NotSupportedError(
                f"The server is PostgreSQL {found}; the portal needs {keeper.OLDEST_VERSION} or newer. "
                "Point DATABASE_URL to a newer server, or leave it empty to use the embedded one (`make install`)."
            )

    def _create_database(self, conn_params: dict[str, Any]) -> None:
        """Create the project's own database on the embedded server when it is missing. Tests create theirs."""
        name = conn_params["dbname"]
        known = (name, embedded_server().began)
        if known in self._known_databases or name == "postgres" or DatabaseCreation.makes(name):
            return
        with self._creating, self._maintenance_connection() as connection:
            # Two processes at once: the lock makes the second one wait and then find the database.
            connection.execute("SELECT pg_advisory_lock(hashtext('create project database'))")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            self._known_databases.add(known)

    def _maintenance_connection(self) -> psycopg.Connection[Any]:
        return EmbeddedConnection.connect(
            host=self.settings_dict["HOST"], user=keeper.SUPERUSER, dbname="postgres", autocommit=True
        )


def _pools() -> dict[str, ConnectionPool]:
    """Django's pools of this process, by alias."""
    return base.DatabaseWrapper._connection_pools  # type: ignore[attr-defined]  # the stubs do not know them


_parents: list[Any] = []  # a forked child keeps its parent's connections here, untouched: closing would end them there


def _forget_connections() -> None:
    """After a fork: the child makes connections of its own, since two processes cannot talk through one."""
    pools = _pools()
    _parents.append((dict(pools), connections.all(initialized_only=True)))
    pools.clear()
    for wrapper in connections.all(initialized_only=True):
        del connections[wrapper.alias]


def _close_pools() -> None:
    for pool in _pools().values():
        pool.close()


os.register_at_fork(after_in_child=_forget_connections)
atexit.register(_close_pools)
