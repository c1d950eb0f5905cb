from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Sector

from .meeting import Meeting


class Headcount(models.Model):
    """How many of a sector took part, beside those who are marked by name."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="headcounts", verbose_name=_("meeting"))
    sector = models.CharField(_("sector"), max_length=10, choices=Sector.choices)
    number = models.PositiveIntegerField(_("how many"))

    class Meta:
        verbose_name = _("headcount of a sector")
        verbose_name_plural = _("headcounts by sector")
        ordering = ("meeting", "sector")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "sector"], name="one_headcount_per_meeting_and_sector",
                violation_error_message=_("This sector has been counted already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_sector_display()}: {self.number}"
