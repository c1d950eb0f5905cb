from django.db import models
from django.utils.translation import gettext_lazy as _

from network.finnish import finnish_order_field
from network.translated import Translated


class MeetingTheme(Translated, models.Model):
    """What meetings were about; data of the network, given to meetings and counted in its figures."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    sort_name = finnish_order_field("name")

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("sort_name",)

    def __str__(self) -> str:
        return self.local_name
