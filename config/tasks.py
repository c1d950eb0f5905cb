"""Background work that belongs to the whole portal."""

from django.core.management import call_command

from network.accounts import counters, sessions
from network.periodic import every_day

from . import pages


@every_day()
def delete_expired_sessions() -> None:
    """And what is kept beside them: where people were signed in, and how often somebody tried."""
    call_command("clearsessions")
    sessions.forget_ended()
    counters.forget_expired()


@every_day()
def keep_privacy_notice() -> None:
    pages.keep_privacy_notice()
