"""Template filters of minutes."""

import datetime as dt
from typing import Any

from django import template
from django.utils.translation import gettext as _

from network.templatetags.look import day

from ..minutes import feedback, permissions

register = template.Library()


@register.filter
def iso_day(value: str) -> str:
    """A day as a record keeps it, as people read it."""
    return day(dt.date.fromisoformat(value)) if value else ""


@register.filter
def action_state(status: str) -> str:
    """What was done to an action, in words."""
    return {"done": _("marked done"), "open": _("opened again"), "moved": _("moved")}.get(status, status)


@register.inclusion_tag("meetings/_minutes_links.html", takes_context=True)
def minutes_links(context: Any) -> dict[str, Any]:
    """On a meeting's page: the ways to its minutes and to feedback, as far as the reader has any."""
    meeting, user = context["meeting"], context["request"].user
    may_write = permissions.can_write(user, meeting)
    status = set(meeting.minutes.values_list("status", flat=True))
    is_member = (
        user.is_authenticated and "comments" in status and permissions.level(user, meeting) != permissions.PUBLIC
    )
    return {
        "meeting": meeting,
        "may_write": may_write,
        "has_minutes": "published" in status,
        "may_comment": is_member,
        "may_tell": context.get("own") is not None and feedback.may_answer(context["own"]),
    }
