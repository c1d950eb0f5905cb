"""Figures of the activity by season: counts of orders that tell of nobody. Small ones are not shown, see `small_numbers`.

They are counted from rows from which persons and words may have been taken already, so they stay after erasure.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from network.small_numbers import may_show, safe_beside_total
from services.catalogue import as_text

from .fees import Season, of_season
from .models import Offer, Order, OrderFeedback


class Row(NamedTuple):
    """`number` is None when it is too small to be shown."""

    name: str
    number: int | Decimal | float | None


class Table(NamedTuple):
    title: str
    rows: list[Row]


def orders_of(season: Season) -> QuerySet[Order]:
    first, last = season.days
    return Order.objects.filter(created_at__date__gte=first, created_at__date__lte=last).exclude(status="in-review")


def parts(counted: dict[str, int]) -> list[Row]:
    """Parts of a total that is shown: none of them so that a small one can be worked out."""
    shown = safe_beside_total(counted)
    return [Row(name, counted[name] if name in shown else None) for name in sorted(counted)]


def alone(name: str, number: Any, of: int) -> Row:
    """A figure of its own, made of so many."""
    return Row(name, number if may_show(of) else None)


def tables(season: Season) -> list[Table]:
    orders = list(orders_of(season).select_related("task_type", "municipality"))
    offers = list(Offer.objects.filter(order__in=orders_of(season)))
    total = len(orders)
    return [
        Table(_("Orders"), [alone(_("All"), total, total), *parts(counted(orders, lambda one: one.get_status_display()))]),
        Table(_("Type of task"), parts(counted(orders, lambda one: one.task_type.local_name))),
        Table(_("Experience of what?"), themes(season)),
        Table(_("Sector of the orderer"), parts(counted(orders, lambda one: one.get_sector_display()))),
        Table(_("Municipality"), parts(counted(orders, place))),
        Table(_("Requests to experts"), parts(counted(offers, lambda one: one.get_status_display()))),
        Table(_("Response times"), [response(offers)]),
        Table(_("Declined and why"), declined(offers)),
        Table(_("Fees"), fees(season)),
        Table(_("Feedback"), feedback(season)),
    ]  # fmt: skip


def counted(rows: list[Any], name_of: Any) -> dict[str, int]:
    return dict(Counter(str(name_of(row)) for row in rows))


def place(order: Order) -> str:
    return order.municipality.local_name if order.municipality else _("Not told")


def themes(season: Season) -> list[Row]:
    """An order may have several: each stands alone."""
    named = orders_of(season).filter(themes__isnull=False).order_by()
    found = named.values(name=F("themes__name")).annotate(number=Count("pk")).order_by("name")
    return [alone(row["name"], row["number"], row["number"]) for row in found]


def response(offers: list[Offer]) -> Row:
    waits = [(one.answered_at - one.offered_at) / dt.timedelta(days=1) for one in offers if one.answered_at]
    return alone(
        _("Median of days until the expert's first answer"), round(median(waits), 1) if waits else 0, len(waits)
    )


def declined(offers: list[Offer]) -> list[Row]:
    """By reason. Own words are read on the orders' pages: they are free text and stay out of figures."""
    no = [one for one in offers if one.status == Offer.Status.DECLINED]
    return parts(counted(no, lambda one: one.get_because_display() or _("No reason chosen")))


def fees(season: Season) -> list[Row]:
    """Of the tasks of the season, as in the list of fees."""
    sums = of_season(season).aggregate(number=Count("pk"), fee=Sum("amount"), travel=Sum("travel"), meals=Sum("meals"))
    names = {"fee": _("Fees (€)"), "travel": _("Travel (€)"), "meals": _("Meals (€)")}
    return [alone(name, sums[key] or Decimal(0), sums["number"]) for key, name in names.items()]


def feedback(season: Season) -> list[Row]:
    found = []
    for side, label in ((Order.Party.ORDERER, _("orderers")), (Order.Party.EXPERT, _("experts"))):
        given = OrderFeedback.objects.filter(order__in=orders_of(season), side=side)
        sums = given.aggregate(number=Count("pk"), went=Avg("went"), again=Avg("again"))
        found += [
            alone(_("How it went, 1–5 (%(side)s)") % {"side": label}, round(sums["went"] or 0, 1), sums["number"]),
            alone(
                _("Would do it again, 1–5 (%(side)s)") % {"side": label}, round(sums["again"] or 0, 1), sums["number"]
            ),
        ]
    return found


def quotes(season: Season) -> QuerySet[OrderFeedback]:
    """What its givers have agreed to be quoted."""
    return OrderFeedback.objects.filter(order__in=orders_of(season), may_quote=True).exclude(comment="")


def csv_rows(season: Season) -> Iterator[list[Any]]:
    yield [_("Season"), _("Figure"), _("Part"), _("Number")]
    for table in tables(season):
        for row in table.rows:
            number = _("under 5") if row.number is None else row.number
            yield [season.name, table.title, as_text(row.name), number]
