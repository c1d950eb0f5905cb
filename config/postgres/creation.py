"""Test databases: one for each test run, copied from a template that has gone through all migrations."""

import hashlib
import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import creation
from django.db.migrations.loader import MigrationLoader

from . import keeper


class DatabaseCreation(creation.DatabaseCreation):
    """Test databases that two test runs at once cannot take from each other.

    The name in settings has a hash of the checkout, which keeps two checkouts on one server apart. Two runs in one
    checkout take different slots: each holds a lock file in DATA_DIR until it ends.
    """

    _slots: dict[str, str] = {}  # name without slot → name with this process's slot
    _template = ""  # while a template is made: its name

    @classmethod
    def makes(cls, name: str) -> bool:
        """Whether this process makes the database itself."""
        return name == cls._template or name in cls._slots.values()

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool | None = None, keepdb: bool = False
    ) -> str:
        """As Django's; the migrations are run only when the template of just these is missing."""
        self.connection.settings_dict["TEST"]["TEMPLATE"] = self._migrated_template(verbosity)
        return super().create_test_db(verbosity, autoclobber, serialize, keepdb)

    def _migrated_template(self, verbosity: int) -> str:
        """The name of a database that has gone through all migrations, made now when it is missing.

        Running them takes many times as long as copying the outcome. Templates of other migrations are dropped.
        """
        family = f"test_{self.connection.settings_dict['NAME']}_{settings.CHECKOUT}_made_"
        name = family + _digest_of_migrations()
        with self._alone(family):
            with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(
                    "SELECT datname, datistemplate FROM pg_database WHERE starts_with(datname, %s)", [family]
                )
                found = dict(cursor.fetchall())
                if found.get(name):
                    return name
                for other in found:
                    cursor.execute(f"ALTER DATABASE {self._quote_name(other)} IS_TEMPLATE false")  # type: ignore[attr-defined]
                    cursor.execute(f"DROP DATABASE {self._quote_name(other)}")  # type: ignore[attr-defined]
            self._make_template(name, verbosity)
        return name

    def _make_template(self, name: str, verbosity: int) -> None:
        own_name = self.connection.settings_dict["NAME"]
        self.connection.settings_dict["TEST"]["TEMPLATE"] = "template0"
        type(self)._template = name
        try:
            super().create_test_db(verbosity, autoclobber=True, serialize=False)
        finally:
            type(self)._template = ""
            self.connection.close()
            if self.connection.pool:
                self.connection.close_pool()  # its connections would keep the template busy
            settings.DATABASES[self.connection.alias]["NAME"] = own_name
            self.connection.settings_dict["NAME"] = own_name
        with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"ALTER DATABASE {self._quote_name(name)} IS_TEMPLATE true")  # type: ignore[attr-defined]

    def _get_test_db_name(self) -> str:
        if self._template:
            return self._template
        name: str = super()._get_test_db_name()  # type: ignore[misc]  # the stubs do not know it
        if name not in self._slots and name not in self._slots.values():
            self._slots[name] = self._free_slot(name)
        return self._slots.get(name, name)

    @staticmethod
    @contextmanager
    def _alone(family: str) -> Iterator[None]:
        """One process at a time makes or drops templates of this checkout."""
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (settings.DATA_DIR / f"{family}.lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield

    @staticmethod
    def _free_slot(name: str) -> str:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for slot in range(100):
            candidate = f"{name}_{slot}" if slot else name
            lock = os.open(settings.DATA_DIR / f"{candidate}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            if keeper.try_lock(lock):
                return candidate  # the descriptor stays open: the lock is held for the life of this process
            os.close(lock)
        raise ImproperlyConfigured("A hundred test runs hold their databases already.")


def _digest_of_migrations() -> str:
    """A hash over the text of every migration of every installed app, and over how `migrate` itself runs."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    files = sorted({inspect.getfile(type(migration)) for migration in migrations})
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:12]
