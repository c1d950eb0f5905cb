"""The vocabularies of organisations: kinds of units, and what may be asked about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.finnish import finnish_order_field
from network.translated import Translated


class UnitType(Translated, models.Model):
    """What kind of unit an organisation is: a combined mental-health and substance unit, a library, a school …"""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("unit type")
        verbose_name_plural = _("unit types")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.local_name


class Competence(Translated, models.Model):
    """Something an organisation or a person knows and others may ask about."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    sort_name = finnish_order_field("name")

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ("sort_name",)

    def __str__(self) -> str:
        return self.local_name
