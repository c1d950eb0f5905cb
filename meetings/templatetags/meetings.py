"""How times of meetings are written."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from meetings import inviting
from meetings.models import Meeting

register = template.Library()


@register.filter
def when(meeting: Meeting) -> str:
    """The day and the times as exactly as they are known; an archive's words where a day would say too much."""
    return inviting.when(meeting)


@register.filter
def hm(moment: dt.datetime | None) -> str:
    """A time of the day in the network's own time: 13.05."""
    return f"{timezone.localtime(moment):%H.%M}" if moment else ""


@register.filter
def session_time(session: Any) -> str:
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{date_format(start, 'D j.n.Y')} {start:%H.%M}–{end:%H.%M}"


@register.filter
def month_name(day: dt.date) -> str:
    return date_format(day, "F")
