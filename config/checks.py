"""What `manage.py check` and `migrate` say about the server before anything fails half-way."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Extensions that are missing and cannot be made, and a locale in which å ä ö are no letters."""
    return [message for alias in databases or () for message in _check_server(alias)]


def _check_server(alias: str) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT name, installed_version IS NOT NULL FROM pg_available_extensions WHERE name = ANY(%s)",
            [list(EXTENSIONS)],
        )
        installed = dict(cursor.fetchall())
        cursor.execute("SELECT current_database(), current_user, has_database_privilege(current_database(), 'CREATE')")
        database, user, may_create = cursor.fetchone()
        cursor.execute("SELECT lower('Ä') = 'ä' AND 'ä' ~ '[[:alpha:]]', current_setting('server_encoding')")
        knows_letters, encoding = cursor.fetchone()
    if missing := [name for name in EXTENSIONS if name not in installed]:
        found.append(
            Error(
                f"The database server lacks the extensions {', '.join(missing)}.",
                hint="Install PostgreSQL's contrib modules on the server, on Debian: apt-get install postgresql-contrib",
                id="portal.E001",
            )
        )
    elif not all(installed.values()) and not may_create:
        commands = " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
        found.append(
            Error(
                f"The database user {user} may not create extensions in {database}.",
                hint=f'Run as the server\'s superuser: psql -d {database} -c "{commands}"',
                id="portal.E002",
            )
        )
    if encoding != "UTF8" or not knows_letters:
        found.append(
            Error(
                f"The database {database} does not know å, ä and ö (encoding {encoding}).",
                hint=f"Create it anew: createdb -T template0 -E UTF8 --locale=C.UTF-8 -O {user} {database}",
                id="portal.E003",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_secret(**kwargs: Any) -> list[CheckMessage]:
    """A process that serves needs a secret it shares with the others and keeps over a restart."""
    if settings.SECRET_KEY_GIVEN:
        return []
    return [
        Error(
            "SECRET_KEY is not set.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="portal.E004",
        )
    ]
