from django.db import models
from django.utils.translation import gettext_lazy as _

from network.translated import Translated


class ReadySearch(Translated, models.Model):
    """A ready-made search on the front page: a title, a hint and the query part of the catalogue's address."""

    class Shown(models.TextChoices):
        TILE = "tile", _("As a tile")
        WORD = "word", _("Under the search box")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("title"), max_length=80)
    name_sv = models.CharField(_("title in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("title in English"), max_length=80, blank=True)
    hint = models.CharField(_("hint"), max_length=120, blank=True)
    hint_sv = models.CharField(_("hint in Swedish"), max_length=120, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=120, blank=True)
    query = models.CharField(
        _("search"),
        max_length=300,
        help_text=_("What stands after “?” in the address of the list, for example type=peer-group."),
    )
    shown = models.CharField(_("shown"), max_length=10, choices=Shown.choices, default=Shown.TILE)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    # How many services it finds; told by the page that shows it.
    found: int | None = None

    class Meta:
        verbose_name = _("ready-made search")
        verbose_name_plural = _("ready-made searches")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.local_name
