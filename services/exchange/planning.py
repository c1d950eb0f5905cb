"""Compares a list of the file with the database: what would be created, what changed, what is as it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Model

from .checking import check_list, check_rules, check_said
from .describing import describe, fetched
from .keys import Keys
from .problems import Problems, Spot, shortened
from .shapes import Row, Shape


@dataclass
class Change:
    """One record: its picture before (None when it is new) and after."""

    name: str
    spot: Spot
    said: Row
    after: Row
    before: Row | None = None
    object: Model | None = None

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.after

    def differs(self, key: str) -> bool:
        """Of a new record only what is not empty."""
        return bool(self.after[key]) if self.before is None else self.before[key] != self.after[key]

    @property
    def made(self) -> Model:
        return cast(Model, self.object)


@dataclass
class Outcome:
    """What became (or would become) of one list of the file: keys of its records."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def note(self, changes: list[Change]) -> "Outcome":
        for change in changes:
            which = self.created if change.is_new else self.changed if change.is_changed else self.unchanged
            which.append(change.name)
        return self


def _said(shape: Shape) -> Callable[[Any, Spot, Keys], Row | None]:
    return lambda value, spot, keys: check_said(shape, value, spot, keys, shape.keys)


def _merged(said: Row, before: Row) -> Row:
    return before | said


def plan(
    label: str,
    value: Any,
    shape: Shape,
    problems: Problems,
    keys: Keys,
    *,
    key: str = "code",
    said: Callable[[Any, Spot, Keys], Row | None] | None = None,
    merged: Callable[[Row, Row], Row] = _merged,
    defaults: Row | None = None,
) -> list[Change]:
    """A change for each record of the list that can be told apart; what is wrong with it is noted in `problems`."""
    records: dict[str, tuple[Spot, Row]] = {}
    for number, item in enumerate(check_list(value, Spot(problems, label), "a list of objects")):
        name = item.get(key) if isinstance(item, dict) else None
        spot = Spot(problems, f"{label}[{number}]" + (f" {shortened(name)}" if isinstance(name, str) else ""))
        found = (said or _said(shape))(item, spot, keys)
        if found is None or key not in found:
            continue
        if found[key] in records:
            spot.wrong(f"is there twice, first in {records[found[key]][0].record}", key)
        else:
            records[found[key]] = (spot, found)
    objects = {getattr(one, key): one for one in _locked(shape.model, key, list(records))}
    pictures = describe(shape, list(objects.values()), keys) if objects else {}
    changes = []
    for name, (spot, found) in records.items():
        one = objects.get(name)
        before = pictures[one.pk] if one else None
        after = merged(found, before or defaults or shape.defaults)
        check_rules(shape, after, spot)
        changes.append(Change(name, spot, found, after, before, one))
    return changes


def _locked(model: type[Model], key: str, names: list[str]) -> list[Model]:
    """The rows of these names, held until the end of the transaction so that nobody's edit is lost under the load."""
    if not names:
        return []
    return fetched(model._default_manager.select_for_update(of=("self",)).filter(**{f"{key}__in": names}).order_by())
