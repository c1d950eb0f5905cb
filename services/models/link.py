import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BELIEVED = dt.timedelta(days=1)  # a link is broken when two checks at least this far apart have failed


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def due(self, now: dt.datetime | None = None) -> "LinkCheckQuerySet":
        return self.filter(due_at__lte=now or timezone.now()).order_by("due_at", "pk")

    def failing(self) -> "LinkCheckQuerySet":
        """Failed at two checks at least a day apart, and at all between them."""
        return self.filter(failing_since__isnull=False, checked_at__gte=F("failing_since") + BELIEVED)

    def failing_for(self, services: "Iterable[object]") -> "LinkCheckQuerySet":
        """The broken links among those of the listings. Which stands where: `services.links.broken`."""
        from ..links import addresses_of

        return self.failing().filter(url__in={link.url for link in addresses_of(services)})


class LinkCheck(models.Model):
    """What came of looking at one web address of the catalogue. For editors and coordinators, never for the public."""

    class Failure(models.TextChoices):
        NOT_FOUND = "not-found", _("The page is not there")
        SERVER = "server", _("The server answers with an error")
        NO_ANSWER = "no-answer", _("The server does not answer")
        LOOP = "loop", _("The address only leads on and on")
        REFUSED = "refused", _("The address is not on the public internet")

    url = models.URLField(_("address"), max_length=500, unique=True)
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    due_at = models.DateTimeField(_("next check"), default=timezone.now, db_index=True)
    status = models.PositiveSmallIntegerField(_("answer’s number"), null=True, blank=True)
    failure = models.CharField(_("what is wrong"), max_length=10, choices=Failure.choices, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        ordering = ("failing_since", "url")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failing_since__isnull=True, failure="")
                | (models.Q(failing_since__isnull=False) & ~models.Q(failure="")),
                name="a_failing_link_tells_what_is_wrong",
            )
        ]

    def __str__(self) -> str:
        return self.url
