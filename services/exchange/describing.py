"""The database's picture of records, in a number of queries that does not grow with the records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from .keys import Keys
from .shapes import Row, Rows, Shape


def describe(shape: Shape, objects: Sequence[Model], keys: Keys) -> dict[Any, Row]:
    """Primary key → everything the file can say of the row, with the rows hanging on it."""
    columns = [(column.key, column.attname, column.kind.written) for column in shape.columns]
    pictures: dict[Any, Row] = {
        one.pk: {key: written(getattr(one, attname), keys) for key, attname, written in columns} for one in objects
    }
    for codes in shape.codes:
        here, there = codes.ends
        names = keys.names(codes.target)
        found: dict[Any, list[str]] = defaultdict(list)
        for pk, other in codes.through._default_manager.filter(**{f"{here}__in": list(pictures)}).values_list(
            here, there
        ):
            found[pk].append(names[other])
        for pk, picture in pictures.items():
            picture[codes.key] = sorted(found[pk])
    for rows in shape.rows:
        below = _below(rows, pictures, keys)
        for pk, picture in pictures.items():
            picture[rows.key] = below[pk]
    return pictures


def fetched(rows: QuerySet[Any]) -> list[Model]:
    """The rows without the columns that the database makes itself."""
    return list(rows.defer(*(field.name for field in rows.model._meta.concrete_fields if field.generated)))


def _below(rows: Rows, parents: Iterable[Any], keys: Keys) -> dict[Any, list[Row]]:
    parent = f"{rows.parent}_id"
    ordering = ("position", "pk") if "position" in rows.shape.left_out else ("pk",)
    found = list(
        rows.model._default_manager.filter(**{f"{parent}__in": list(parents)}, **dict(rows.where)).order_by(*ordering)
    )
    pictures = describe(rows.shape, found, keys) if found else {}
    grouped: dict[Any, list[Row]] = defaultdict(list)
    for one in found:
        grouped[getattr(one, parent)].append(pictures[one.pk])
    if rows.order:
        for below in grouped.values():
            below.sort(key=rows.order)
    return grouped


def essential(shape: Shape, row: Row, start: Row | None = None) -> Row:
    """What is worth writing, in the order of the file: what is required or differs from the default – or from the row
    that every portal starts with, when there is one."""
    defaults, required = shape.defaults, shape.required
    below = {rows.key: rows.shape for rows in shape.rows}
    written: Row = {}
    for key in shape.keys:
        if key in required or row[key] != defaults[key] or (start and row[key] != start[key]):
            written[key] = [essential(below[key], one) for one in row[key]] if key in below else row[key]
    return written
