"""What a page shows of a service, worked out from the row and its prefetched relations."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django_stubs_ext import StrOrPromise

from network.models import Network

from ..facts import ACCESS_FACTS, AccessFact
from .query import DISTANT_CHANNELS

if TYPE_CHECKING:
    from .service import Service


class KnownFact(NamedTuple):
    """One access fact of one service. `value` is True, False or None (not known)."""

    code: str
    value: bool | None
    label: StrOrPromise


class Shown:
    """Mixin of Service."""

    @cached_property
    def text(self) -> "ShownText":
        """Name, summary and so on in the active language, each falling back to Finnish by itself."""
        return shown_text(self, get_language() or "fi")

    @property
    def access_facts(self) -> list[KnownFact]:
        return [self._known(fact) for fact in ACCESS_FACTS]

    def _known(self, fact: AccessFact) -> KnownFact:
        value: bool | None = getattr(self, fact.field)
        return KnownFact(fact.code, value, {True: fact.yes, False: fact.no, None: fact.name}[value])

    @property
    def place_label(self) -> str:
        """Where it may be used, in a few words. Uses prefetched municipalities and channels."""
        names = [municipality.local_name for municipality in self.municipalities.all()]
        if self.outside_region:
            return gettext("Outside the region") + (f": {', '.join(names)}" if names else "")
        if names:
            return ", ".join(names) if len(names) <= 4 else gettext("%(count)d municipalities") % {"count": len(names)}
        codes = {channel.code for channel in self.channels.all()}
        return "" if not codes or codes - set(DISTANT_CHANNELS) else gettext("Online or by telephone")

    @property
    def age_text(self) -> str:
        if self.min_age is not None and self.max_age is not None:
            return gettext("For people aged %(from)d–%(to)d") % {"from": self.min_age, "to": self.max_age}
        if self.min_age is not None:
            return gettext("For people aged %(from)d and over") % {"from": self.min_age}
        if self.max_age is not None:
            return gettext("For people up to %(to)d") % {"to": self.max_age}
        return ""

    @property
    def is_low_threshold(self) -> bool:
        return bool(self.no_referral and self.no_appointment)

    def freshness(self, network: Network, now: dt.datetime | None = None) -> str:
        """`fresh`, `due` or `none` (never confirmed)."""
        if self.confirmed_at is None:
            return "none"
        age = (now or timezone.now()) - self.confirmed_at
        return "due" if age > dt.timedelta(days=network.confirm_due_months * 30.44) else "fresh"


class ShownText(NamedTuple):
    """The texts of a service for one reader; `languages` tells which language each was found in."""

    name: str
    summary: str
    description: str
    how_to_get: str
    languages: dict[str, str]


def shown_text(service: "Service", language: str) -> ShownText:
    fields = ("name", "summary", "description", "how_to_get")
    other = next((text for text in service.texts.all() if text.language == language), None)
    found = {
        field: (getattr(other, field), language) if other and getattr(other, field) else (getattr(service, field), "fi")
        for field in fields
    }
    name, summary, description, how_to_get = (found[field][0] for field in fields)
    return ShownText(name, summary, description, how_to_get, {field: found[field][1] for field in fields})
