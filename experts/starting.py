"""What a meeting tells to an order that begins from it: when, where, and which item of the agenda it is for."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from meetings.models import AgendaItem, Meeting

from .models import Order

PLACES = {"online": Order.Place.REMOTE, "on-site": Order.Place.PLACE, "hybrid": Order.Place.EITHER}


def from_meeting(user: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    """The first values of the form, from ?kohta= (an agenda item) or ?tapaaminen=. Nothing of what the reader may not see."""
    item = None
    if asked.get("kohta", "").isdecimal():
        items = AgendaItem.objects.visible_to(user).select_related("meeting__municipality")
        item = items.filter(pk__in=pk_of(asked["kohta"])).first()
        meeting = item.meeting if item else None
    elif asked.get("tapaaminen", "").isdecimal():
        meeting = Meeting.objects.visible_to(user).filter(pk__in=pk_of(asked["tapaaminen"])).first()
    else:
        meeting = None
    if meeting is None:
        return {}
    found: dict[str, Any] = {"topic": item.title if item else meeting.title, "agenda_item": item}
    if item and item.minutes:
        found["minutes"] = item.minutes
    if meeting.starts_at and meeting.starts_at > timezone.now():
        start = timezone.localtime(meeting.starts_at)
        found |= {"day_1": start.date(), "clock_1": start.time()}
    found["place_kind"] = PLACES.get(meeting.form, Order.Place.PLACE)
    found["place"] = ", ".join(part for part in (meeting.venue, meeting.address) if part)[:300]
    return found | {"municipality": meeting.municipality, "accessibility": meeting.accessibility[:500]}


def pk_of(text: str) -> list[int]:
    """A number that a row may have: one too long for the database is nobody's."""
    return [int(text)] if len(text) < 19 else []


def item_for(user: Any, order: Order) -> AgendaItem | None:
    """The order's agenda item, when the reader may see it."""
    if order.agenda_item_id is None:
        return None
    items = AgendaItem.objects.visible_to(user).select_related("meeting")
    return items.filter(pk=order.agenda_item_id).first()
