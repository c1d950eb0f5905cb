"""*Omat palvelut*: what an editor keeps right, by organisation, with what is to be done about each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Network, Organisation, User

from . import editing
from .addresses import free_slug
from .catalogue import csv_head, csv_rows
from .changes import telling
from .completeness import Completeness, of_organisation, of_service
from .confirming import version_of
from .exchange.describing import describe, fetched
from .exchange.keys import Keys
from .exchange.planning import Change
from .exchange.problems import Problems, Spot
from .exchange.shapes import ORGANISATION, SERVICE
from .exchange.writing import write
from .models import ProposedEdit, Service

ALIKE = 0.45  # similarity of two names, from 0 to 1, from which on somebody is asked whether they are the same
ALIKE_BODIES = 0.6  # of organisations: many are named after one region


@dataclass
class OwnService:
    service: Service
    completeness: Completeness
    state: str  # draft, published, archived
    freshness: str  # fresh, due, none
    waiting: list[ProposedEdit] = field(default_factory=list)
    rejected: list[ProposedEdit] = field(default_factory=list)

    @property
    def version(self) -> str:
        """What a confirmation vouches for."""
        return version_of(self.service)

    @property
    def key(self) -> str:
        """What it is called in a form that confirms (see `asking.Asked`)."""
        return f"s{self.service.pk}"

    @property
    def group(self) -> str:
        """Where it stands in the list: what is to be done comes first."""
        if self.state == "archived":
            return "archived"
        if self.rejected:
            return "rejected"
        if self.waiting:
            return "waiting"
        if self.state == "draft":
            return "draft"
        return "published" if self.freshness == "fresh" else "due"


@dataclass
class OwnOrganisation:
    organisation: Organisation
    completeness: Completeness
    services: list[OwnService]
    freshness: str  # of its own page: fresh, due, none
    waiting: list[ProposedEdit] = field(default_factory=list)
    rejected: list[ProposedEdit] = field(default_factory=list)

    @property
    def version(self) -> str:
        """What a confirmation of its own page vouches for."""
        return version_of(self.organisation)

    @property
    def key(self) -> str:
        return f"o{self.organisation.pk}"

    @property
    def groups(self) -> list[tuple[str, list[OwnService]]]:
        found: dict[str, list[OwnService]] = {name: [] for name in GROUPS}
        for one in self.services:
            found[one.group].append(one)
        return [(name, rows) for name, rows in found.items() if rows]


GROUPS = ("due", "rejected", "waiting", "draft", "published", "archived")


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Where the person is an editor, with the units below. (A coordinator may edit all, and has a desk for that.)"""
    return Organisation.objects.kept_by(user).filter(merged_into__isnull=True)


def own_organisations(user: User, network: Network) -> list[OwnOrganisation]:
    """In a number of queries that does not grow with the listings."""
    bodies = list(organisations_of(user).select_related("parent").order_by("sort_name", "pk"))
    services = fetched(Service.objects.filter(organisation__in=bodies).order_by("sort_name", "pk"))
    keys = Keys()
    pages, pictures = describe(ORGANISATION, bodies, keys), describe(SERVICE, services, keys)
    mine = _latest_proposals(user, bodies)
    rows: dict[int | None, list[OwnService]] = defaultdict(list)
    by_pk = {body.pk: body for body in bodies}
    for service in services:
        assert isinstance(service, Service)  # noqa: S101
        service.organisation = by_pk[service.organisation_id]  # type: ignore[index]
        state = "archived" if service.archived_at else "published" if service.published_at else "draft"
        waiting, rejected = mine["service", service.pk]
        row = OwnService(
            service, of_service(pictures[service.pk]), state, service.freshness(network), waiting, rejected
        )
        rows[service.organisation_id].append(row)
    return [
        OwnOrganisation(
            body,
            of_organisation(pages[body.pk]),
            rows[body.pk],
            body.freshness(network),
            *mine["organisation", body.pk],
        )
        for body in bodies
    ]


def _latest_proposals(
    user: User, bodies: list[Organisation]
) -> dict[tuple[str, int], tuple[list[ProposedEdit], list[ProposedEdit]]]:
    """Of each thing: what waits (of all editors), and the person's own last text when that was not approved."""
    found: dict[tuple[str, int], tuple[list[ProposedEdit], list[ProposedEdit]]] = defaultdict(lambda: ([], []))
    about = ProposedEdit.objects.filter(Q(service__organisation__in=bodies) | Q(organisation__in=bodies))
    newest: dict[tuple[str, int], ProposedEdit] = {}
    for proposal in about.defer("base", "record").select_related("author").order_by("submitted_at", "pk"):
        key = ("service", proposal.service_id) if proposal.service_id else ("organisation", proposal.organisation_id)
        if proposal.is_pending:
            found[key][0].append(proposal)  # type: ignore[index]
        if proposal.author_id == user.pk:
            newest[key] = proposal  # type: ignore[index]
    for key, proposal in newest.items():
        if proposal.status == ProposedEdit.Status.REJECTED:
            found[key][1].append(proposal)
    return found


# New ones -----------------------------------------------------------------------------------------------------------


def alike(name: str, organisation: Organisation | None, *, besides: int = 0) -> QuerySet[Service]:
    """Listings with nearly the same name: of the same organisation, or known to everybody in its municipality."""
    near = Q(organisation=organisation)
    if organisation and organisation.municipality_id:
        town = organisation.municipality_id
        near |= Q(published_at__isnull=False) & (Q(municipalities=town) | Q(organisation__municipality=town))
    services = Service.objects.filter(near, archived_at__isnull=True).exclude(pk=besides)
    likeness = Greatest(TrigramSimilarity("name", name), TrigramSimilarity("texts__name", name))
    return (
        services.select_related("organisation")
        .annotate(likeness=likeness)
        .filter(likeness__gte=ALIKE)
        .order_by("-likeness", "pk")
        .distinct()
    )


def alike_bodies(name: str, body: Organisation) -> QuerySet[Organisation]:
    """Other organisations with nearly the same name. Its own units and what is above them are named alike on purpose."""
    kin = {body.pk, *body.ancestors().values_list("pk", flat=True), *body.descendants().values_list("pk", flat=True)}
    near = Organisation.objects.active().exclude(pk__in=kin).select_related("municipality")
    likeness = TrigramSimilarity("name", name)
    return near.annotate(likeness=likeness).filter(likeness__gte=ALIKE_BODIES).order_by("-likeness", "pk")


@transaction.atomic
def duplicate(service: Service) -> Service:
    """A draft with the same content and of the same organisation, under another name."""
    keys = Keys()
    record = editing.record_of(service, keys)
    name = _("%(name)s (copy)") % {"name": record["name"][:80]}
    row = SERVICE.defaults | record | {"name": name, "slug": free_slug(name), "ptv_id": None}
    row["organisation"] = keys.key(Organisation, service.organisation_id)
    change = Change("", Spot(Problems(""), ""), row, row)
    write(SERVICE, [change], keys)
    return Service.objects.get(pk=change.made.pk)


# The organisation's own page ------------------------------------------------------------------------------------------


def still_in_use(organisation: Organisation) -> str:
    """Why its page cannot be taken out of use yet; empty when it can."""
    if Service.objects.published().filter(organisation=organisation).exists():
        return _("It has published services. Archive them first, or move them to another unit.")
    if Organisation.objects.active().filter(parent=organisation).exists():
        return _("It has units that are in use. Archive their pages first.")
    return ""


@transaction.atomic
def close(organisation: Organisation, *, by: User, reason: str) -> None:
    """ValidationError, with the words for a person, when something of it is in use or it is closed already."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if refusal := still_in_use(organisation):
        raise ValidationError(refusal)
    organisation.close(by=by, reason=reason)


# Moving and room ----------------------------------------------------------------------------------------------------


def units_for(service: Service, user: User) -> list[Organisation]:
    """Where the editor may move it: her other units, but none that would let a newcomer publish without review."""
    bodies: Any = Organisation.objects.editable_by(user) if user.is_coordinator else organisations_of(user)
    units = (
        bodies.active().exclude(pk=service.organisation_id).select_related("parent__parent").order_by("sort_name", "pk")
    )
    trusted = editing.may_publish(user, service)
    return [unit for unit in units if trusted or not editing.is_trusted(unit)]


@transaction.atomic
def move_to(service: Service, unit: Organisation) -> None:
    """Another unit is responsible from now on; it does not produce the service beside itself."""
    locked = editing.lock(service)
    with telling(locked.pk):
        locked.producers.remove(unit)
        Service.objects.filter(pk=locked.pk).update(organisation=unit, updated_at=timezone.now())


def tell_capacity(service: Service, capacity: str) -> None:
    """How much room there is today, or that it is not told. Seen at once: it is a fact of the day, not a text."""
    if capacity and capacity not in Service.Capacity.values:
        raise ValidationError(_("Choose how much room there is."))
    on = timezone.localdate() if capacity else None
    Service.objects.filter(pk=service.pk).update(capacity=capacity, capacity_on=on, updated_at=timezone.now())


# For a spreadsheet ----------------------------------------------------------------------------------------------------


def csv_table(user: User, network: Network) -> Iterator[list[str]]:
    """Head and rows: as the public table, with the state, how much is told, and how much room there is."""
    yield [*csv_head(), _("State"), _("Parts told"), _("Waits for review"), _("Room"), _("Room as of")]
    own = {row.service.pk: row for body in own_organisations(user, network) for row in body.services}
    services: Iterable[Any] = (
        Service.objects.filter(pk__in=own).for_listing().order_by("organisation__sort_name", "sort_name", "pk")
    )
    services = list(services)
    states = {"draft": _("Draft"), "published": _("Published"), "archived": _("Archived")}
    for service, cells in zip(services, csv_rows(services, network), strict=True):
        row = own[service.pk]
        yield [
            *cells,
            states[row.state],
            f"{row.completeness.done} / {row.completeness.of}",
            _("Yes") if row.waiting else _("No"),
            service.get_capacity_display(),
            service.capacity_on.isoformat() if service.capacity_on else "",
        ]
