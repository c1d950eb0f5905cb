import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.models import Municipality

from .place import ServicePlace
from .service import Service

LATEST_NIGHT = dt.time(12)


class Weekday(models.IntegerChoices):
    """ISO 8601: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class AtPlaceQuerySet(models.QuerySet[Any]):
    def at_public_places(self) -> "AtPlaceQuerySet":
        """Without those of confidential places."""
        return self.filter(Q(place__isnull=True) | Q(place__confidential=False))


class OpeningHours(models.Model):
    """One interval of one weekday; several a day are several rows. Times are wall time in Finland.

    When it closes at or before the time it opens, it is open past midnight; 0.00–0.00 is round the clock.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="opening_hours", verbose_name=_("service"))
    place = models.ForeignKey(
        ServicePlace, models.CASCADE, null=True, blank=True, related_name="opening_hours", verbose_name=_("place")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = AtPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "place", "weekday", "opens"], nulls_distinct=False, name="one_interval_per_opening_time",
                violation_error_message=_("There is already an interval that opens then."),
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="a_week_has_seven_days"),
        ]  # fmt: skip

    def clean(self) -> None:
        """Past midnight is for a night: an interval that would end next afternoon is a slip of the pen."""
        if self.opens and self.closes and LATEST_NIGHT < self.closes < self.opens:
            raise ValidationError({"closes": _("The closing time is before the opening time.")})

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"


class OpeningException(models.Model):
    """Other hours on certain days, or closed when no times are given. They replace the week's hours on those days."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="opening_exceptions", verbose_name=_("service"))
    place = models.ForeignKey(
        ServicePlace, models.CASCADE, null=True, blank=True, related_name="opening_exceptions", verbose_name=_("place")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=150, blank=True)

    objects = AtPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception to opening hours")
        verbose_name_plural = _("exceptions to opening hours")
        ordering = ("first_day", "opens", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="an_exception_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__isnull=False, closes__isnull=False),
                name="an_exception_has_both_times_or_neither", violation_error_message=_("Give both times, or neither when it is closed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Visit(models.Model):
    """A dated visit of a service that moves, such as a kiosk: when, where, and who is there by title."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="visits", verbose_name=_("service"))
    date = models.DateField(_("date"))
    starts = models.TimeField(_("starts"), null=True, blank=True)
    ends = models.TimeField(_("ends"), null=True, blank=True)
    venue = models.CharField(_("place"), max_length=150)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    staff = models.CharField(
        _("who is there"), max_length=200, blank=True, help_text=_("By title, for example “nurse and peer supporter”.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("date", "starts", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False), name="a_visit_that_ends_starts",
                violation_error_message=_("Give the start too."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.date} {self.venue}"


class GroupSeason(models.Model):
    """A group's season: from, to, weekday, how to sign up. After the last day the next one is not known."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="seasons", verbose_name=_("service"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices, null=True, blank=True)
    starts = models.TimeField(_("starts"), null=True, blank=True)
    ends = models.TimeField(_("ends"), null=True, blank=True)
    sign_up = models.CharField(_("how to sign up"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("season of a group")
        verbose_name_plural = _("seasons of groups")
        ordering = ("first_day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__gte=1, weekday__lte=7), name="a_season_has_a_day_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False), name="a_season_that_ends_starts",
                violation_error_message=_("Give the start too."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="a_season_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"
