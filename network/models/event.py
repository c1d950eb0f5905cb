from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatusEventQuerySet(models.QuerySet["StatusEvent"]):
    def of(self, subject: models.Model) -> "StatusEventQuerySet":
        """What happened to one thing, in order."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=subject.pk)


class StatusEvent(models.Model):
    """Somebody moved something to a state. Written by `network.transitions.move` alone."""

    subject_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind"))
    subject_id = models.PositiveBigIntegerField(_("number"))
    subject: Any = GenericForeignKey("subject_type", "subject_id")
    status = models.CharField(_("state"), max_length=30)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = StatusEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="status_event_by_subject")]

    def __str__(self) -> str:
        return f"{self.status} {self.at:%Y-%m-%d %H:%M}"
