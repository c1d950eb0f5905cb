"""What differs between two records, part by part, in words that people read."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .edit_forms import Choices
from .exchange.kinds import Day, Flag, Listed, Reference
from .exchange.shapes import Codes, Column, Row, Rows, Shape

_ROW_LABELS = {
    "contacts": gettext_lazy("Contact details"),
    "places": gettext_lazy("Places"),
    "opening_hours": gettext_lazy("Opening hours"),
    "opening_exceptions": gettext_lazy("Exceptions to opening hours"),
    "visits": gettext_lazy("Visits"),
    "seasons": gettext_lazy("Seasons of groups"),
    "texts": gettext_lazy("Texts in other languages"),
    "links": gettext_lazy("Links"),
}


class Piece(NamedTuple):
    """`kind`: same, added or removed."""

    kind: str
    text: str


class Difference(NamedTuple):
    """One part: its name, each side in whole lines, and the two woven together line by line."""

    key: str
    label: str
    before: list[str]
    after: list[str]
    lines: list[list[Piece]]


def differences(shape: Shape, before: Row, after: Row, choices: Choices, keys: Iterable[str] = ()) -> list[Difference]:
    """Of the parts that differ (or of those asked for), in the order of the format."""
    asked = list(keys)
    found = []
    for key in shape.keys:
        if key in after and (key in asked if asked else before.get(key) != after[key]):
            old, new = lines_of(shape, key, before.get(key), choices), lines_of(shape, key, after[key], choices)
            found.append(Difference(key, label_of(shape, key), old, new, woven(old, new)))
    return found


def _single(shape: Shape) -> list[Column | Codes]:
    return [*shape.columns, *shape.codes]


def label_of(shape: Shape, key: str) -> str:
    if key in _ROW_LABELS:
        return str(_ROW_LABELS[key])
    attr = next(one.attr for one in _single(shape) if one.key == key)
    name = str(shape.model._meta.get_field(attr).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]


def lines_of(shape: Shape, key: str, value: Any, choices: Choices) -> list[str]:
    """A value as lines of text; none when it says nothing."""
    for rows in shape.rows:
        if rows.key == key:
            return [line for row in value or [] for line in _row_lines(rows, row, choices)]
    one = next(one for one in _single(shape) if one.key == key)
    return [line for line in _words(one, value, choices).splitlines() if line.strip()]


def _words(one: Column | Codes, value: Any, choices: Choices) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(one, Codes):
        names = choices.names(one.target)
        return ", ".join(names.get(code, code) for code in value)
    kind = one.kind
    if isinstance(kind, Reference):
        return choices.names(kind.target).get(value, value)
    if isinstance(kind, Flag):
        return _("Yes") if value else _("No")
    if isinstance(kind, Listed):
        return kind.joined_by.join(value)
    if isinstance(kind, Day):
        year, month, day = value.split("-")
        return f"{int(day)}.{int(month)}.{year}"
    if kind.field.choices:
        return str(dict(kind.field.flatchoices).get(value, value))
    return str(value)


def _row_lines(rows: Rows, row: Row, choices: Choices) -> list[str]:
    """One line for a short row; each text of a long one has a line of its own."""
    shape = rows.shape
    if rows.key == "texts":
        language = _words(shape.columns[0], row["language"], choices)
        told = [(column.key, row[column.key]) for column in shape.columns[1:] if row[column.key]]
        return [
            f"{language}, {label_of(shape, key).lower()}: {line}"
            for key, text in told
            for line in text.splitlines()
            if line.strip()
        ]
    parts = []
    for column in shape.columns:
        value = row[column.key]
        if value in (None, "", False):
            continue
        words = _("members only") if column.key == "members_only" else _words(column, value, choices)
        parts.append(_("confidential") if column.key == "confidential" else words)
    lines = [_joined(rows.key, parts, row)]
    where = lines[0]
    for below in shape.rows:
        lines += [f"{where}: {line}" for one in row[below.key] for line in _row_lines(below, one, choices)]
    return lines


def _joined(key: str, parts: Sequence[str], row: Row) -> str:
    if key == "opening_hours":
        return f"{parts[0]} {row['opens'].replace(':', '.')}–{row['closes'].replace(':', '.')}"
    return " · ".join(parts)


# Woven --------------------------------------------------------------------------------------------------------------


def woven(before: Sequence[str], after: Sequence[str]) -> list[list[Piece]]:
    """Lines of both, what was removed and added marked word by word where a line was only changed."""
    found: list[list[Piece]] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            found += [[Piece("same", line)] for line in before[start:end]]
            continue
        old, new = list(before[start:end]), list(after[other_start:other_end])
        while old and new:
            found.append(words_woven(old.pop(0), new.pop(0)))
        found += [[Piece("removed", line)] for line in old] + [[Piece("added", line)] for line in new]
    return found


def words_woven(before: str, after: str) -> list[Piece]:
    """Lines that have little in common stand one after the other: a mosaic of single words is hard to read."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return [Piece("removed", before), Piece("added", after)]
    pieces: list[Piece] = []
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            pieces.append(Piece("removed", "".join(old[start:end])))
        if other_end > other_start:
            pieces.append(Piece("added", "".join(new[other_start:other_end])))
    return pieces
