from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .meeting import Meeting


class MeetingSession(models.Model):
    """One of several times of a training or of a meeting of several days."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions", verbose_name=_("meeting"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    venue = models.CharField(
        _("venue"), max_length=200, blank=True, help_text=_("Where it is not that of the meeting.")
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("meeting", "starts_at")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "starts_at"], name="one_session_of_a_meeting_at_a_time",
                violation_error_message=_("Another session starts at the same time."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
            no_identity_code_constraint("title", "venue", name="no_identity_code_in_a_session"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or str(self.starts_at)
