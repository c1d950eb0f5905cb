"""The catalogue's queries, in the words of the network."""

import datetime as dt
from enum import IntEnum
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from network.models import Network, Organisation
from network.models.confirmable import due_before, due_condition, hidden_before, late_before
from network.models.organisation import sector_condition

from ..facts import ACCESS_FACTS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

    from ..search import Understood
    from .service import Service  # noqa: F401 – named in a string below


ADULT = 18
DISTANT_CHANNELS = ("phone", "online", "chat")


class Reach(IntEnum):
    """How near a service comes, nearest first."""

    THERE = 0  # in named municipalities
    REGION = 1  # in the whole region
    DISTANT = 2  # online or by telephone alone
    OUTSIDE = 3  # outside the region


class ServiceQuerySet(models.QuerySet["Service"]):
    def published(self) -> "ServiceQuerySet":
        return self.filter(published_at__isnull=False, archived_at__isnull=True)

    def drafts(self) -> "ServiceQuerySet":
        """Not published and not archived."""
        return self.filter(published_at__isnull=True, archived_at__isnull=True)

    def archived(self) -> "ServiceQuerySet":
        return self.filter(archived_at__isnull=False)

    def due(self, network: Network, now: dt.datetime | None = None) -> "ServiceQuerySet":
        """Published and to be confirmed: never confirmed, or too long ago."""
        return self.published().filter(due_condition(network, now))

    def late(self, network: Network, now: dt.datetime | None = None) -> "ServiceQuerySet":
        """On the coordinator's list. What was never confirmed is late as long after its publication."""
        before = late_before(network, now or timezone.now())
        return self.published().filter(
            Q(confirmed_at__lt=before) | Q(confirmed_at__isnull=True, published_at__lt=before)
        )

    def out_of_search(self, network: Network, now: dt.datetime | None = None) -> "ServiceQuerySet":
        """Confirmed once and then so long ago that nobody may trust it, unless somebody keeps it in search.

        What was never confirmed stays: a new network's starting data would vanish otherwise.
        """
        return self.published().filter(self.old_condition(network, now))

    @staticmethod
    def old_condition(network: Network, now: dt.datetime | None = None) -> Q:
        """What `out_of_search` asks of a published listing."""
        return Q(confirmed_at__lt=hidden_before(network, now or timezone.now()), kept_in_search=False)

    def in_search(self, network: Network, now: dt.datetime | None = None) -> "ServiceQuerySet":
        """Published and not out of search (see there)."""
        before = hidden_before(network, now or timezone.now())
        return self.published().filter(
            Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=before) | Q(kept_in_search=True)
        )

    def with_freshness(self, network: Network) -> "ServiceQuerySet":
        """Annotated with `freshness_now`: `fresh`, `due` or `none`, as `Service.freshness` tells of one."""
        return self.annotate(
            freshness_now=models.Case(
                models.When(confirmed_at__isnull=True, then=models.Value("none")),
                models.When(confirmed_at__lt=due_before(network, timezone.now()), then=models.Value("due")),
                default=models.Value("fresh"),
                output_field=models.CharField(),
            )
        )

    def without_contact(self) -> "ServiceQuerySet":
        """Where the public page has no way to reach anyone: no contact that all may see of the service, of its places
        or of those who offer it, and no website of these either (see `Organisation.nearest_website`)."""
        from .contact import Contact

        public = Contact.objects.public()
        websites = Q(website__gt="") | Q(parent__website__gt="") | Q(parent__parent__website__gt="")
        reachable = Organisation.objects.filter(websites | Exists(public.filter(organisation=OuterRef("pk"))))
        return self.filter(
            ~Exists(public.filter(service=OuterRef("pk"))),
            ~Exists(public.filter(place__service=OuterRef("pk"), place__confidential=False)),
            ~Exists(reachable.filter(pk=OuterRef("organisation"))),
            ~Exists(self._rows("producers").filter(organisation__in=reachable.values("pk"))),
        )

    def visible_to(self, user: "User | AnonymousUser") -> "ServiceQuerySet":
        """What is published; beside it an editor's own drafts and, for a coordinator, everything."""
        if not user.is_authenticated:
            return self.published()
        if user.is_coordinator:
            return self
        own = list(Organisation.objects.editable_by(user).values_list("pk", flat=True))
        if not own:
            return self.published()
        return self.filter(Q(published_at__isnull=False, archived_at__isnull=True) | Q(organisation__in=own))

    def in_municipality(self, code: str) -> "ServiceQuerySet":
        """What a person living there may use: there, in the whole region, or from a distance – in that order of `reach`."""
        return self.with_reach().filter(facets__codes__overlap=[f"municipality={code}", "municipality="])

    def with_reach(self) -> "ServiceQuerySet":
        """Annotated with `reach` (see `Reach`): by how near a service comes to the one who asks."""
        return self.annotate(reach=F("facets__reach"))

    def matching(self, words: str) -> "ServiceQuerySet":
        """Those that answer the words, as `services.search` understands them. Annotated with `rank`."""
        from ..search.steps import answer

        return answer(self, words).services

    def annotate_rank(self, asked: "Understood", values: list[float]) -> "ServiceQuerySet":
        """Annotated with `rank`: how well each answers what is asked, given what each thing asked for is worth; and with
        `whole`: whether it answers all of it."""
        from ..search.ranking import Score, Whole

        return self.annotate(rank=Score(asked, values), whole=Whole(asked))

    def none_ranked(self) -> "ServiceQuerySet":
        return self.none().annotate(rank=models.Value(0.0), whole=models.Value(False))

    def of_type(self, *codes: str) -> "ServiceQuerySet":
        further = self._rows("further_types").filter(servicetype__code__in=codes)
        return self.filter(Q(main_type__code__in=codes) | Exists(further))

    def of_organisation(self, *slugs: str) -> "ServiceQuerySet":
        """Responsible or producing."""
        produced = self._rows("producers").filter(organisation__slug__in=slugs)
        return self.filter(Q(organisation__slug__in=slugs) | Exists(produced))

    def in_sector(self, *sectors: str) -> "ServiceQuerySet":
        """Responsible or producing organisation stands in one of the sectors."""
        producers = self._rows("producers").filter(sector_condition(sectors, "organisation__"))
        return self.filter(sector_condition(sectors, "organisation__") | Exists(producers))

    def for_age(self, age: int) -> "ServiceQuerySet":
        """Not known to be for others; what is said to be for adults alone is not for somebody under 18.

        Annotated with `age_is_told`, for those whose ages are known first.
        """
        told = Q(min_age__isnull=False) | Q(max_age__isnull=False)
        fitting = self.filter(
            Q(min_age__isnull=True) | Q(min_age__lte=age), Q(max_age__isnull=True) | Q(max_age__gte=age)
        ).annotate(age_is_told=models.Case(models.When(told, then=True), default=False))
        if age >= ADULT:
            return fitting
        audiences = self._rows("audiences")
        only_adults = Exists(audiences.filter(audience__code="adults")) & ~Exists(
            audiences.exclude(audience__code="adults")
        )
        return fitting.exclude(only_adults & ~told)

    def with_access(self, *codes: str) -> "ServiceQuerySet":
        """Only where every fact is known to be so: “not known” never matches."""
        known = {fact.code: fact.field for fact in ACCESS_FACTS}
        return self.filter(**{known[code]: True for code in codes if code in known})

    def without_access_denied(self, *codes: str) -> "ServiceQuerySet":
        """Where none of the facts is known to be otherwise: yes or not known."""
        known = {fact.code: fact.field for fact in ACCESS_FACTS}
        for code in codes:
            if code in known:
                self = self.filter(Q(**{known[code]: True}) | Q(**{f"{known[code]}__isnull": True}))
        return self

    def described_by(self, relation: str, *codes: str) -> "ServiceQuerySet":
        """Has one of the terms in the many-to-many relation, such as `audiences`."""
        term = self._relation(relation).m2m_reverse_field_name()
        return self.filter(Exists(self._rows(relation).filter(**{f"{term}__code__in": codes})))

    def _relation(self, name: str) -> "models.ManyToManyField[Any, Any]":
        return cast("models.ManyToManyField[Any, Any]", self.model._meta.get_field(name))

    def _rows(self, relation: str) -> models.QuerySet[Any]:
        """A service's rows of a many-to-many relation, for Exists."""
        through = cast(type[models.Model], self._relation(relation).remote_field.through)
        return through._default_manager.filter(service=OuterRef("pk"))

    def open_at(self, moment: dt.datetime) -> "ServiceQuerySet":
        from .. import hours

        return self.filter(hours.open_condition(moment))

    def for_listing(self) -> "ServiceQuerySet":
        """With all that a hit shows, in a number of queries that does not grow with the hits; nothing confidential."""
        from .place import ServicePlace
        from .times import OpeningException, OpeningHours

        return self.select_related("organisation__parent__parent", "main_type").prefetch_related(
            "municipalities",
            "channels",
            "contacts",
            "organisation__contacts",
            models.Prefetch("producers", Organisation.objects.select_related("parent__parent")),
            models.Prefetch("places", ServicePlace.objects.filter(confidential=False)),
            "places__contacts",
            models.Prefetch("opening_hours", OpeningHours.objects.at_public_places()),
            models.Prefetch("opening_exceptions", OpeningException.objects.at_public_places()),
            "texts",
        )
