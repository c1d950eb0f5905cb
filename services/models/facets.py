"""What filters and suggestions look up instead of going through relations. The database keeps it: see migration
`facets` and decision 0175. Nobody else writes these rows."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import Organisation

from .service import Service


class ServiceFacets(models.Model):
    """All of a service that a filter asks for, as “filter=code” of the catalogue's address.

    An access fact stands as `access=free`, one that is not known as `access=free?`; a service of the whole region has
    `municipality=` without a code.
    """

    is_made_of_others = True  # no page of deletion speaks of it

    service = models.OneToOneField(
        Service, models.CASCADE, primary_key=True, related_name="facets", verbose_name=_("service")
    )
    codes = ArrayField(models.TextField(), verbose_name=_("facts"))
    reach = models.SmallIntegerField(_("how near it comes"))

    class Meta:
        verbose_name = _("facts of a service")
        verbose_name_plural = _("facts of services")
        default_permissions = ()
        indexes = [GinIndex(fields=["codes"], name="facets_by_code")]

    def __str__(self) -> str:
        return ", ".join(self.codes)


class SearchStart(models.Model):
    """A name from one of its words on, in plain small letters: what somebody may begin to type."""

    is_made_of_others = True  # no page of deletion speaks of it

    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="+", verbose_name=_("service"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="+", verbose_name=_("organisation")
    )
    starts = models.TextField(_("beginning"), db_collation="C")  # an index in byte order serves LIKE

    class Meta:
        verbose_name = _("beginning of a name")
        verbose_name_plural = _("beginnings of names")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=True) ^ Q(organisation__isnull=True),
                name="a_beginning_is_of_one_name",
            )
        ]
        indexes = [
            models.Index(fields=["starts"], name="starts_of_services", condition=Q(service__isnull=False)),
            models.Index(fields=["starts"], name="starts_of_organisations", condition=Q(organisation__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.starts


def refill() -> None:
    """Make all rows anew: after bulk work that went around the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT services_fill_facets(NULL), services_fill_starts(NULL), services_fill_organisations(NULL)"
        )
        cursor.execute("ANALYZE services_servicefacets")
        cursor.execute("ANALYZE services_searchstart")
