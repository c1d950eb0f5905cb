from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .group import Group


class MonthPlan(models.Model):
    """One month of a group's year plan: its theme and whom to invite. One without planned guests is an open slot."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="month_plans", verbose_name=_("group"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    theme = models.CharField(_("theme"), max_length=200, blank=True)
    planned_guests = models.CharField(_("planned guests"), max_length=500, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("month of the year plan")
        verbose_name_plural = _("year plan")
        ordering = ("group", "month")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "month"], name="one_theme_per_group_and_month",
                violation_error_message=_("This month has a plan already."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="a_month_is_told_by_its_first_day",
                violation_error_message=_("Give the first day of the month."),
            ),
            no_identity_code_constraint(
                "theme", "planned_guests", "note", name="no_identity_code_in_a_year_plan"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} {self.theme}".strip()

    @property
    def is_open_slot(self) -> bool:
        return not self.planned_guests


class Wish(models.Model):
    """What somebody wishes a meeting would be about. Taken when a month has been given to it."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="wishes", verbose_name=_("group"))
    text = models.CharField(_("wish"), max_length=300)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="meeting_wishes", verbose_name=_("proposed by")
    )  # fmt: skip
    from_meeting = models.ForeignKey(
        "meetings.Meeting", models.SET_NULL, null=True, blank=True, related_name="wishes", verbose_name=_("came up in")
    )
    taken_in = models.ForeignKey(
        MonthPlan, models.SET_NULL, null=True, blank=True, related_name="wishes", verbose_name=_("taken in")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("wish for a meeting")
        verbose_name_plural = _("wish list")
        ordering = ("-created_at", "-pk")
        constraints = [no_identity_code_constraint("text", name="no_identity_code_in_a_wish")]

    def __str__(self) -> str:
        return self.text
