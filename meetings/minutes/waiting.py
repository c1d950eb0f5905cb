"""What waits for those who write minutes."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ..models import Meeting, Minutes
from ..models.choices import MeetingKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

LATE_AFTER = dt.timedelta(days=5)


def unpublished(user: "User | AnonymousUser", now: dt.datetime | None = None) -> "QuerySet[Meeting]":
    """Meetings that the user organises, held five days ago or earlier, whose minutes nobody has published; the oldest first.

    Meetings of the archive, whose time is not known exactly, and informal ones want no minutes.
    """
    published = Minutes.objects.filter(meeting=OuterRef("pk"), status=Minutes.Status.PUBLISHED)
    held = Meeting.objects.organised_by(user).standing().published().exclude(kind=MeetingKind.COFFEE)
    late = held.filter(ends_at__lte=(now or timezone.now()) - LATE_AFTER).exclude(Exists(published))
    return late.select_related("group").order_by("ends_at", "pk")
