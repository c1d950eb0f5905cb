import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """In force on the day (default today)."""
        on = on or timezone.localdate()
        return self.filter(Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on))


class Membership(models.Model):
    """A person stands for an organisation, from a day to a day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    is_editor = models.BooleanField(_("editor"), default=False, help_text=_("Keeps the organisation's listings right."))
    since = models.DateField(_("since"), default=timezone.localdate, null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation__sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until__isnull=True), name="one_open_membership_per_person_and_organisation",
                violation_error_message=_("This person already stands for this organisation."),
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="a_membership_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"
