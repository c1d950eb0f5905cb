import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.templatetags.look import day

if TYPE_CHECKING:
    from .network import Network
    from .organisation import Organisation


def due_before(network: "Network", now: dt.datetime) -> dt.datetime:
    """What was confirmed before this moment is due for confirmation."""
    return months_before(network.confirm_due_months, now)


def late_before(network: "Network", now: dt.datetime) -> dt.datetime:
    """What was confirmed before this moment is on the coordinator's list."""
    return months_before(network.confirm_late_months, now)


def hidden_before(network: "Network", now: dt.datetime) -> dt.datetime:
    """What was confirmed before this moment is out of search results."""
    return months_before(network.confirm_hide_months, now)


def months_before(months: int, now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(days=months * 30.44)


def due_condition(network: "Network", now: dt.datetime | None = None) -> models.Q:
    """Never confirmed, or confirmed too long ago."""
    return models.Q(confirmed_at__isnull=True) | models.Q(confirmed_at__lt=due_before(network, now or timezone.now()))


# The title of who confirmed for the network and for no organisation. It is translated where it is shown.
COORDINATOR = "coordinator"


def told_as(organisation: "Organisation | None", title: str) -> str:
    """“Espoon seurakunta, diakoniatyöntekijä”."""
    if organisation is None and title == COORDINATOR:
        title = gettext("coordinator of the network")
    return ", ".join(str(part) for part in (organisation, title) if part)


class Confirmable(models.Model):
    """Facts that somebody says are still right. Confirmed is not edited: it has a date, a body and a title of its own.

    The name of the person is shown only when she chose so.
    """

    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_title = models.CharField(_("confirmed by (title)"), max_length=100, blank=True)
    confirmed_name = models.CharField(_("confirmed by (name)"), max_length=150, blank=True)

    COORDINATOR = COORDINATOR

    class Meta:
        abstract = True

    @property
    def confirmed_words(self) -> str:
        """“Tiedot tarkistettu 3.11.2026, Espoon seurakunta, diakoniatyöntekijä”; empty when never confirmed."""
        if self.confirmed_at is None:
            return ""
        body = self.confirmed_organisation  # type: ignore[attr-defined]  # each model has its own
        date = gettext("Details checked %(date)s") % {"date": day(timezone.localdate(self.confirmed_at))}
        return ", ".join(part for part in (date, told_as(body, self.confirmed_title), self.confirmed_name) if part)

    def freshness(self, network: "Network", now: dt.datetime | None = None) -> str:
        """`fresh`, `due` or `none` (never confirmed)."""
        if self.confirmed_at is None:
            return "none"
        return "due" if self.confirmed_at < due_before(network, now or timezone.now()) else "fresh"
