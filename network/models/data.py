"""What the duties of data protection need rows for: requests of persons, and how long things are kept."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.transitions import move

if TYPE_CHECKING:
    from .user import User


def month_later(day: dt.date) -> dt.date:
    """The same day of the next month, or its last day when it has no such day."""
    first = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def month_from_today() -> dt.date:
    return month_later(timezone.localdate())


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def open(self) -> "DataRequestQuerySet":
        return self.filter(done_at__isnull=True)

    def overdue(self, on: dt.date | None = None) -> "DataRequestQuerySet":
        return self.open().filter(due_on__lt=on or timezone.localdate())


class DataRequest(models.Model):
    """Somebody used a right of hers over her data. It has to be answered in a month; what she did herself is done.

    After erasing nobody is named: neither the person here, nor her name in a note.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("See or get own data")
        CORRECT = "correct", _("Correct")
        ERASE = "erase", _("Erase")
        OTHER = "other", _("Something else")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="data_requests", verbose_name=_("person")
    )  # fmt: skip
    created_at = models.DateTimeField(_("came"), default=timezone.now)
    due_on = models.DateField(_("answer by"), default=month_from_today)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about own data")
        verbose_name_plural = _("requests about own data")
        ordering = (F("done_at").asc(nulls_first=True), "due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by__isnull=True), name="who_does_a_data_request_does_it_once"
            ),
            no_identity_code_constraint("note", name="no_identity_code_in_a_data_request"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()

    def close(self, *, by: "User | None") -> None:
        """It has been seen to. InvalidTransition when somebody was faster."""
        refusal = _("Somebody has seen to this already.")
        move(self, to="done", allowed=DataRequest.objects.open(), refusal=refusal, by=by, done_at=timezone.now(), done_by=by)  # fmt: skip


class RetentionPeriod(models.Model):
    """How many days one kind of thing is kept. The rules stand in the code; `network.retention` makes the rows."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    days = models.PositiveIntegerField(
        _("days"), validators=[MinValueValidator(1), MaxValueValidator(36500)], help_text=_("Carried out every night.")
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1), name="what_is_kept_is_kept_for_a_day",
                violation_error_message=_("At least one day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        from network.retention import RULES

        return str(RULES[self.code].description) if self.code in RULES else self.code
