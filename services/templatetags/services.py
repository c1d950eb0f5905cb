"""How times and sources of a listing are written."""

import datetime as dt
from typing import Any

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


def clock(time: dt.time) -> str:
    """Finnish style, 9.00; the same in every language of the page."""
    return f"{time.hour}.{time.minute:02}"


@register.filter
def interval(row: Any) -> str:
    """“9.00–15.00”; an interval that ends when it starts is “round the clock”."""
    if row.opens == row.closes:
        return _("round the clock")
    return f"{clock(row.opens)}–{clock(row.closes) if row.closes != dt.time() else '24.00'}"


@register.filter
def time_range(row: Any) -> str:
    return f"{clock(row.starts)}–{clock(row.ends)}" if row.ends else clock(row.starts)


@register.filter
def urlize_source(line: str) -> SafeString:
    """A line of sources with its web addresses as links that search engines do not follow."""
    return SafeString(urlize(line.replace("@", " (at) "), trim_url_limit=60, nofollow=True, autoescape=True))
