import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Makes all ready for serving: translations, dictionaries, tables, static files. Seconds when nothing has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        with self.alone():
            call_command("compilemessages", verbosity=options["verbosity"])
            call_command("build_words", verbosity=options["verbosity"])
            call_command("migrate", interactive=False, verbosity=0)
            self.collect_static(options["verbosity"])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """`make demo` and `make serve` of one checkout may start together."""
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(settings.DATA_DIR / "prepare.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def collect_static(self, verbosity: int) -> None:
        """Collect, hash and compress the static files unless those of the last time are still right."""
        stamp = settings.STATIC_ROOT / ".collected"
        now = static_fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            stamp.unlink(missing_ok=True)
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)
            if verbosity > 0:
                self.stdout.write(f"Collected static files into {settings.STATIC_ROOT}")


def static_fingerprint() -> str:
    """Tells one set of static files from another: their names, sizes and times, and Django's version."""
    digest = hashlib.sha256(f"{django.VERSION} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
