"""The state of the catalogue's list: what is asked, how its heading says it, and the same as a table."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Municipality, Network

from .filters import ServiceFilter
from .models import Service


def catalogue(request: HttpRequest, network: Network) -> ServiceFilter:
    """The filtered catalogue: published listings only, for everyone alike, so that a link shows all the same list."""
    whole = network.local("region_name_whole").text or _("Whole region")
    return ServiceFilter(request.GET, Service.objects.published().with_reach(), whole_region=whole)


def heading(catalogue: ServiceFilter) -> str:
    """“Services in Kajaani”, in the reader's language; plain “Services” when no municipality is chosen."""
    code = catalogue.chosen.get("municipality")
    if not code:
        return _("Services")
    place = Municipality.objects.get(code=code)
    return _("Services %(in_place)s") % {"in_place": place.in_words}


def csv_head() -> list[str]:
    return [
        _("Service"), _("Organisation"), _("Where"), _("Summary"), _("How to get the service"),
        _("How you get in"), _("Contacts"), _("Last checked"), _("Address of the page"),
    ]  # fmt: skip


def csv_rows(services: Iterable[Service], network: Network) -> Iterator[list[str]]:
    whole = network.local("region_name_whole").text
    for service in services:
        contacts = [contact for contact in service.contacts.all() if not contact.members_only]
        facts = [str(fact.label) for fact in service.access_facts if fact.value is not None]
        checked = f"{timezone.localdate(service.confirmed_at):%Y-%m-%d}" if service.confirmed_at else ""
        yield [
            _as_text(cell)
            for cell in (
                service.text.name,
                str(service.organisation),
                service.place_label or whole,
                service.text.summary,
                service.text.how_to_get,
                ", ".join(facts),
                ", ".join(contact.display for contact in contacts),
                checked,
                settings.SITE_URL + service.get_absolute_url(),
            )
        ]


def _as_text(cell: str) -> str:
    """A spreadsheet runs a cell that starts like a formula; an apostrophe makes it text."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
