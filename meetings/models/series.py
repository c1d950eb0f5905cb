import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .choices import Form, ItemKind, MeetingKind, Publicity
from .group import Group

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)
WEEKS = ((1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (-1, _("last")))


class MeetingSeries(models.Model):
    """What meetings that come again have in common: their usual rule, length, link and agenda."""

    name = models.CharField(_("name"), max_length=150)
    group = models.ForeignKey(Group, models.PROTECT, related_name="series", verbose_name=_("group"))
    kind = models.CharField(_("kind"), max_length=12, choices=MeetingKind.choices, default=MeetingKind.NETWORK)
    rule = models.CharField(
        _("usual rule"), max_length=150, blank=True,
        help_text=_("In plain words for people, such as “the second Thursday of each month”."),
    )  # fmt: skip
    weeks = ArrayField(
        models.SmallIntegerField(choices=WEEKS), default=list, blank=True, verbose_name=_("in which weeks of the month"),
        help_text=_("The dates of a season are proposed from these."),
    )  # fmt: skip
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS, default=3)
    starts_at = models.TimeField(_("starts at"), default=dt.time(13))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=120, validators=[MinValueValidator(15), MaxValueValidator(720)]
    )
    form = models.CharField(_("how people meet"), max_length=8, choices=Form.choices, default=Form.ONLINE)
    join_link = models.URLField(_("usual link for joining"), max_length=1000, blank=True)
    venue = models.CharField(_("usual venue"), max_length=200, blank=True)
    is_public = models.BooleanField(_("its meetings are public"), default=False)
    proposal_days = models.PositiveSmallIntegerField(
        _("days before the meeting until which items are proposed"), default=7
    )
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_series_meets_on_a_day_of_the_week"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_series_meets_for_a_while"),
            no_identity_code_constraint("name", "rule", "venue", name="no_identity_code_in_a_series"),
        ]

    def __str__(self) -> str:
        return self.name


class SeriesItem(models.Model):
    """An item that each new meeting of the series begins with."""

    series = models.ForeignKey(
        MeetingSeries, models.CASCADE, related_name="items", verbose_name=_("series of meetings")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    publicity = models.CharField(_("publicity"), max_length=10, choices=Publicity.choices, default=Publicity.PUBLIC)

    class Meta:
        verbose_name = _("item of the usual agenda")
        verbose_name_plural = _("usual agenda")
        ordering = ("series", "position", "pk")
        constraints = [no_identity_code_constraint("title", name="no_identity_code_in_a_usual_agenda")]

    def __str__(self) -> str:
        return self.title
