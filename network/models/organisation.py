import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from network import succession
from network.finnish import finnish_order_field
from network.transitions import move
from network.translated import Translated

from .confirmable import Confirmable, due_condition
from .municipality import Municipality
from .organisation_terms import Competence, UnitType

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .network import Network
    from .user import User

# Words that are addresses of their own under /verkosto/ and are never given out as slugs.
RESERVED_SLUGS = frozenset({"kartta", "kattavuus", "liity", "haku", "uusi", "auttaa", "yhteys", "pelisaannot"})


class Sector(models.TextChoices):
    PUBLIC = "public", _("Public services")
    NGO = "ngo", _("Associations and foundations")
    PARISH = "parish", _("Parishes")
    PRIVATE = "private", _("Private companies")
    OTHER = "other", _("Others")


class OrganisationQuerySet(TreeQuerySet):
    def active(self, on: dt.date | None = None) -> "OrganisationQuerySet":
        """Working on the day (default today) and not merged into another."""
        on = on or timezone.localdate()
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=on),
            Q(active_until__isnull=True) | Q(active_until__gte=on),
            merged_into__isnull=True,
        )

    def in_sector(self, *sectors: str) -> "OrganisationQuerySet":
        """A project counts as its parent does, up to two projects deep."""
        return self.filter(sector_condition(sectors))

    def due(self, network: "Network", now: dt.datetime | None = None) -> "OrganisationQuerySet":
        """Working, and to be confirmed: never confirmed, or too long ago."""
        return self.active().filter(due_condition(network, now))

    def without_editor(self) -> "OrganisationQuerySet":
        """Neither it nor any body above it has somebody who keeps its details right. Two queries more."""
        from .membership import Membership

        parents = dict(self.model.objects.values_list("pk", "parent"))
        editors = Membership.objects.current().filter(is_editor=True, person__is_active=True)
        kept = set(editors.values_list("organisation", flat=True))
        return self.exclude(pk__in=[pk for pk in parents if not kept.isdisjoint(above(pk, parents))])

    def for_listing(self) -> "OrganisationQuerySet":
        """With what a row of the directory shows; the sector of a project needs its parents."""
        return self.select_related("municipality", "unit_type", "parent__parent").prefetch_related(
            "municipalities_served"
        )

    def editable_by(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Own organisations and all their units; everything for a coordinator."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_coordinator else self.kept_by(user)

    def kept_by(self, user: "User") -> "OrganisationQuerySet":
        """Those that the person is an editor of, and all their units."""
        own = user.memberships.current().filter(is_editor=True).values_list("organisation", flat=True)
        return self.filter(pk__in=with_units(own))


def with_units(bodies: Iterable[int | None]) -> set[int]:
    """The bodies and all their units: one query per level of the tree, and trees here are three or four levels deep."""
    wanted: set[int] = set()
    frontier = {pk for pk in bodies if pk is not None}
    while frontier:
        wanted |= frontier
        frontier = set(Organisation.objects.filter(parent__in=frontier).values_list("pk", flat=True)) - wanted
    return wanted


def above(pk: int, parents: dict[int, int | None]) -> list[int]:
    """The body and all those above it, by a table of parents; also where the table runs in a circle."""
    line: list[int] = []
    step: int | None = pk
    while step is not None and step not in line:
        line.append(step)
        step = parents.get(step)
    return line


class Organisation(Translated, Confirmable, TreeNode):
    """A body or a unit of one: county → service area → unit. Names of kinds as in the exchange format."""

    class Kind(models.TextChoices):
        WELLBEING_COUNTY = "wellbeing-county", _("Wellbeing services county")
        MUNICIPALITY = "municipality", _("Municipality")
        PARISH = "parish", _("Parish")
        ASSOCIATION = "association", _("Association")
        FOUNDATION = "foundation", _("Foundation")
        COMPANY = "company", _("Company")
        STATE = "state", _("State authority")
        PROJECT = "project", _("Project")
        OTHER = "other", _("Other body")

    class Reach(models.TextChoices):
        LOCAL = "local", _("Local or regional")
        NATIONAL = "national", _("National")
        UNKNOWN = "unknown", _("Not known")

    class Meets(models.TextChoices):
        USERS = "users", _("People who use substances")
        CLOSE_ONES = "close-ones", _("Close ones")
        BOTH = "both", _("People who use substances and their close ones")
        UNKNOWN = "unknown", _("Not known")

    # Deleting a body must not take its units and their people with it.
    parent = TreeNodeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=150)
    name_sv = models.CharField(_("name in Swedish"), max_length=150, blank=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    unit_type = models.ForeignKey(
        UnitType, models.SET_NULL, null=True, blank=True, related_name="organisations", verbose_name=_("unit type")
    )
    reach = models.CharField(_("local or national"), max_length=10, choices=Reach.choices, default=Reach.UNKNOWN)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("home municipality"),
    )
    municipalities_served = models.ManyToManyField(
        Municipality, blank=True, related_name="serving_organisations", verbose_name=_("municipalities served")
    )
    meets = models.CharField(_("whom it meets"), max_length=10, choices=Meets.choices, default=Meets.UNKNOWN)
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="organisations", verbose_name=_("competences")
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    description_sv = models.TextField(_("description in Swedish"), max_length=5000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=5000, blank=True)
    what_we_do = models.TextField(_("what we do"), max_length=2000, blank=True)
    what_we_do_not = models.TextField(_("what we do not do"), max_length=2000, blank=True)
    how_to_refer = models.TextField(_("how people are guided to us"), max_length=2000, blank=True)
    ask_us = models.TextField(_("ask us about"), max_length=2000, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("active until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("merged into")
    )
    sources = models.TextField(_("sources"), blank=True, help_text=_("Where the facts come from, one a line."))
    is_trusted = models.BooleanField(
        _("trusted"), default=False, help_text=_("What its editors change is published at once, without review.")
    )
    confirmed_organisation = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed for")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    sort_name = finnish_order_field("name")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("sort_name", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_organisation_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="an_organisation_is_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="an_organisation_is_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(active_until__gte=F("active_from")), name="an_organisation_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="an_organisation_takes_no_reserved_address",
                violation_error_message=_("This address is used by another page."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["sort_name", "id"], name="organisation_by_name"),
            models.Index(fields=["kind"], name="organisation_by_kind"),
        ]

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        return reverse("organisation_detail", args=[self.slug])

    @property
    def sector(self) -> Sector:
        """A project's sector is its parent's; select `parent__parent` to ask for many."""
        body: Organisation | None = self
        for _depth in range(PROJECTS_DEEP):
            if body is None or body.kind != self.Kind.PROJECT:
                break
            body = body.parent
        return SECTOR_OF_KIND.get(body.kind, Sector.OTHER) if body else Sector.OTHER

    @property
    def successor(self) -> "Organisation | None":
        """What it was merged into, and that into, to the end; None when it stands or the mergers run in a circle."""
        seen, body = {self.pk}, self.merged_into
        while body is not None and body.merged_into is not None and body.pk not in seen:
            seen.add(body.pk)
            body = body.merged_into
        return None if body is None or body.pk in seen else body

    def merge_into(
        self, other: "Organisation", *, by: "User | None", editors_stay: bool = False, on: dt.date | None = None
    ) -> None:
        """End this organisation on the day (default today) and let the other take its place.

        What is alive moves to the other and this one's address leads there: see `network.succession`. With
        `editors_stay` its editors edit the other too; else they stand for it without that right. ValidationError with
        the reason when it cannot be.
        """
        succession.merge(self, other, by=by, editors_stay=editors_stay, on=on or timezone.localdate())

    @transaction.atomic
    def close(self, *, by: "User | None", reason: str) -> None:
        """Take its page out of use: yesterday was its last day. The reason is for the coordinator, in the event.

        InvalidTransition when it is out of use already. Whoever asks sees first that nothing of it is still in use.
        """
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        last = max(yesterday, self.active_from) if self.active_from else yesterday
        refusal = _("This organisation is not in use any more.")
        working = Organisation.objects.active()
        now = timezone.now()
        move(self, to="closed", allowed=working, refusal=refusal, by=by, note=reason, active_until=last, updated_at=now)

    @transaction.atomic
    def reopen(self, *, by: "User | None") -> None:
        """Bring its page back. InvalidTransition when it is in use, or part of another organisation now."""
        ended = Organisation.objects.filter(active_until__isnull=False, merged_into__isnull=True)
        refusal = _("This organisation is in use, or has become part of another one.")
        move(self, to="reopened", allowed=ended, refusal=refusal, by=by, active_until=None, updated_at=timezone.now())

    @property
    def nearest_website(self) -> str:
        """Its own website, or that of a body above it; select `parent__parent` to ask for many."""
        area = self.parent
        above = area.parent if area else None
        return self.website or (area.website if area else "") or (above.website if above else "")

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        started = self.active_from is None or self.active_from <= today
        return started and (self.active_until is None or self.active_until >= today) and self.merged_into_id is None


PROJECTS_DEEP = 2  # how many projects, one under the other, take their sector from above

SECTOR_OF_KIND: dict[str, Sector] = {
    Organisation.Kind.WELLBEING_COUNTY: Sector.PUBLIC,
    Organisation.Kind.MUNICIPALITY: Sector.PUBLIC,
    Organisation.Kind.STATE: Sector.PUBLIC,
    Organisation.Kind.ASSOCIATION: Sector.NGO,
    Organisation.Kind.FOUNDATION: Sector.NGO,
    Organisation.Kind.PARISH: Sector.PARISH,
    Organisation.Kind.COMPANY: Sector.PRIVATE,
}


def sector_condition(sectors: "tuple[str, ...] | list[str]", prefix: str = "") -> Q:
    """A condition on an organisation (or, with a prefix such as `organisation__`, on what hangs on one)."""
    kinds = [kind for kind, sector in SECTOR_OF_KIND.items() if sector in sectors]
    project, others = Organisation.Kind.PROJECT, Organisation.Kind.OTHER
    condition = Q()
    for depth in range(PROJECTS_DEEP + 1):
        at = prefix + "parent__" * depth
        projects_below = Q(**{f"{prefix}{'parent__' * level}kind": project for level in range(depth)})
        condition |= projects_below & Q(**{f"{at}kind__in": kinds})
        if Sector.OTHER in sectors:
            condition |= projects_below & Q(**{f"{at}kind": others})
            ended = Q() if depth == PROJECTS_DEEP else Q(**{f"{at}parent__isnull": True})
            condition |= projects_below & Q(**{f"{at}kind": project}) & ended
    return condition


slug_validator = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", _("Use small letters a–z, figures and hyphens."))
