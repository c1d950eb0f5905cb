from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import Municipality, Organisation

from .service import Service


class ServicePlace(models.Model):
    """Where a service is given. An address is never required; a confidential place reaches editors only."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="places", verbose_name=_("service"))
    name = models.CharField(_("name of the place"), max_length=150, blank=True)
    premises_of = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("premises of"),
        help_text=_("When the place belongs to another organisation, such as a library."),
    )  # fmt: skip
    street_address = models.CharField(_("street address"), max_length=150, blank=True)
    postcode = models.CharField(
        _("postcode"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", _("A postcode has five figures."))],
    )
    post_office = models.CharField(_("post office"), max_length=60, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_places",
        verbose_name=_("municipality"),
    )
    accessibility = models.TextField(_("accessibility of the premises"), max_length=1000, blank=True)
    how_to_come = models.TextField(_("how to come"), max_length=1000, blank=True)
    confidential = models.BooleanField(
        _("confidential"), default=False, help_text=_("Shown to the listing's editors only.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(street_address="") | Q(premises_of__isnull=False) | Q(municipality__isnull=False),
                name="a_place_is_told_somehow", violation_error_message=_("Give a name, an address, premises or a municipality."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.street_address or str(self.premises_of or self.municipality or "")
