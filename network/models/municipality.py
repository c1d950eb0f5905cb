from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.finnish import finnish_order_field
from network.translated import Translated


class WellbeingCounty(Translated, models.Model):
    """A wellbeing services county, by its national two-digit code (code list hyvinvointialue_1_20211013)."""

    code = models.CharField(_("code"), max_length=2, primary_key=True, validators=[RegexValidator(r"^\d{2}$")])
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("wellbeing services county")
        verbose_name_plural = _("wellbeing services counties")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.local_name


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def in_region(self) -> "MunicipalityQuerySet":
        """Municipalities of the network's own county."""
        return self.filter(county__networks__isnull=False)


class Municipality(Translated, models.Model):
    """A municipality, by its official three-digit code (code list kunta_1_20230101)."""

    code = models.CharField(_("code"), max_length=3, primary_key=True, validators=[RegexValidator(r"^\d{3}$")])
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name_in = models.CharField(
        _("name in “in the municipality of …” form"),
        max_length=100,
        blank=True,
        help_text=_("Finnish inessive or adessive, for headings."),
    )
    county = models.ForeignKey(
        WellbeingCounty, models.PROTECT, related_name="municipalities", verbose_name=_("wellbeing services county")
    )
    sort_name = finnish_order_field("name")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ("sort_name",)

    def __str__(self) -> str:
        return self.local_name

    @property
    def in_words(self) -> str:
        """“Espoossa”, “i Esbo”, “in Espoo”."""
        match get_language():
            case "sv":
                return f"i {self.local_name}"
            case "en":
                return f"in {self.local_name}"
        return self.name_in or self.name
