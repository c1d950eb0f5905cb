"""What differs between two records of a listing or an organisation, part by part, in words that people read."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol, cast

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.templatetags.look import day

from .exchange.keys import key_field
from .exchange.shapes import TEXT, Codes, Column, Row, Rows, Shape

LONGEST = 4000  # words of two lines; longer ones stand one after the other
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


class Named(Protocol):
    """Tells the names of a vocabulary's codes."""

    def names(self, model: type[models.Model]) -> dict[str, str]: ...


class Names:
    """Codes and slugs as people know them. Each vocabulary is read once, and only if something of it is asked for."""

    def __init__(self) -> None:
        self.known: dict[type[models.Model], dict[str, str]] = {}

    def names(self, model: type[models.Model]) -> dict[str, str]:
        if model not in self.known:
            rows = model._default_manager.order_by().only(key_field(model), *self._names(model))
            self.known[model] = {getattr(row, key_field(model)): getattr(row, "local_name", str(row)) for row in rows}
        return self.known[model]

    @staticmethod
    def _names(model: type[models.Model]) -> list[str]:
        return [field.name for field in model._meta.concrete_fields if field.name in {"name", "name_sv", "name_en"}]


def differences(shape: Shape, before: Row, after: Row, names: Named, keys: Iterable[str] = ()) -> list[Difference]:
    """Of the parts that differ (or of those asked for), in the order of the format."""
    asked = list(keys)
    found = []
    for key in shape.keys:
        if key in after and (key in asked if asked else before.get(key) != after[key]):
            old, new = lines_of(shape, key, before.get(key), names), lines_of(shape, key, after[key], names)
            found.append(Difference(key, label_of(shape, key), old, new, woven(old, new)))
    return found


def label_of(shape: Shape, key: str) -> str:
    if key in _ROW_LABELS:
        return str(_ROW_LABELS[key])
    single: list[Column | Codes] = [*shape.columns, *shape.codes]
    return name_of(shape.model, next(one.attr for one in single if one.key == key))


def name_of(model: type[models.Model], attr: str) -> str:
    return str(capfirst(str(cast(models.Field, model._meta.get_field(attr)).verbose_name)))


# Values in words ------------------------------------------------------------------------------------------------------


def lines_of(shape: Shape, key: str, value: Any, names: Named) -> list[str]:
    """A value as lines of text; none when it says nothing."""
    for rows in shape.rows:
        if rows.key == key:
            return [text for row in value or [] for text in row_lines(rows, row, names)]
    for codes in shape.codes:
        if codes.key == key:
            known = names.names(codes.target)
            return [", ".join(known.get(code, code) for code in value)] if value else []
    column = next(column for column in shape.columns if column.key == key)
    return [text for text in shown(column, value, names).splitlines() if text.strip()]


def row_lines(rows: Rows, row: Row, names: Named) -> list[str]:
    """One line for a short row; each text of another language has a line of its own, compared word by word."""
    if rows.shape is not TEXT:
        return [line(rows.shape, row, names)]
    language = shown(TEXT.columns[0], row["language"], names)
    return [
        f"{language}, {name_of(TEXT.model, column.attr).lower()}: {text}"
        for column in TEXT.columns[1:]
        for text in (row[column.key] or "").splitlines()
        if text.strip()
    ]


def shown(column: Column, value: Any, names: Named) -> str:
    field = column.kind.field
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    if value is None or value == "":
        return _("Not known") if isinstance(field, models.BooleanField) else ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    match field:
        case models.BooleanField():
            return _("Yes") if value else _("No")
        case models.ForeignKey():
            return names.names(field.related_model).get(value, value)
        case models.DateTimeField():
            return day(dt.datetime.fromisoformat(value))
        case models.DateField():
            return day(dt.date.fromisoformat(value))
        case models.TimeField():
            return str(value)[:5].lstrip("0").replace(":", ".") or "0"
    return str(value)


def line(shape: Shape, row: Row, names: Named) -> str:
    """A row that hangs on the record – a contact, hours, a place – in one line."""
    parts: list[str] = []
    for column in shape.columns:
        value = row[column.key]
        if value in (None, "", False):
            continue
        text = shown(column, value, names)
        if value is True:
            parts.append(str(column.kind.field.verbose_name))
        elif column.key in {"closes", "ends", "last_day"} and parts:
            parts[-1] = parts[-1] if parts[-1] == text else f"{parts[-1]}–{text}"
        else:
            parts.append(text)
    if "opens" in row and row["opens"] is None:
        parts.insert(1, _("closed"))
    for rows in shape.rows:
        parts += [f"({line(rows.shape, below, names)})" for below in row[rows.key]]
    return ", ".join(parts)


# Woven ----------------------------------------------------------------------------------------------------------------


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
    if len(old) + len(new) > LONGEST:
        return [Piece("removed", before), Piece("added", after)]
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
