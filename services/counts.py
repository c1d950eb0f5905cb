"""How many services each value of each filter would show, and what stays out: all of it in one statement.

A filter's own values are counted as if nothing of that filter were chosen, within all the other filters. Access facts must
all hold, so each of them is a filter of its own: its number tells what is left when it is chosen too. Each service gets a
bit for each chosen filter that it fails: without bits it is found, and with a single bit it counts for that filter's
values. Decision 0176.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

if TYPE_CHECKING:
    from .filters import ServiceFilter

MOST_KEPT = 300


@dataclass(frozen=True)
class Counts:
    """`total` found; `unknown` and `old` more would be found with `unknown=1` and `old=1`."""

    total: int = 0
    unknown: int = 0
    old: int = 0
    values: dict[str, int] = field(default_factory=dict)
    lenient: bool = False  # “not known” counts as a yes

    def of(self, name: str, code: str) -> int:
        """How many services the value would show."""
        number = self.values.get(f"{name}={code}", 0)
        if name == "municipality":
            return number + self.values.get("municipality=", 0)
        if name == "access" and self.lenient:
            return number + self.values.get(f"access={code}?", 0)
        return number


class Kept:
    """What was worked out under a number of the catalogue, the least used dropped first."""

    def __init__(self, most: int) -> None:
        self.most, self.values, self.lock = most, OrderedDict[Any, Any](), Lock()

    def get(self, key: Any) -> Any:
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def keep(self, key: Any, value: Any) -> None:
        with self.lock:
            self.values[key] = value
            while len(self.values) > self.most:
                self.values.popitem(last=False)


KEPT = Kept(MOST_KEPT)


def counts(asked: "ServiceFilter") -> Counts:
    """Of the catalogue's page; from memory when neither the catalogue nor the day has changed since they were counted."""
    chosen = asked.chosen
    key = None
    if not chosen.get("open"):  # what the clock changes is counted each time
        words = tuple(sorted((name, str(value)) for name, value in chosen.items() if value not in (None, "", [])))
        key = (asked.offered.version, timezone.localdate(), words)
        kept: Counts | None = KEPT.get(key)
        if kept:
            return kept
    counted = count(asked)
    if key:
        KEPT.keep(key, counted)
    return counted


def count(asked: "ServiceFilter") -> Counts:
    """Counted now."""
    conditions = asked.coded_conditions()
    strict, lenient = asked.access_conditions()
    bits = {name: 1 << place for place, name in enumerate(conditions)}
    unknown_bit = 1 << len(bits)
    mask: Any = Value(0)
    for name, condition in conditions.items():
        mask = mask + Case(When(condition, then=0), default=bits[name], output_field=IntegerField())
    if strict is not None:
        mask = mask + Case(When(strict, then=0), default=unknown_bit, output_field=IntegerField())
    services = asked.uncoded().filter(lenient or Q())
    if len(conditions) > 1:
        services = services.filter(all_but_one(conditions))
    rows = services.annotate(mask=mask, all_codes=F("facets__codes"), is_old=asked.old_condition())
    try:
        inner, parameters = rows.order_by().values_list("mask", "all_codes", "is_old").query.sql_with_params()
    except EmptyResultSet:  # the words find nothing, which needs no asking
        return Counts(lenient=asked.includes_unknown)
    own = " OR ".join(f"(mask = {bit} AND code LIKE '{name}=%%')" for name, bit in bits.items()) or "false"
    statement = f"""
        WITH found (mask, codes, old) AS MATERIALIZED ({inner}),
        sums AS (
            SELECT count(*) FILTER (WHERE mask = 0 AND NOT old) AS total, count(*) FILTER (WHERE mask = 0 AND old) AS old,
                count(*) FILTER (WHERE mask = {unknown_bit} AND NOT old) AS unknown FROM found)
        SELECT '', total, old, unknown FROM sums
        UNION ALL
        SELECT code, count(*), 0, 0 FROM found, unnest(codes) AS code
        WHERE NOT old AND (mask = 0 OR {own}) GROUP BY code"""  # noqa: S608  names of our own filters and numbers
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (_nothing, total, old, unknown), *values = sorted(cursor.fetchall())
    found = {code: number for code, number, *_zeros in values}
    return Counts(total, unknown, old, found, asked.includes_unknown)


def all_but_one(conditions: dict[str, Q]) -> Q:
    """Whoever fails two filters counts for nothing. Said so that an index can find the others."""
    said = Q()
    for left_out in conditions:
        rest = Q()
        for name, condition in conditions.items():
            if name != left_out:
                rest &= condition
        said |= rest
    return said
