"""Money of orders: what the fee model says, sums by organisation and season, and the file for payroll."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User

from .models import FeeModelVersion, FeeRow, FeeState, TaskType


def fee_row(model: FeeModelVersion | None, task_type: TaskType, minutes: int) -> FeeRow | None:
    """The model's row for a task of this length: the shortest that is long enough. None: the model does not tell."""
    if model is None:
        return None
    rows = [row for row in model.rows.all() if row.task_type_id == task_type.pk and row.minutes >= minutes]
    return min(rows, key=lambda row: row.minutes, default=None)


class Season(NamedTuple):
    """Half a year of activity: spring (1) to the end of July, autumn (2) from August."""

    year: int
    half: int

    @classmethod
    def of(cls, day: dt.date) -> "Season":
        return cls(day.year, 1 if day.month <= 7 else 2)

    @classmethod
    def read(cls, text: str) -> "Season | None":
        """“2027-1”; None for anything else."""
        year, _dash, half = text.partition("-")
        return cls(int(year), int(half)) if year.isdecimal() and len(year) == 4 and half in ("1", "2") else None

    @property
    def code(self) -> str:
        return f"{self.year}-{self.half}"

    @property
    def name(self) -> str:
        words = _("Spring %(year)d") if self.half == 1 else _("Autumn %(year)d")
        return words % {"year": self.year}

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last."""
        if self.half == 1:
            return dt.date(self.year, 1, 1), dt.date(self.year, 7, 31)
        return dt.date(self.year, 8, 1), dt.date(self.year, 12, 31)


def of_season(season: Season) -> QuerySet[FeeState]:
    """Fees of orders that were agreed in the season and are to be paid, or were."""
    first, last = season.days
    fees = FeeState.objects.exclude(status=FeeState.Status.VOID)
    return fees.filter(offer__order__accepted_at__date__range=(first, last)).select_related(
        "offer__profile", "offer__order__organisation", "offer__order__task_type"
    ).prefetch_related("offer__order__sessions")  # fmt: skip


def seasons() -> list[Season]:
    """Those that have fees, the newest first; the present one always."""
    days = FeeState.objects.exclude(offer__order__accepted_at=None).dates("offer__order__accepted_at", "month")
    return sorted({Season.of(timezone.localdate()), *map(Season.of, days)}, reverse=True)


class Total(NamedTuple):
    name: str
    number: int
    amount: Decimal
    travel: Decimal
    meals: Decimal

    @property
    def sum(self) -> Decimal:
        return self.amount + self.travel + self.meals


def totals(fees: Iterable[FeeState]) -> list[Total]:
    """By organisation, in order of name."""
    found: dict[str, Total] = {}
    for fee in fees:
        name = fee.offer.order.body_name or _("Not told")
        old = found.get(name, Total(name, 0, Decimal(0), Decimal(0), Decimal(0)))
        found[name] = Total(
            name, old.number + 1, old.amount + fee.amount, old.travel + fee.travel, old.meals + fee.meals
        )
    return [found[name] for name in sorted(found)]


def csv_rows(fees: Iterable[FeeState]) -> Iterator[list[Any]]:
    """For payroll: what is paid for which order. No tax card, bank or identity data; the payer knows them."""
    yield [
        _("Order"), _("Day"), _("Organisation"), _("Type of task"), _("Expert"), _("Fee (€)"), _("Travel (€)"),
        _("Meals (€)"), _("Payer"), _("State"),
    ]  # fmt: skip
    for fee in fees:
        order = fee.offer.order
        days = [timezone.localdate(session.starts_at) for session in order.sessions.all()]
        day = min(days, default="")
        yield [
            order.pk, day, order.body_name, order.task_type.local_name, fee.offer.expert_name, fee.amount, fee.travel,
            fee.meals, order.payer, fee.get_status_display(),
        ]  # fmt: skip


def own(person: User, year: int) -> QuerySet[FeeState]:
    """The expert's own fees of a calendar year: of the day when they were paid, before that when the task was done, before
    that when it was agreed."""
    fees = FeeState.objects.filter(offer__profile__person=person).exclude(status=FeeState.Status.VOID)
    fees = fees.annotate(day=Coalesce("paid_at", "done_at", "agreed_at"))
    return fees.filter(day__year=year).select_related("offer__order__organisation", "offer__order__task_type")


def paid_sum(fees: QuerySet[FeeState]) -> Decimal:
    return fees.filter(status=FeeState.Status.PAID).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
