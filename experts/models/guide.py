import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import no_identity_code_constraint
from network.models import User
from network.transitions import move
from network.translated import LocalText, Translated

from .terms import TaskType

MARKDOWN_HELP = gettext_lazy(
    "An empty line starts a new paragraph. **Bold**, [a link](https://www.example.org), # Heading, - item of a list."
)


class GuideQuerySet(models.QuerySet["GuideVersion"]):
    def in_force(self) -> "GuideVersion | None":
        """The newest version that has been published; None when there is none yet."""
        return self.filter(published_at__isnull=False).order_by("-version").first()


class GuideVersion(Translated, models.Model):
    """A version of the operating guide (toimintaohje). What was published is never changed: a new one is made."""

    version = models.PositiveIntegerField(gettext_lazy("version"), unique=True)
    body = models.TextField(gettext_lazy("text"), max_length=20000, help_text=MARKDOWN_HELP)
    body_sv = models.TextField(gettext_lazy("text in Swedish"), max_length=20000, blank=True)
    body_en = models.TextField(gettext_lazy("text in English"), max_length=20000, blank=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, blank=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("operating guide")
        verbose_name_plural = gettext_lazy("operating guides")
        ordering = ("-version",)
        constraints = [
            no_identity_code_constraint("body", "body_sv", "body_en", name="no_identity_code_in_a_guide"),
        ]

    def __str__(self) -> str:
        return _("Operating guide, version %(version)d") % {"version": self.version}

    @property
    def text(self) -> LocalText:
        return self.local("body")

    def publish(self, *, by: User | None) -> None:
        """From now on orders are made by this one. InvalidTransition: it was published already."""
        drafts = GuideVersion.objects.filter(published_at__isnull=True)
        refusal = _("This version has been published already.")
        move(self, to="published", allowed=drafts, refusal=refusal, by=by, published_at=timezone.now())


class DateRange(models.Func):
    function = "DATERANGE"


class FeeModelQuerySet(models.QuerySet["FeeModelVersion"]):
    def in_force(self, on: dt.date | None = None) -> "FeeModelVersion | None":
        """The published one of the day (default today); None when the network has none."""
        on = on or timezone.localdate()
        valid = Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        return self.filter(valid, published_at__isnull=False).prefetch_related("rows__task_type").first()


class FeeModelVersion(Translated, models.Model):
    """A version of the fee model (palkkiomalli) with the days it holds. Empty of rows until the network fills it in."""

    version = models.PositiveIntegerField(gettext_lazy("version"), unique=True)
    body = models.TextField(
        gettext_lazy("what is said beside the table"), max_length=5000, blank=True,
        help_text=gettext_lazy("For example of travel, meals and who pays."),
    )  # fmt: skip
    body_sv = models.TextField(gettext_lazy("text in Swedish"), max_length=5000, blank=True)
    body_en = models.TextField(gettext_lazy("text in English"), max_length=5000, blank=True)
    valid_from = models.DateField(gettext_lazy("valid from"))
    valid_until = models.DateField(gettext_lazy("valid until"), null=True, blank=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, blank=True)

    objects = FeeModelQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("fee model")
        verbose_name_plural = gettext_lazy("fee models")
        ordering = ("-version",)
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="a_fee_model_ends_after_it_starts",
                violation_error_message=gettext_lazy("The last day is before the first."),
            ),
            ExclusionConstraint(
                name="one_fee_model_holds_at_a_time",
                expressions=[
                    (DateRange("valid_from", "valid_until", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS)
                ],
                condition=Q(published_at__isnull=False),
                violation_error_message=gettext_lazy("Another fee model holds on some of these days."),
            ),
            no_identity_code_constraint("body", "body_sv", "body_en", name="no_identity_code_in_a_fee_model"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("Fee model, version %(version)d") % {"version": self.version}

    @property
    def text(self) -> LocalText:
        return self.local("body")

    def publish(self, *, by: User | None) -> None:
        """InvalidTransition: it was published already. The database refuses two that hold on the same day."""
        drafts = FeeModelVersion.objects.filter(published_at__isnull=True)
        refusal = _("This version has been published already.")
        move(self, to="published", allowed=drafts, refusal=refusal, by=by, published_at=timezone.now())


class FeeRow(models.Model):
    """What a task of this type costs when it takes at most so long."""

    fee_model = models.ForeignKey(
        FeeModelVersion, models.CASCADE, related_name="rows", verbose_name=gettext_lazy("fee model")
    )
    task_type = models.ForeignKey(
        TaskType, models.CASCADE, related_name="fee_rows", verbose_name=gettext_lazy("type of task")
    )
    minutes = models.PositiveSmallIntegerField(gettext_lazy("at most (minutes)"))
    amount = models.DecimalField(gettext_lazy("fee (€)"), max_digits=7, decimal_places=2)

    class Meta:
        verbose_name = gettext_lazy("row of the fee model")
        verbose_name_plural = gettext_lazy("rows of the fee model")
        ordering = ("task_type__position", "minutes", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["fee_model", "task_type", "minutes"], name="one_fee_per_task_and_length",
                violation_error_message=gettext_lazy("There is a fee for this task and length already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(minutes__gt=0), name="a_fee_is_not_below_nothing",
                violation_error_message=gettext_lazy("A fee and a length cannot be below nothing."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.task_type}, {self.minutes} min: {self.amount} €"
