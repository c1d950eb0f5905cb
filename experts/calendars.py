"""Calendar entries of agreed orders: one event for each session, the portal as organiser, nobody's address.

Times are written in UTC, which every calendar shows in the reader's own zone. `Order.version` is the SEQUENCE: it grows
with each agreement, withdrawal and cancelling, and a session keeps its UID when it is moved.
"""

from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from network.models import Network

from .models import Order, OrderSession

REQUEST, CANCEL = "REQUEST", "CANCEL"


def entry(order: Order, method: str, sessions: Iterable[OrderSession], *, url: str = "") -> str:
    """The file of a personal mail. `url`: the order's page, for readers who sign in; a personal link stays out of it."""
    calendar = Calendar()
    calendar.add("PRODID", f"-//{Network.current().name}//tilaukset//FI")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    for session in sessions:
        calendar.add_component(event(order, session, method, url))
    return calendar.to_ical().decode()


def event(order: Order, session: OrderSession, method: str, url: str) -> Event:
    one = Event()
    one.add("UID", f"order-{order.pk}-{session.pk}@{urlsplit(settings.SITE_URL).hostname}")
    one.add("SEQUENCE", order.version)
    one.add("DTSTAMP", timezone.now())
    one.add("DTSTART", session.starts_at)
    one.add("DTEND", session.ends_at)
    one.add("SUMMARY", _("Experience expert: %(task)s") % {"task": order.task_type.local_name})
    if place := where(order):
        one.add("LOCATION", place)
    if url:
        one.add("URL", url)
        one.add("DESCRIPTION", url)
    one.add("STATUS", "CANCELLED" if method == CANCEL else "CONFIRMED")
    one.add("ORGANIZER", organiser())
    return one


def where(order: Order) -> str:
    if order.place_kind == Order.Place.REMOTE:
        return _("Remotely")
    town = order.municipality.local_name if order.municipality else ""
    return ", ".join(part for part in (order.place, town) if part)


def organiser() -> vCalAddress:
    """The address that mail comes from: no person's."""
    portal = vCalAddress(f"MAILTO:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    portal.params["CN"] = vText(Network.current().local_name)
    return portal
