"""What differs between two records of a listing or an organisation, in the words of the pages: for people to read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from network.templatetags.look import day
from network.word_differences import mark_words

from .exchange.keys import key_field
from .exchange.shapes import TEXT, Codes, Column, Row, Rows, Shape


@dataclass
class Difference:
    """One field. Either a text with what went and what came marked in it, or lists of what went and what came."""

    label: str
    marked: SafeString | None = None
    removed: Sequence[str] = ()
    added: Sequence[str] = ()


class Names:
    """Codes and slugs as people know them. Each vocabulary is read once, and only if something of it is asked for."""

    def __init__(self) -> None:
        self.known: dict[type[models.Model], dict[str, str]] = {}

    def name(self, model: type[models.Model], code: str) -> str:
        if model not in self.known:
            rows = model._default_manager.order_by().only(key_field(model), *self._names(model))
            self.known[model] = {getattr(row, key_field(model)): getattr(row, "local_name", str(row)) for row in rows}
        return self.known[model].get(code, code)

    @staticmethod
    def _names(model: type[models.Model]) -> list[str]:
        return [field.name for field in model._meta.concrete_fields if field.name in {"name", "name_sv", "name_en"}]


def differences(shape: Shape, before: Row, after: Row, names: Names, keys: Iterable[str] = ()) -> list[Difference]:
    """In the order of the record; only `keys`, when given."""
    columns = {column.key: column for column in shape.columns}
    codes = {one.key: one for one in shape.codes}
    rows = {one.key: one for one in shape.rows}
    found: list[Difference] = []
    for key in keys or shape.keys:
        if before[key] == after[key]:
            continue
        if key in columns:
            found.append(_of_column(columns[key], before[key], after[key], names))
        elif key in codes:
            found.append(_of_codes(codes[key], before[key], after[key], names))
        elif rows[key].shape is TEXT:
            found += _of_texts(before[key], after[key], names)
        else:
            found.append(_of_rows(rows[key], before[key], after[key], names))
    return found


def label_of(model: type[models.Model], attr: str) -> str:
    return str(capfirst(str(cast(models.Field, model._meta.get_field(attr)).verbose_name)))


def _of_column(column: Column, before: Any, after: Any, names: Names) -> Difference:
    label = label_of(column.kind.field.model, column.attr)
    if isinstance(before, list) or isinstance(after, list):
        return _went_and_came(label, [str(one) for one in before or []], [str(one) for one in after or []])
    return Difference(label, marked=mark_words(shown(column, before, names), shown(column, after, names)))


def _of_codes(codes: Codes, before: list[str], after: list[str], names: Names) -> Difference:
    target = codes.target
    came = sorted(names.name(target, code) for code in set(after) - set(before))
    went = sorted(names.name(target, code) for code in set(before) - set(after))
    return Difference(label_of(codes.model, codes.attr), removed=went, added=came)


def _of_rows(rows: Rows, before: list[Row], after: list[Row], names: Names) -> Difference:
    label = str(capfirst(str(rows.model._meta.verbose_name_plural)))
    was, is_now = ([line(rows.shape, row, names) for row in side] for side in (before, after))
    return _went_and_came(label, was, is_now)


def _of_texts(before: list[Row], after: list[Row], names: Names) -> list[Difference]:
    """Texts of another language are compared word by word, like the Finnish ones."""
    was, is_now = ({row["language"]: row for row in side} for side in (before, after))
    empty = {column.key: "" for column in TEXT.columns}
    languages = dict(cast(Any, TEXT.model._meta.get_field("language")).flatchoices)
    found = []
    for language in sorted({*was, *is_now}):
        old, new = was.get(language, empty), is_now.get(language, empty)
        for column in TEXT.columns:
            if column.key != "language" and old[column.key] != new[column.key]:
                one = _of_column(column, old[column.key], new[column.key], names)
                one.label = f"{languages[language]}: {one.label.lower()}"
                found.append(one)
    return found


def _went_and_came(label: str, before: list[str], after: list[str]) -> Difference:
    was, is_now = Counter(before), Counter(after)
    went, came = list((was - is_now).elements()), list((is_now - was).elements())
    if not went and not came:  # the same in another order
        return Difference(label, removed=[", ".join(before)], added=[", ".join(after)])
    return Difference(label, removed=went, added=came)


# Values in words ------------------------------------------------------------------------------------------------------


def shown(column: Column, value: Any, names: Names) -> str:
    field = column.kind.field
    if value is None or value == "":
        return _("not known") if isinstance(field, models.BooleanField) else ""
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    match field:
        case models.BooleanField():
            return _("yes") if value else _("no")
        case models.ForeignKey():
            return names.name(field.related_model, value)
        case models.DateTimeField():
            return day(dt.datetime.fromisoformat(value))
        case models.DateField():
            return day(dt.date.fromisoformat(value))
        case models.TimeField():
            return str(value)[:5].lstrip("0").replace(":", ".") or "0"
    return str(value)


def line(shape: Shape, row: Row, names: Names) -> str:
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
