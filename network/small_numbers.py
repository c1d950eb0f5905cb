"""The one rule for figures made of people: shown from five up, and never so that a smaller one can be worked out.

- `may_show` for a figure that stands alone.
- `safe_beside_total` for the parts of a total that is shown too: what is left after taking the shown parts away is
  nothing or at least five.
- `periods` for figures over time: each answer is counted in one closed period only, and a period is closed when its
  last day has passed and five have come together. What was shown once never changes, so that two looks at the page on
  two days tell no more than one.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

LEAST = 5

_Key = TypeVar("_Key", bound=Hashable)


def may_show(count: int) -> bool:
    return count >= LEAST


def safe_beside_total(parts: Mapping[_Key, int]) -> set[_Key]:
    """Which of the parts may be shown beside their sum. The smallest big ones are hidden too where the small ones are
    so few that their sum would tell of them. None of them when the sum itself is small."""
    shown = {key for key, count in parts.items() if may_show(count)}
    for key in sorted(shown, key=lambda one: (parts[one], str(one))):
        hidden = sum(count for other, count in parts.items() if other not in shown)
        if hidden == 0 or may_show(hidden):
            break
        shown.discard(key)
    return shown


class Quarter(NamedTuple):
    year: int
    number: int  # 1–4

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> dt.date:
        return self.next.first_day - dt.timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)


class Period(NamedTuple):
    """Quarters that follow each other and hold at least five answers together."""

    first: Quarter
    last: Quarter

    @property
    def first_day(self) -> dt.date:
        return self.first.first_day

    @property
    def last_day(self) -> dt.date:
        return self.last.last_day


_Row = TypeVar("_Row")


def periods(
    rows: Iterable[_Row],
    today: dt.date,
    *,
    day_of: Callable[[_Row], dt.date],
    count_of: Callable[[_Row], int] = lambda row: 1,
) -> list[tuple[Period, list[_Row]]]:
    """The rows of one thing by period, oldest first; those of quarters that are not over, or too few, are left out.

    A quarter is over when a day has gone by since it ended: an answer may be completed past midnight.
    """
    by_quarter: dict[Quarter, list[_Row]] = {}
    for row in rows:
        by_quarter.setdefault(Quarter.of(day_of(row)), []).append(row)
    found: list[tuple[Period, list[_Row]]] = []
    gathered: list[_Row] = []
    first: Quarter | None = None
    for quarter in sorted(by_quarter):
        if quarter.last_day >= today - dt.timedelta(days=1):
            break
        first = first or quarter
        gathered += by_quarter[quarter]
        if may_show(sum(map(count_of, gathered))):
            found.append((Period(first, quarter), gathered))
            gathered, first = [], None
    return found
