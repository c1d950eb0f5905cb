"""*Löysitkö apua?*: one answer without a name, and the figures that are made of many.

An answer's own key is random and is given out signed with the form: pressing twice makes one answer, changing one's
mind within the hour changes it, and nothing else ties the form to the row – no user, session, address or hour.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.core import signing
from django.db.models import Count
from django.db.models.functions import TruncQuarter
from django.utils import timezone

from network.small_numbers import Period, may_show, periods, safe_beside_total

from .models import AccessFeedback, Service, ServiceType

SIGNER = signing.TimestampSigner(salt="services.feedback")
FORM_OPEN = dt.timedelta(days=1)
MAY_ADD = dt.timedelta(hours=1)


# One answer ---------------------------------------------------------------------------------------------------------


def fresh_key(service: Service) -> str:
    return SIGNER.sign_object([uuid.uuid4().hex, service.pk, "form"])


def key_for_more(pk: uuid.UUID, service: Service) -> str:
    """Opens the answer for an hour, to add to it."""
    return SIGNER.sign_object([pk.hex, service.pk, "more"])


def opened(key: str, service: Service, *, what: str = "form") -> uuid.UUID | None:
    """The answer's key when it was given out for this service and is not too old."""
    try:
        pk, service_pk, kind = SIGNER.unsign_object(key, max_age=FORM_OPEN if what == "form" else MAY_ADD)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return uuid.UUID(pk) if service_pk == service.pk and kind == what else None


def answer(service: Service, pk: uuid.UUID, helped: str) -> None:
    """Write the answer; sent again it is the same one, with what was pressed last."""
    if service.main_type is None:
        raise ValueError("A published listing has a main type")
    row = AccessFeedback(pk=pk, service=service, service_type=service.main_type, helped=helped)
    AccessFeedback.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["helped"])


def add(pk: uuid.UUID, *, getting_in: int | None, being_met: int | None) -> bool:
    """The two further answers; False when the first one is not there any more."""
    return bool(AccessFeedback.objects.filter(pk=pk).update(getting_in=getting_in, being_met=being_met))


# Many of them -------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """How many gave the same answers in a quarter."""

    service_type: int
    service: int | None
    quarter: dt.date
    helped: str
    getting_in: int | None
    being_met: int | None
    people: int


class Figures(NamedTuple):
    """What people of one group answered. The two further questions are told of from five answers up, each by itself."""

    people: int
    yes: int
    partly: int
    no: int
    getting_in: int | None  # per cent of those who answered: easy or quite easy
    being_met: int | None  # per cent: well or quite well

    @property
    def helped_percent(self) -> int:
        """Found help, at least partly."""
        return percent(self.yes + self.partly, self.people)


class TypeFigures(NamedTuple):
    service_type: ServiceType
    periods: list[tuple[Period, Figures]]  # newest first


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole)


def rows_of(**which: int) -> list[Row]:
    answers = AccessFeedback.objects.filter(**which).annotate(quarter=TruncQuarter("on")).order_by()
    fields = ("service_type", "service", "quarter", "helped", "getting_in", "being_met")
    return [Row(*values) for values in answers.values_list(*fields).annotate(people=Count("pk"))]


def closed_periods(rows: Iterable[Row], today: dt.date) -> list[tuple[Period, list[Row]]]:
    return periods(rows, today, day_of=lambda row: row.quarter, count_of=lambda row: row.people)


def figures(rows: Iterable[Row]) -> Figures:
    rows = list(rows)
    helped: Counter[str] = Counter()
    for row in rows:
        helped[row.helped] += row.people
    return Figures(
        sum(helped.values()), helped["yes"], helped["partly"], helped["no"],
        good_share([(row.getting_in, row.people) for row in rows]),
        good_share([(row.being_met, row.people) for row in rows]),
    )  # fmt: skip


def good_share(answers: list[tuple[int | None, int]]) -> int | None:
    """Per cent of those who answered that chose one of the two better answers; None of fewer than five."""
    whole = sum(count for value, count in answers if value is not None)
    return percent(sum(count for value, count in answers if (value or 0) >= 3), whole) if may_show(whole) else None


def by_type(today: dt.date | None = None) -> list[TypeFigures]:
    """Each type of service that has figures to show, in the order of the types."""
    of_type: dict[int, list[Row]] = {}
    for row in rows_of():
        of_type.setdefault(row.service_type, []).append(row)
    found = []
    for service_type in ServiceType.objects.filter(pk__in=of_type):
        shown = closed_periods(of_type[service_type.pk], today or timezone.localdate())
        if shown:
            told = [(period, figures(rows)) for period, rows in reversed(shown)]
            found.append(TypeFigures(service_type, told))
    return found


def of_service(service: Service, today: dt.date | None = None) -> Figures | None:
    """What is shown of one listing: from five answers up in a period of its type, and never so that the others of the
    type are left with fewer than five in what the type's own figures tell. None when there is nothing to show."""
    if service.main_type_id is None:
        return None
    told: list[Row] = []
    for _period, rows in closed_periods(rows_of(service_type=service.main_type_id), today or timezone.localdate()):
        parts: Counter[int | None] = Counter()
        for row in rows:
            parts[row.service] += row.people
        if service.pk in safe_beside_total(parts):
            told += [row for row in rows if row.service == service.pk]
    return figures(told) if told else None
