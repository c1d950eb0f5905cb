"""Figures made of people: from five up, and no smaller one can be worked out from what is shown."""

import datetime as dt
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from network.small_numbers import LEAST, Period, Quarter, may_show, periods, safe_beside_total

TODAY = dt.date(2026, 11, 26)
counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 15), max_size=8)


def test_five_may_be_shown_and_four_may_not():
    assert [may_show(count) for count in (0, 1, 4, 5, 6)] == [False, False, False, True, True]


def test_big_parts_are_shown_when_the_rest_is_nothing_or_big():
    assert safe_beside_total({"a": 5, "b": 9}) == {"a", "b"}
    assert safe_beside_total({"a": 5, "b": 3, "c": 2}) == {"a"}
    assert safe_beside_total({"a": 5, "b": 0}) == {"a"}


def test_a_small_rest_takes_the_smallest_big_part_with_it():
    assert safe_beside_total({"a": 5, "b": 9, "c": 1}) == {"b"}
    assert safe_beside_total({"a": 5, "c": 1}) == set()


def test_a_small_total_shows_nothing():
    assert safe_beside_total({"a": 3, "b": 1}) == set()
    assert safe_beside_total({}) == set()


@given(counts)
def test_what_is_left_of_the_total_is_never_a_small_number(parts):
    shown = safe_beside_total(parts)
    assert all(parts[key] >= LEAST for key in shown)
    rest = sum(count for key, count in parts.items() if key not in shown)
    assert rest == 0 or rest >= LEAST or not shown


def test_quarters_have_their_days():
    assert Quarter.of(dt.date(2026, 3, 31)) == Quarter(2026, 1)
    assert Quarter.of(dt.date(2026, 4, 1)) == Quarter(2026, 2)
    assert (Quarter(2026, 4).first_day, Quarter(2026, 4).last_day) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))


def shown(days, today=TODAY):
    return [(period, len(rows)) for period, rows in periods(days, today, day_of=lambda day: day)]


def test_a_quarter_waits_for_the_next_until_there_are_five():
    days = [dt.date(2026, 1, 5)] * 3 + [dt.date(2026, 4, 5)] * 2 + [dt.date(2026, 8, 1)] * 6
    assert shown(days) == [
        (Period(Quarter(2026, 1), Quarter(2026, 2)), 5),
        (Period(Quarter(2026, 3), Quarter(2026, 3)), 6),
    ]


def test_too_few_answers_are_not_shown_at_all():
    assert shown([dt.date(2026, 1, 5)] * 4) == []


def test_the_quarter_that_runs_is_not_shown():
    days = [dt.date(2026, 10, 1)] * 50
    assert shown(days) == []
    assert shown(days, dt.date(2027, 1, 1)) == []  # an answer of the last evening may still be completed
    assert len(shown(days, dt.date(2027, 1, 2))) == 1


@given(st.lists(st.dates(dt.date(2024, 1, 1), dt.date(2026, 11, 1)), max_size=40), st.integers(0, 400))
def test_what_was_shown_once_never_changes(days, later):
    """Two looks at the page on two days tell no more than one: no difference of figures is a person."""
    before, after = shown(days), shown(days, TODAY + dt.timedelta(days=later))
    assert after[: len(before)] == before
    assert all(count >= LEAST for _period, count in after)
    assert all(one.last < other.first for (one, _), (other, _) in combinations(after, 2))
