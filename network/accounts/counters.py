"""The table of counters of tries: who tried is not to be read from it, and it does not grow for ever."""

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac


def hidden_key(key: str, key_prefix: str, version: int) -> str:
    """A keyed hash: the library's own names hold the addresses of visitors' machines."""
    return salted_hmac("network.accounts.counters", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def forget_expired() -> None:
    """Delete what counts no more. Django does it only when the table is full."""
    table = connection.ops.quote_name(str(settings.CACHES["limits"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608  a name of the settings
