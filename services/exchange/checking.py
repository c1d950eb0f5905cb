"""Checks one record of the file against its shape, and tells all that is wrong with it."""

import difflib
from collections.abc import Collection
from typing import Any

from .keys import Keys
from .kinds import Wrong, check_reference, wrong_type
from .problems import Spot, shortened
from .rules import RULES
from .shapes import Codes, Row, Rows, Shape


def check_row(shape: Shape, value: Any, spot: Spot, keys: Keys) -> Row | None:
    """A whole row with defaults for what is not said; None when something is wrong with it."""
    said = check_said(shape, value, spot, keys, shape.keys)
    if said is None:
        return None
    row = shape.defaults | said
    check_rules(shape, row, spot)
    return None if spot.fields else row


def check_said(shape: Shape, value: Any, spot: Spot, keys: Keys, allowed: Collection[str]) -> Row | None:
    """Only what the record says. None when it is not an object at all."""
    if not isinstance(value, dict):
        spot.wrong(str(wrong_type(value, "an object")))
        return None
    check_keys(value, spot, allowed)
    said: Row = {}
    for column in shape.columns:
        if column.key in value:
            try:
                said[column.key] = column.kind.check(value[column.key], keys)
            except Wrong as wrong:
                spot.wrong(str(wrong), column.key)
            else:
                if column.required and isinstance(said[column.key], str) and not said[column.key].strip():
                    spot.wrong("is empty", column.key)
        elif column.required:
            spot.wrong("is missing", column.key)
    for codes in shape.codes:
        if codes.key in value:
            said[codes.key] = check_codes(codes, value[codes.key], spot.inside(codes.key), keys)
    for rows in shape.rows:
        if rows.key in value:
            said[rows.key] = check_rows(rows, value[rows.key], spot.inside(rows.key), keys)
    return said


def check_keys(value: dict[str, Any], spot: Spot, allowed: Collection[str]) -> None:
    for key in value:
        if key not in allowed:
            near = difflib.get_close_matches(key[:60], allowed, n=1)
            spot.wrong("is not a key of the format" + (f'; did you mean "{near[0]}"?' if near else ""), shortened(key))


def check_codes(codes: Codes, value: Any, spot: Spot, keys: Keys) -> list[str]:
    """Codes or slugs, sorted: their order says nothing."""
    found = check_list(value, spot, "a list of codes")
    checked: list[str] = []
    for number, item in enumerate(found):
        try:
            code = check_reference(codes.target, item, keys)
        except Wrong as wrong:
            spot.inside_item(number).wrong(str(wrong))
            continue
        if code in checked:
            spot.inside_item(number).wrong(f"{shortened(code)} is there twice")
        else:
            checked.append(code)
    return sorted(checked)


def check_rows(rows: Rows, value: Any, spot: Spot, keys: Keys) -> list[Row]:
    found = check_list(value, spot, "a list of objects")
    checked = [
        row for number, item in enumerate(found) if (row := check_row(rows.shape, item, spot.inside_item(number), keys))
    ]
    if rows.order:
        checked.sort(key=rows.order)
    if rows.key == "opening_hours":
        starts = [(row["weekday"], row["opens"]) for row in checked]
        for weekday, opens in sorted({start for start in starts if starts.count(start) > 1}):
            spot.wrong(f"two intervals of weekday {weekday} open at {opens}")
    return checked


def check_list(value: Any, spot: Spot, wanted: str) -> list[Any]:
    if isinstance(value, list):
        return value
    spot.wrong(str(wrong_type(value, wanted)))
    return []


def check_rules(shape: Shape, row: Row, spot: Spot) -> None:
    """What the fields of a whole row must be together, as the database's constraints have it."""
    for rule in RULES.get(shape.model, ()):
        for field, reason in rule(row):
            if field not in spot.fields:
                spot.wrong(reason, field)
