"""Background work that belongs to the whole portal."""

from django.core.management import call_command

from network.periodic import every_day


@every_day()
def delete_expired_sessions() -> None:
    call_command("clearsessions")
