from django.db import models
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .meeting import Meeting


class WorkshopTable(models.Model):
    """A table of a workshop (Learning Café): what it talks of, and what it came to."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tables", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("table"), default=1)
    topic = models.CharField(_("topic"), max_length=200)
    host = models.CharField(_("host"), max_length=150, blank=True)
    notes = models.TextField(_("notes"), max_length=20000, blank=True)
    edition = models.PositiveIntegerField(_("edition of the notes"), default=0, editable=False)

    class Meta:
        verbose_name = _("table of a workshop")
        verbose_name_plural = _("tables of a workshop")
        ordering = ("meeting", "number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="one_table_per_number",
                violation_error_message=_("There is a table of this number already."),
            ),
            no_identity_code_constraint("topic", "host", "notes", name="no_identity_code_at_a_table"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}. {self.topic}"
