"""What the time of day changes on the open pages of meetings, which are kept for visitors (`network.public_pages`)."""

import datetime as dt
from bisect import bisect_right
from functools import lru_cache

from django.utils import timezone

from .models import Meeting

MOMENTS = ("starts_at", "ends_at", "proposals_until", "registration_until")


def clock(version: str) -> str:
    """The day, and how many meetings have begun or ended and how many times of proposing or registering have passed."""
    return f"{timezone.localdate()} {bisect_right(turning_moments(version), timezone.now())}"


@lru_cache(maxsize=4)
def turning_moments(version: str) -> list[dt.datetime]:
    """Of the public meetings to come, in order; read once for each number of the catalogue, which they change."""
    coming = Meeting.objects.published().filter(is_public=True, ends_at__gt=timezone.now())
    rows = coming.order_by().values_list(*MOMENTS)
    return sorted({moment for row in rows for moment in row if moment is not None})
