"""Asking people to confirm: what waits for whom, the reminder mail, and the link in it that needs no signing in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone

from network.actors import LINK, written
from network.models import Network, Organisation, User

from . import history, hours, permissions
from .confirming import (
    ChangedMeanwhile,
    Thing,
    confirm,
    edit_address,
    is_public,
    kept_by,
    nearest,
    own_memberships,
    seen_at,
    version_of,
)  # fmt: skip
from .models import ConfirmationRequest, Contact, OpeningHours, Service, ServicePlace

SHOWN_AT_ONCE = 50  # rows of one page; the rest come when these are done


@dataclass
class Asked:
    """One row of a page that asks: the thing, the stamp of what is shown of it, and what is worth a look."""

    thing: Thing
    version: str
    freshness: str
    contacts: list[str] = field(default_factory=list)
    hours: list[OpeningHours] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)  # what was changed after the person had seen it
    state: str = ""  # in a link's page: "archived", "not-yours", "confirmed"

    @property
    def key(self) -> str:
        return f"{'s' if isinstance(self.thing, Service) else 'o'}{self.thing.pk}"

    @property
    def is_service(self) -> bool:
        return isinstance(self.thing, Service)

    @property
    def name(self) -> str:
        return str(self.thing)

    @property
    def body(self) -> Organisation | None:
        return self.thing.organisation if isinstance(self.thing, Service) else self.thing.parent

    @property
    def edit_url(self) -> str:
        return edit_address(self.thing)

    @property
    def can_be_confirmed(self) -> bool:
        return not self.state


def services_with_facts(services: "QuerySet[Service]") -> "QuerySet[Service]":
    """With what a row shows; public facts only, for a row may be read without signing in."""
    return services.select_related("organisation__parent__parent", "confirmed_organisation").prefetch_related(
        Prefetch("contacts", Contact.objects.public()),
        Prefetch("places", ServicePlace.objects.filter(confidential=False)),
        "opening_hours",
    )


def organisations_with_facts(organisations: "QuerySet[Organisation]") -> "QuerySet[Organisation]":
    return organisations.select_related("parent__parent", "confirmed_organisation").prefetch_related(
        Prefetch("contacts", Contact.objects.public())
    )


def asked(thing: Thing, network: Network) -> Asked:
    """A row for a thing that was fetched with its facts."""
    row = Asked(thing, version_of(thing), thing.freshness(network))
    reach: Any = thing
    row.contacts = [contact.display for contact in reach.contacts.all()]
    if isinstance(thing, Service):
        everywhere: Any = thing.opening_hours
        row.hours = hours.at_places(everywhere.all(), list(thing.places.all()))
    return row


def due_for(person: User, network: Network) -> list[Asked]:
    """What waits for the person's word, oldest first: listings, then the organisations' own pages."""
    bodies = list(kept_by(person))
    services = Service.objects.due(network).filter(organisation__in=bodies)
    organisations = Organisation.objects.due(network).filter(pk__in=bodies)
    things = [
        *oldest_first(services_with_facts(services))[:SHOWN_AT_ONCE],
        *oldest_first(organisations_with_facts(organisations))[:SHOWN_AT_ONCE],
    ]
    return [asked(thing, network) for thing in things[:SHOWN_AT_ONCE]]


def oldest_first(queryset: Any) -> Any:
    return queryset.order_by(F("confirmed_at").asc(nulls_first=True), "sort_name", "pk")


@dataclass
class Chosen:
    """What a person pressed the button for: a thing, and the stamp of what she had seen of it."""

    row: Asked
    version: str


def chosen_of(rows: Sequence[Asked], data: Any) -> list[Chosen]:
    """The rows that a form chose: the one whose own button was pressed, else those that are ticked.

    A row without a stamp was not shown by any page: its stamp is empty, and nothing is confirmed blindly.
    """
    keys = [data["only"]] if data.get("only") else data.getlist("thing")
    return [Chosen(row, data.get(f"version-{row.key}", "")) for row in rows if row.key in keys and row.can_be_confirmed]


class SomeChanged(ChangedMeanwhile):
    """Some of what was chosen was edited after the person had seen it."""

    def __init__(self, rows: list[Asked]) -> None:
        super().__init__("Some of these were changed.")
        self.rows = rows


@transaction.atomic
def confirm_chosen(
    chosen: Iterable[Chosen], *, by: User, show_name: bool = False, request: ConfirmationRequest | None = None
) -> int:
    """Confirm all or none, and tell how many there were, counting what was confirmed already.

    SomeChanged tells which were edited since they were seen: then nothing was confirmed.
    """
    changed, count = [], 0
    for one in sorted(chosen, key=lambda one: one.row.key):  # in one order for everybody: no two wait for each other
        try:
            confirm(one.row.thing, by=by, show_name=show_name, version=one.version, request=request)
            count += 1
        except ChangedMeanwhile:
            one.row.changes = changes_since(one.row.thing, one.version)
            changed.append(one.row)
    if changed:
        raise SomeChanged(changed)
    return count


def changes_since(thing: Thing, version: str) -> list[Any]:
    """What was edited after the state that the stamp stands for, as the history tells it."""
    moment = seen_at(version)
    return history.since(thing, moment) if moment else []


def claim_words(person: User, rows: Iterable[Asked]) -> list[str]:
    """As whom the public pages are going to name the person: “Espoon seurakunta, diakoniatyöntekijä”."""
    own = own_memberships(person)
    return list(dict.fromkeys(str(nearest(own, row.thing)) for row in rows if row.can_be_confirmed))


# The link in a mail ---------------------------------------------------------------------------------------------------


def rows_of(request: ConfirmationRequest, network: Network) -> list[Asked]:
    """What the mail named, as it is now. What is no longer public or no longer the person's is told in its state."""
    services = services_with_facts(request.services.order_by("sort_name", "pk"))
    organisations = organisations_with_facts(request.organisations.order_by("sort_name", "pk"))
    own = set(Organisation.objects.editable_by(request.person).values_list("pk", flat=True))
    things: list[Thing] = [*services, *organisations]
    rows = [asked(thing, network) for thing in things]
    for row in rows:
        thing = row.thing
        body = thing.organisation_id if isinstance(thing, Service) else thing.pk
        if body not in own:
            row.state = "not-yours"
        elif not is_public(thing):
            row.state = "archived"
        elif thing.confirmed_at and thing.confirmed_at > request.created_at:
            row.state = "confirmed"
    return rows


def may_answer(person: User) -> bool:
    """The link's person still has an account, and keeps something right."""
    return person.is_active and (person.is_coordinator or permissions.is_editor(person))


@transaction.atomic
def answer(request: ConfirmationRequest, chosen: Iterable[Chosen], *, show_name: bool = False) -> int | None:
    """Use the link: once, whoever opens it. None when it was used, revoked or has expired.

    SomeChanged leaves the link as it was.
    """
    if not ConfirmationRequest.objects.open().filter(pk=request.pk).update(used_at=timezone.now()):
        return None
    with written(by=request.person, how=LINK):
        return confirm_chosen(chosen, by=request.person, show_name=show_name, request=request)


def confirmed_by(request: ConfirmationRequest) -> list[Thing]:
    """What was confirmed when the link was used."""
    found = request.confirmations.select_related("service", "organisation")
    return [thing for one in found if (thing := one.service or one.organisation)]
