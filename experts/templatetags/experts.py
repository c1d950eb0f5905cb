"""Filters of the pages of orders."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..answers import Time
from ..models import Order

register = template.Library()


@register.filter
def time_pairs(form: Any) -> list[tuple[BoundField, BoundField]]:
    """The fields `day_1` and `clock_1`, `day_2` …"""
    places = [name.removeprefix("day_") for name in form.fields if name.startswith("day_")]
    return [(form[f"day_{place}"], form[f"clock_{place}"]) for place in places]


@register.filter
def other_fields(form: Any) -> list[BoundField]:
    """The visible fields that are no part of such a pair."""
    return [field for field in form.visible_fields() if not field.name.startswith(("day_", "clock_"))]


@register.filter
def moment(one: Any) -> str:
    """“ke 12.3.2027 klo 10.00–11.00” of what has a start and an end; days alone of a period."""
    start, end = one.starts_at, one.ends_at
    if start is None:
        return f"{day_words(one.first_day)} – {day_words(one.last_day)}"
    first, last = timezone.localtime(start), timezone.localtime(end)
    return f"{date_format(first, 'D')} {day_words(first)}, {first:%H.%M}–{last:%H.%M}"


def day_words(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


@register.simple_tag
def order_row(order: Order, mark: Any) -> SafeString:
    """An order in a list. It is kept under everything that it tells, so that what is kept is always right."""
    times = tuple(Time(session.starts_at, session.ends_at) for session in order.sessions.all())
    place = str(order.municipality or "")
    return row_html(
        get_language(), order.get_absolute_url(), str(order), str(mark), order.task_type.local_name, order.body_name, place, times
    )  # fmt: skip


@lru_cache(maxsize=2000)
def row_html(
    language: str | None, url: str, topic: str, mark: str, task: str, body: str, place: str, times: tuple[Time, ...]
) -> SafeString:
    facts = {"url": url, "topic": topic, "mark": mark, "task": task, "body": body, "place": place, "times": times}
    return render_to_string("experts/_order_row.html", facts)


@register.filter
def euros(sum_: Any) -> str:
    """“120 €”, “12,50 €”."""
    if sum_ is None:
        return "–"
    whole = f"{sum_:.2f}".replace(".", ",")
    return f"{whole.removesuffix(',00')} €"


@register.filter
def address(party: Any, verb: str) -> str:
    """Where a party's form is sent."""
    return str(party.url(verb))
