"""How times and sources of a listing are written."""

import datetime as dt
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


def clock(time: dt.time) -> str:
    """Finnish style, 9.00; the same in every language of the page."""
    return f"{time.hour}.{time.minute:02}"


@register.filter
def interval(row: Any) -> str:
    """“9.00–15.00”; one that ends when it starts is “round the clock”, one past midnight says so."""
    if row.opens == row.closes:
        return _("round the clock")
    hours = f"{clock(row.opens)}–{clock(row.closes) if row.closes != dt.time() else '24.00'}"
    return _("%(hours)s (next day)") % {"hours": hours} if dt.time() < row.closes < row.opens else hours


@register.filter
def time_range(row: Any) -> str:
    return f"{clock(row.starts)}–{clock(row.ends)}" if row.ends else clock(row.starts)


@register.filter
def urlize_source(line: str) -> SafeString:
    """A line of sources with its web addresses as links that search engines do not follow."""
    return SafeString(urlize(line.replace("@", " (at) "), trim_url_limit=60, nofollow=True, autoescape=True))


@register.filter
def quarters(period: Any) -> str:
    """“tammikuu–maaliskuu 2026”: the months of a `network.small_numbers.Period`."""
    first, last = period.first_day, period.last_day
    start = date_format(first, "F") if first.year == last.year else date_format(first, "F Y")
    return f"{start}–{date_format(last, 'F Y')}"


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key, "")
