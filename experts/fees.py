"""Money of orders: what the fee model says, sums by organisation and season, and the file for payroll."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Organisation, User
from services.catalogue import as_text

from .models import FeeModelVersion, FeeRow, FeeState, OrderSession, TaskType


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
    """Fees of tasks whose last session is in the season, and that are to be paid, or were."""
    fees = with_day().filter(day__date__range=season.days).order_by("day", "pk")
    return fees.select_related(
        "offer__profile", "offer__order__organisation", "offer__order__task_type"
    ).prefetch_related("offer__order__sessions")  # fmt: skip


def with_day() -> QuerySet[Any]:
    """Each with `day`, the moment of the task's last session, by which its season goes: it is paid when it is done."""
    sessions = OrderSession.objects.filter(order=OuterRef("offer__order")).order_by("-starts_at")
    day = Coalesce(Subquery(sessions.values("starts_at")[:1]), "agreed_at")
    return FeeState.objects.exclude(status=FeeState.Status.VOID).annotate(day=day)


def seasons() -> list[Season]:
    """Those that have fees, the newest first; the present one always."""
    months = with_day().annotate(month=TruncMonth("day")).order_by().values_list("month", flat=True).distinct()
    return sorted({Season.of(timezone.localdate()), *map(Season.of, months)}, reverse=True)


class Total(NamedTuple):
    name: str
    number: int
    amount: Decimal
    travel: Decimal
    meals: Decimal

    @property
    def sum(self) -> Decimal:
        return self.amount + self.travel + self.meals


def totals(fees: QuerySet[FeeState]) -> list[Total]:
    """By organisation, in order of name."""
    body, named = F("offer__order__organisation"), F("offer__order__organisation_name")
    rows = list(
        fees.order_by()
        .values(body=body, named=named)
        .annotate(number=Count("pk"), fee=Sum("amount"), way=Sum("travel"), food=Sum("meals"))
    )
    bodies = Organisation.objects.in_bulk([row["body"] for row in rows if row["body"]])
    found: dict[str, Total] = {}
    for row in rows:
        name = str(bodies[row["body"]]) if row["body"] else row["named"] or _("Not told")
        old = found.get(name, Total(name, 0, Decimal(0), Decimal(0), Decimal(0)))
        found[name] = Total(
            name, old.number + row["number"], old.amount + row["fee"], old.travel + row["way"], old.meals + row["food"]
        )
    return [found[name] for name in sorted(found)]


def csv_rows(fees: Iterable[FeeState]) -> Iterator[list[Any]]:
    """For payroll: what is paid for which order. No tax card, bank or identity data; the payer knows them."""
    yield [
        _("Number of the order"), _("Day"), _("Organisation"), _("Type of task"), _("Expert"), _("Fee (€)"), _("Travel (€)"),
        _("Meals (€)"), _("Payer"), _("State"),
    ]  # fmt: skip
    for fee in fees:
        order = fee.offer.order
        days = [timezone.localdate(session.starts_at) for session in order.sessions.all()]
        day = min(days, default="")
        words = (order.body_name, order.task_type.local_name, fee.offer.expert_name)
        yield [
            order.pk, day, *map(as_text, words), fee.amount, fee.travel, fee.meals, as_text(order.payer),
            fee.get_status_display(),
        ]  # fmt: skip


def own(person: User, year: int) -> QuerySet[FeeState]:
    """The expert's own fees of a calendar year: of the day when they were paid, before that when the task was done, before
    that when it was agreed."""
    fees = FeeState.objects.filter(offer__profile__person=person).exclude(status=FeeState.Status.VOID)
    fees = fees.annotate(day=Coalesce("paid_at", "done_at", "agreed_at"))
    return fees.filter(day__year=year).select_related("offer__order__organisation", "offer__order__task_type")


def paid_sum(fees: QuerySet[FeeState]) -> Decimal:
    return fees.filter(status=FeeState.Status.PAID).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
