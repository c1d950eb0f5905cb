"""Template filters of minutes."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from network.templatetags.look import day

register = template.Library()


@register.filter
def iso_day(value: str) -> str:
    """A day as a record keeps it, as people read it."""
    return day(dt.date.fromisoformat(value)) if value else ""


@register.filter
def action_state(status: str) -> str:
    """What was done to an action, in words."""
    return {"done": _("marked done"), "open": _("opened again"), "moved": _("moved")}.get(status, status)
