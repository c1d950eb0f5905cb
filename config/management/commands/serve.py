import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ...starting import (
    end,
    end_in_good_order,
    keep_worker,
    kept_secret,
    refuse_used_port,
    start_again,
    start_web,
)


class Command(BaseCommand):
    help = "Serves the portal with gunicorn: makes tables and files ready, then runs the web server and a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO or settings.DEBUG:
            raise CommandError("DEMO and DEBUG are not for serving people. Unset them.")
        host, port = bound_to()
        refuse_used_port(host.strip("[]"), port)
        if not (settings.SECRET_KEY_GIVEN and os.environ.get("SITE_URL")):
            start_again(
                SECRET_KEY=os.environ.get("SECRET_KEY") or kept_secret("secret_key", 50),
                SITE_URL=os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}",
            )
        call_command("prepare", verbosity=options["verbosity"])
        self.stdout.write(f"Serving {settings.SITE_URL} on {host}:{port}. Ctrl-C stops it.")
        self.stdout.flush()
        self.run(os.environ)

    def run(self, environment: Mapping[str, str]) -> None:
        end_in_good_order()
        web = start_web(environment)
        try:
            status = keep_worker(web, environment)
        except KeyboardInterrupt:
            end(web)
            return
        if status:
            raise CommandError(f"The web server ended with status {status}.")


def bound_to() -> tuple[str, int]:
    """Host and port as gunicorn will read them from BIND, else PORT."""
    bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
    host, _, port = bind.rpartition(":")
    if not (host and port.isdecimal()):
        raise CommandError(f"{bind!r} is not a host and a port. Set BIND=127.0.0.1:8000 or PORT=8000.")
    return host, int(port)
