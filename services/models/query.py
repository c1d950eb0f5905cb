"""The catalogue's queries, in the words of the network."""

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from network.models.organisation import sector_condition

from ..facts import ACCESS_FACTS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

    from .service import Service  # noqa: F401 – named in a string below


DISTANT_CHANNELS = ("phone", "online", "chat")


class Reach(models.IntegerChoices):
    """How a service serves a place, nearest first: in named municipalities, in the whole region, only from a distance."""

    THERE = 0, _("In the municipality")
    REGION = 1, _("Whole region")
    DISTANT = 2, _("Online or by telephone")


class ServiceQuerySet(models.QuerySet["Service"]):
    def published(self) -> "ServiceQuerySet":
        return self.filter(published_at__isnull=False, archived_at__isnull=True)

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
        places = self._rows("municipalities")
        return self.with_reach().filter(Exists(places.filter(municipality=code)) | ~Exists(places))

    def with_reach(self) -> "ServiceQuerySet":
        """Annotated with `reach` (see `Reach`): by how near a service comes to the one who asks."""
        bounded, channels = Exists(self._rows("municipalities")), self._rows("channels")
        near = Exists(channels.exclude(channel__code__in=DISTANT_CHANNELS))
        return self.annotate(
            reach=models.Case(
                models.When(bounded, then=Reach.THERE.value),
                models.When(near | ~Exists(channels), then=Reach.REGION.value),
                default=Reach.DISTANT.value,
                output_field=models.SmallIntegerField(),
            )
        )

    def matching(self, words: str) -> "ServiceQuerySet":
        """All the words, in Finnish full text, or the name of an organisation or a type; annotated with `rank`."""
        query = SearchQuery(words, config="finnish", search_type="websearch")
        named = Q(organisation__name__icontains=words) | Q(main_type__name__icontains=words)
        return self.filter(Q(search=query) | named).annotate(rank=SearchRank(F("search"), query))

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
        return self.filter(Q(min_age__isnull=True) | Q(min_age__lte=age), Q(max_age__isnull=True) | Q(max_age__gte=age))

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
        """With all that a hit shows, in a number of queries that does not grow with the hits."""
        return self.select_related("organisation", "main_type").prefetch_related(
            "municipalities",
            "channels",
            "contacts",
            "organisation__contacts",
            "opening_hours",
            "opening_exceptions",
            "texts",
        )
