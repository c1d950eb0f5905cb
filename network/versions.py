"""One number that changes with the catalogue: whatever is made from the database may be kept under it.

Each statement that changes a watched table adds a row with a random mark (see `network.triggers.WatchTables`), and the
number is all marks of the rows that one can see, joined by XOR. So it belongs to exactly what its reader sees: a change
is in it from the moment it is committed, what was rolled back never was, and no writer waits for another.

A reader asks for the number *first* and reads the rows after it. Rows that were committed in between are newer than the
number, which nobody is given again: what was made is then never used, rather than used too long.
Decision 0180 tells why it is no sequence and no single row.
"""

import hashlib
from functools import cache

from django.conf import settings
from django.db import connection

MANY = 500  # rows that are worth joining to one


def catalogue_version() -> str:
    """The number as text, for keys of caches. One cheap query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bit_xor(mark) FROM network_cataloguechange")
        row = cursor.fetchone()
    return f"{row[0] or 0:x}" if row else "0"


def join_changes(at_least: int = MANY) -> None:
    """Make one row of many; the number stays what it is. For jobs and after bulk work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM network_cataloguechange"
            " WHERE (SELECT count(*) FROM network_cataloguechange) >= %s RETURNING mark)"
            " INSERT INTO network_cataloguechange (mark) SELECT bit_xor(mark) FROM gone HAVING count(*) > 0",
            [at_least],
        )


@cache
def release() -> str:
    """What pages are made with: our code, templates, translations and pinned packages, as a short hash."""
    digest = hashlib.blake2b(digest_size=8)
    base = settings.BASE_DIR
    ours = [base / "requirements.txt", settings.STATIC_ROOT / "staticfiles.json"]
    for folder in ("network", "services", "meetings", "experts", "config", "templates", "locale"):
        ours += (path for path in (base / folder).rglob("*") if path.suffix in {".py", ".html", ".txt", ".mo"})
    for path in sorted(path for path in ours if path.is_file()):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
