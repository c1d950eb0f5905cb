import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .incoming import Incoming, IncomingQuerySet

ANSWER_ACCESSIBILITY_IN = dt.timedelta(days=14)  # the law's, no setting


class FeedbackQuerySet(IncomingQuerySet["Feedback"]):
    def late(self, on: dt.date | None = None) -> models.QuerySet["Feedback"]:
        return self.open().filter(due_on__lt=on or timezone.localdate())


class Feedback(Incoming):
    """Somebody tells how the portal itself works. Accessibility feedback has to be answered in 14 days."""

    organisation_path = ""  # it is for coordinators only

    class Kind(models.TextChoices):
        ACCESSIBILITY = "accessibility", _("Something on this site is hard or impossible for me to use")
        IDEA = "idea", _("An idea for making the site better")

    kind = models.CharField(_("what it is about"), max_length=20, choices=Kind.choices)
    page = models.CharField(_("on which page"), max_length=300, blank=True)
    due_on = models.DateField(_("answer by"), null=True, blank=True, editable=False)

    objects = FeedbackQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("feedback on the site")
        verbose_name_plural = _("feedback on the site")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="accessibility") | Q(due_on__isnull=False), name="accessibility_feedback_has_a_due_date"
            ),
            no_identity_code_constraint("body", "page", "sender_name", "answer", name="no_identity_code_in_feedback"),
        ]  # fmt: skip

    organisation = None  # nobody's but the coordinators'

    @property
    def subject_line(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_overdue(self) -> bool:
        return self.handled_at is None and self.due_on is not None and self.due_on < timezone.localdate()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.kind == self.Kind.ACCESSIBILITY and self.due_on is None:
            self.due_on = timezone.localtime(self.created_at).date() + ANSWER_ACCESSIBILITY_IN
        super().save(*args, **kwargs)
