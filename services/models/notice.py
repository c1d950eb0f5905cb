import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .service import Service

SETTLES = dt.timedelta(minutes=30)  # until then an undo takes the notice back, and nobody is told by mail


class ServiceNoticeQuerySet(models.QuerySet["ServiceNotice"]):
    def public(self) -> "ServiceNoticeQuerySet":
        """Of listings that everybody has seen: a draft, or one taken back to a draft, is never told of.

        What is not closed is told of only while it can be opened.
        """
        seen = self.filter(service__published_at__isnull=False)
        return seen.filter(Q(service__archived_at__isnull=True) | Q(kind__in=ServiceNotice.CLOSING))

    def settled(self, now: dt.datetime) -> "ServiceNoticeQuerySet":
        return self.filter(at__lte=now - SETTLES)

    def for_page(self) -> "ServiceNoticeQuerySet":
        """With what a line about it shows."""
        related = ("service__organisation", "service__replaced_by")
        return self.select_related(*related).prefetch_related("service__texts", "service__replaced_by__texts")


class ServiceNotice(models.Model):
    """A change of a listing that those who guide people want to hear of. Written by `services.changes.telling` alone.

    `before` and `after` are names, organisations or addresses, as the kind tells; only what everybody may see.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New service")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("In use again")
        MOVED = "moved", _("Moved")  # to another place
        HANDED_OVER = "handed-over", _("New organisation")
        RENAMED = "renamed", _("New name")

    CLOSING = (Kind.CLOSED,)

    service = models.ForeignKey(Service, models.CASCADE, related_name="notices", verbose_name=_("service"))
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    before = models.CharField(_("before"), max_length=500, blank=True)
    after = models.CharField(_("after"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    told_at_once_at = models.DateTimeField(_("told at once"), null=True, blank=True, editable=False)
    told_weekly_at = models.DateTimeField(_("told in the weekly message"), null=True, blank=True, editable=False)

    objects = ServiceNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed service")
        verbose_name_plural = _("changed services")
        ordering = ("-at", "-pk")
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="notice_newest_first")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.service_id}"

    @property
    def sentence(self) -> str:
        """What changed, in one sentence; the name of the listing and its kind stand before it."""
        words = {"before": self.before, "after": self.after}
        match self.kind:
            case self.Kind.RENAMED:
                return gettext("Its name was “%(before)s”, now it is “%(after)s”.") % words
            case self.Kind.HANDED_OVER:
                return gettext("It was offered by %(before)s, now by %(after)s.") % words
            case self.Kind.MOVED:
                return gettext("It was at %(before)s, now at %(after)s.") % words
            case self.Kind.CLOSED:
                reason = self.service.get_archive_reason_display() if self.service.archived_at else ""
                return f"{reason or gettext('The service is not in use any more')}."
            case self.Kind.REOPENED:
                return gettext("The service can be used again.")
        return ""
