"""Two who change one record at once: what each changed is kept, and what both changed is told.

Parts are compared one by one, and within a list – contacts, opening hours, places – its rows: of two editors one may
add a telephone number while the other corrects Tuesday's hours or another number.
"""

from typing import Any

from .exchange.shapes import ORGANISATION, SERVICE, Row

# By what a row is known to be the same one. Of a weekday or a language all is one row.
KNOWN_BY = {
    "contacts": ("kind", "value"),
    "links": ("url",),
    "opening_exceptions": ("first_day",),
    "opening_hours": ("weekday",),
    "places": ("name", "street_address"),
    "seasons": ("first_day", "weekday"),
    "texts": ("language",),
    "visits": ("date", "venue"),
}
ORDER = {rows.key: rows.order for rows in (*SERVICE.rows, *ORGANISATION.rows) if rows.order}


class Conflict(Exception):
    """Somebody changed the same parts meanwhile. `keys` are those parts, `mine` and `theirs` the whole records.

    `merged` is theirs with all of mine that they did not touch, and mine where both did.
    """

    def __init__(self, keys: list[str], mine: Row, theirs: Row, merged: Row) -> None:
        super().__init__(", ".join(keys))
        self.keys, self.mine, self.theirs, self.merged = keys, mine, theirs, merged


def merge(base: Row, mine: Row, theirs: Row) -> Row:
    """Theirs with my changes. Raises Conflict when both changed the same parts."""
    merged: Row = {}
    keys: list[str] = []
    for key in mine:
        was, own, other = base.get(key), mine[key], theirs[key]
        merged[key] = own if own != was else other
        if own == was or other in (was, own):
            continue
        rows = merge_rows(key, was, own, other) if key in KNOWN_BY and was is not None else None
        if rows is None:
            keys.append(key)
        else:
            merged[key] = rows
    if keys:
        raise Conflict(keys, mine, theirs, merged)
    return merged


Slots = dict[Any, list[Row]]


def merge_rows(key: str, base: list[Row], mine: list[Row], theirs: list[Row]) -> list[Row] | None:
    """Their rows with the ones that I added, changed or took away. None when it cannot be told what both wanted."""
    was, own, other = (slots(key, rows) for rows in (base, mine, theirs))
    changed, theirs_changed = differing(was, own), differing(was, other)
    both = changed & theirs_changed
    if any(own.get(slot) != other.get(slot) for slot in both) or is_reordered(was, own):
        return None
    if any(slot not in own for slot in both) and changed - both and theirs_changed - both:
        return None  # each took the same row away and put another there: two corrections of one row
    places = list(other)
    for before, slot in zip([None, *own], own, strict=False):
        if slot in changed and slot not in other:
            places.insert(places.index(before) + 1 if before in places else len(places) if before else 0, slot)
    rows = [row for slot in places for row in (own.get(slot, []) if slot in changed else other[slot])]
    return sorted(rows, key=ORDER[key]) if key in ORDER else rows


def slots(key: str, rows: list[Row]) -> Slots:
    found: Slots = {}
    for row in rows:
        found.setdefault(tuple(row.get(name) for name in KNOWN_BY[key]), []).append(row)
    return found


def differing(was: Slots, now: Slots) -> set[Any]:
    return {slot for slot in was | now if was.get(slot) != now.get(slot)}


def is_reordered(was: Slots, now: Slots) -> bool:
    return [slot for slot in was if slot in now] != [slot for slot in now if slot in was]
