"""What a list shows of a service, worked out from prefetched rows only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from network.models import Network, Organisation

from . import hours
from .models import Contact, Service
from .models.query import Reach
from .models.shown import KnownFact, ShownText
from .search import Understood
from .search.showing import marked


@dataclass(frozen=True)
class Hit:
    """One row of a list of services."""

    service: Service
    text: ShownText
    organisation: Organisation | None
    place_label: str
    known_facts: list[KnownFact]
    age_text: str
    open_now: bool | None
    first_contact: Contact | None
    contact_is_organisations: bool
    can_be_reached: bool
    freshness: str
    heading_level: int = 2
    asked: Understood | None = None
    begins_rest: bool = False  # the first of those that answer only some of what was asked
    html: SafeString | None = None  # the row as the list shows it, where it was made already

    @property
    def marked_name(self) -> SafeString:
        return marked(self.name, self.asked)

    @property
    def marked_summary(self) -> SafeString:
        return marked(self.summary, self.asked)

    @property
    def name(self) -> str:
        return self.text.name

    @property
    def summary(self) -> str:
        return self.text.summary

    @property
    def access_facts(self) -> list[KnownFact]:
        return self.known_facts

    @property
    def confirmed_at(self) -> dt.datetime | None:
        return self.service.confirmed_at

    def get_absolute_url(self) -> str:
        return self.service.get_absolute_url()


def hits(
    services: Iterable[Service],
    network: Network,
    *,
    municipality: str = "",
    members: bool = False,
    heading_level: int = 2,
    asked: Understood | None = None,
) -> list[Hit]:
    """Rows for services fetched with `for_listing()`. With a municipality the label tells how each serves it; with
    what was `asked` the words that answer it are marked."""
    now = timezone.now()
    return [
        replace(_hit(service, network, now, municipality, members, heading_level), asked=asked) for service in services
    ]


def _hit(
    service: Service, network: Network, now: dt.datetime, municipality: str, members: bool, heading_level: int
) -> Hit:
    own = _first(service.own_contacts(list(service.places.all())), members)
    organisation = service.organisation
    contact = own or (_first(organisation.contacts.all(), members) if organisation else None)
    label = service.place_label or network.local("region_name_whole").text or gettext("Whole region")
    if municipality and getattr(service, "reach", None) == Reach.THERE and not service.outside_region:
        label = next((m.local_name for m in service.municipalities.all() if m.code == municipality), label)
    return Hit(
        service=service,
        text=service.text,
        organisation=organisation,
        place_label=label,
        known_facts=[fact for fact in service.access_facts if fact.value is not None],
        age_text=service.age_text,
        open_now=hours.is_open(service, now),
        first_contact=contact,
        contact_is_organisations=own is None and contact is not None,
        can_be_reached=contact is not None or any(body.nearest_website for body in service.organisers()),
        freshness=service.freshness(network, now),
        heading_level=heading_level,
    )


def _first(contacts: Iterable[Contact], members: bool) -> Contact | None:
    return next((contact for contact in contacts if members or not contact.members_only), None)
