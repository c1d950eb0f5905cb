from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .organisation import Organisation


class InternalNote(models.Model):
    """What coordinators tell each other of a person or an organisation. Shown on their desk only."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="internal_notes", verbose_name=_("person")
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="internal_notes", verbose_name=_("organisation")
    )  # fmt: skip
    body = models.TextField(_("note"), max_length=3000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ("-written_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False)
                | Q(person__isnull=False, organisation__isnull=True),
                name="a_note_is_about_a_person_or_an_organisation",
            ),
            no_identity_code_constraint("body", name="a_note_holds_no_identity_code"),
        ]

    def __str__(self) -> str:
        return self.body[:60]
