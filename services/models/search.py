from typing import Any

from django.db import models
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from network.models import Municipality
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


class SearchCountQuerySet(models.QuerySet["SearchCount"]):
    DAYS = 3  # what was asked on fewer days may tell of one person

    def by_words(self) -> models.QuerySet["SearchCount", dict[str, Any]]:
        """What was asked on enough different days: `words`, `times`, `days`, `most` found, `last` day, `empty` times."""
        counted = self.values("words").annotate(
            days=Count("day", distinct=True),
            times=Sum("count"),
            empty=Sum("count", filter=Q(found=0), default=0),
            weak=Sum("count", filter=~Q(found=0) & ~Q(step="all"), default=0),
            most=Max("found"),
            last=Max("day"),
        )
        return counted.filter(days__gte=self.DAYS)

    def shown(self) -> "SearchCountQuerySet":
        """The rows of words that were asked on enough different days."""
        return self.filter(words__in=SearchCount.objects.by_words().values("words"))


class SearchCount(models.Model):
    """How often words were searched for on a day, by whom nobody knows. Written by `services.counting`."""

    words = models.CharField(_("words"), max_length=100)
    municipality = models.ForeignKey(
        Municipality, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("times"), default=1)
    found = models.PositiveIntegerField(_("services found"), help_text=_("The last time it was asked."))
    step = models.CharField(_("answered by"), max_length=10, blank=True)

    objects = SearchCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that was made")
        verbose_name_plural = _("searches that were made")
        ordering = ("-day", "words", "pk")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["words", "municipality", "day"], nulls_distinct=False, name="words_are_counted_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(words__regex=r"[0-9@]"), name="counted_words_have_no_digits_and_no_at"),
        ]

    def __str__(self) -> str:
        return self.words
