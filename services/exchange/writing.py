"""Writes rows to the database, many at a time: the number of queries depends on the format, not on the file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model

from .keys import Keys
from .planning import Change
from .shapes import Codes, Row, Rows, Shape

BATCH = 1000


def write(shape: Shape, changes: Sequence[Change], keys: Keys, *, later: Iterable[str] = ()) -> None:
    """Create and change rows, their relations and the rows hanging on them.

    `later` are foreign keys to rows of the same table, which can be filled in only when all rows are there.
    """
    new = [change for change in changes if change.is_new]
    changed = [change for change in changes if change.is_changed]
    later = tuple(later)
    for change in new:
        change.object = filled(shape, shape.model(), change.after, keys, skip=later)
    insert(shape.model, [change.made for change in new])
    if any(column.key in {"slug", "code"} for column in shape.columns):
        keys.learn(shape.model, [change.made for change in new])
    linked = [change for change in new if any(change.after[key] is not None for key in later)]
    for change in [*changed, *linked]:
        filled(shape, change.made, change.after, keys)
    overwrite(shape.model, [change.made for change in [*changed, *linked]])
    touched = [*new, *changed]
    for codes in shape.codes:
        write_codes(
            codes, [(change.made.pk, change.after[codes.key]) for change in touched if change.differs(codes.key)], keys
        )
    for rows in shape.rows:
        differing = [change for change in touched if change.differs(rows.key)]
        clear(rows, [change.made.pk for change in differing if change.before is not None])
        write_rows(rows, [(change.made, change.after[rows.key]) for change in differing], keys)


def filled(shape: Shape, one: Model, row: Row, keys: Keys, skip: Sequence[str] = ()) -> Model:
    for column in shape.columns:
        if column.key not in skip:
            setattr(one, column.attname, column.kind.kept(row[column.key], keys))
    return one


def insert(model: type[Model], rows: list[Model]) -> None:
    if rows:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def overwrite(model: type[Model], rows: list[Model]) -> None:
    """Whole rows in one statement a batch; `auto_now` fields move, `auto_now_add` fields stay."""
    if not rows:
        return
    changeable = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and not getattr(field, "auto_now_add", False)
    ]
    model._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=changeable
    )


def write_codes(codes: Codes, wanted: Sequence[tuple[Any, list[str]]], keys: Keys) -> None:
    if not wanted:
        return
    here, there = codes.ends
    target = codes.target
    pairs = {(pk, keys.pk(target, key)) for pk, found in wanted for key in found}
    links = codes.through._default_manager
    kept, gone = set(), []
    for link, pk, other in links.filter(**{f"{here}__in": [pk for pk, _found in wanted]}).values_list(
        "pk", here, there
    ):
        if (pk, other) in pairs:
            kept.add((pk, other))
        else:
            gone.append(link)
    if gone:
        links.filter(pk__in=gone).delete()
    insert(codes.through, [codes.through(**{here: pk, there: other}) for pk, other in sorted(pairs - kept)])


def clear(rows: Rows, parents: list[Any]) -> None:
    if parents:
        rows.model._default_manager.filter(**{f"{rows.parent}_id__in": parents}, **dict(rows.where)).delete()


def write_rows(rows: Rows, wanted: Sequence[tuple[Model, list[Row]]], keys: Keys) -> None:
    """New rows under parents that have none of the kind; then what hangs on the rows themselves."""
    numbered = "position" in rows.shape.left_out
    made: list[tuple[Model, Row]] = []
    for parent, below in wanted:
        for position, row in enumerate(below):
            one = filled(rows.shape, rows.model(**{f"{rows.parent}_id": parent.pk}), row, keys)
            for shared in rows.shared:
                setattr(one, shared, getattr(parent, shared))
            if numbered:
                one.position = position  # type: ignore[attr-defined]
            made.append((one, row))
    insert(rows.model, [one for one, _row in made])
    for deeper in rows.shape.rows:
        write_rows(deeper, [(one, row[deeper.key]) for one, row in made if row[deeper.key]], keys)
