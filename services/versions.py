"""What a listing or an organisation was, version by version, read from the event tables that triggers fill.

A version is all that one request, job or command changed (see `network.actors`). What was written outside any of them
is put together by time. A version's record has the form of the exchange format, so that it can be compared and saved
again like any other.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from network.models import User

from .confirming import Thing
from .differences import Difference
from .exchange.keys import Keys
from .exchange.shapes import ORGANISATION, SERVICE, Codes, Row, Rows, Shape
from .models import Contact, Service, ServicePlace

TOGETHER = dt.timedelta(seconds=2)  # events without a context that are at most so far apart are one version


@dataclass
class Event:
    """One row as it was written, or as it was before it was deleted."""

    model: type[Model]
    number: int  # in its own table: the order in which one row was written
    at: dt.datetime
    context: Any
    deleted: bool
    values: dict[str, Any]


@dataclass
class Version:
    """What a thing was after one change. `record` is its content, `own` the row's own columns."""

    key: str
    began: dt.datetime
    at: dt.datetime
    context: Any
    record: Row = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    before: "Version | None" = None
    user: User | None = None
    how: str = ""
    who: str = ""
    restore_url: str = ""
    changes: list[Difference] = field(default_factory=list)
    happenings: list[str] = field(default_factory=list)

    @property
    def is_public(self) -> bool:
        """An organisation's row has neither date."""
        return self.own.get("published_at", self.at) is not None and self.own.get("archived_at") is None


# Reading events -------------------------------------------------------------------------------------------------------


def shape_of(thing: Thing) -> Shape:
    return SERVICE if isinstance(thing, Service) else ORGANISATION


def events_of(thing: Thing) -> list[Event]:
    """All events of the thing and of what hangs on it, in a number of queries that does not grow with them."""
    shape = shape_of(thing)
    found: list[Event] = []
    found += _read(shape.model, Q(pgh_obj=thing.pk))
    for codes in shape.codes:
        found += _read(codes.through, Q(**{codes.ends[0]: thing.pk}), _relation_events(codes))
    models = {rows.model: rows.parent for rows in shape.rows}
    for model, parent in models.items():
        found += _read(model, Q(**{f"{parent}_id": thing.pk}))
    places = {event.values["id"] for event in found if event.model is ServicePlace}
    if isinstance(thing, Service):
        found += _read(Contact, Q(place_id__in=places))
    return sorted(found, key=lambda event: (event.at, event.number))


def _relation_events(codes: Codes) -> Any:
    from network.models.history import ORGANISATION_RELATIONS

    from .models.history import SERVICE_RELATIONS

    return (SERVICE_RELATIONS if codes.model is Service else ORGANISATION_RELATIONS)[codes.attr]


def _read(model: type[Model], of: Q, events: Any = None) -> Iterator[Event]:
    table: Any = events or model.pgh_event_model  # type: ignore[attr-defined]  # made by pghistory
    for row in table.objects.filter(of).order_by("pgh_id").values():
        yield Event(
            model=model,
            number=row.pop("pgh_id"),
            at=row.pop("pgh_created_at"),
            context=row.pop("pgh_context_id"),
            deleted=row.pop("pgh_label") == "delete",
            values=row,
        )


def grouped(events: Iterable[Event]) -> list[list[Event]]:
    """The events of each version, oldest version first: by context, or by time where there was none."""
    groups: dict[Any, list[Event]] = {}
    alone: list[Event] = []
    for event in events:
        if event.context is not None:
            groups.setdefault(event.context, []).append(event)
            continue
        if not alone or event.at - alone[-1].at > TOGETHER:
            alone = []
            groups[event.at] = alone
        alone.append(event)
    return sorted(groups.values(), key=lambda group: (group[-1].at, group[-1].number))


class State:
    """The rows as they were after some of the events."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], dict[Any, dict[str, Any]]] = defaultdict(dict)
        self.last: dict[tuple[type[Model], Any], int] = {}

    def apply(self, event: Event) -> None:
        """The later event of a row stands, whatever the order of their versions."""
        row = (event.model, event.values["id"])
        if self.last.get(row, 0) > event.number:
            return
        self.last[row] = event.number
        if event.deleted:
            self.rows[event.model].pop(event.values["id"], None)
        else:
            self.rows[event.model][event.values["id"]] = event.values


# Records --------------------------------------------------------------------------------------------------------------


class Reader:
    """Makes records of states. What a row pointed at and is gone since is left out."""

    def __init__(self) -> None:
        self.keys = Keys()

    def record(self, shape: Shape, row: dict[str, Any], state: State) -> Row:
        record = {column.key: self._written(column, row.get(column.attname)) for column in shape.columns}
        for codes in shape.codes:
            here, there = codes.ends
            names = self.keys.names(codes.target)
            others = [link[there] for link in state.rows[codes.through].values() if link[here] == row["id"]]
            record[codes.key] = sorted(names[other] for other in others if other in names)
        for rows in shape.rows:
            record[rows.key] = self._below(rows, row["id"], state)
        return record

    def _written(self, column: Any, value: Any) -> Any:
        try:
            return column.kind.written(value, self.keys)
        except KeyError:  # a foreign key to what is gone
            return None

    def _below(self, rows: Rows, parent: Any, state: State) -> list[Row]:
        where = {rows.parent: parent} | dict(rows.where)
        found = [
            row
            for row in state.rows[rows.model].values()
            if all(row[f"{name}_id"] == wanted for name, wanted in where.items())
        ]
        if "position" in rows.shape.left_out:
            found.sort(key=lambda row: (row["position"], row["id"]))
        else:
            found.sort(key=lambda row: row["id"])
        below = [self.record(rows.shape, row, state) for row in found]
        return sorted(below, key=rows.order) if rows.order else below


def versions_of(thing: Thing) -> list[Version]:
    """Newest first, without those that left everything as it was."""
    shape, reader, state = shape_of(thing), Reader(), State()
    found: list[Version] = []
    for group in grouped(events_of(thing)):
        for event in group:
            state.apply(event)
        own = state.rows[shape.model].get(thing.pk)
        if own is None:  # something was told of it before it was there, or after it was gone
            continue
        first, last = group[0], group[-1]
        key = str(first.context or f"t{int(first.at.timestamp() * 1_000_000)}")
        version = Version(key, first.at, last.at, first.context, reader.record(shape, own, state), dict(own))
        if found and found[-1].record == version.record and state_of(found[-1]) == state_of(version):
            continue
        version.before = found[-1] if found else None
        found.append(version)
    return found[::-1]


def state_of(version: Version) -> tuple[Any, ...]:
    confirmed = ("confirmed_organisation_id", "confirmed_title", "confirmed_name")
    return tuple(version.own.get(name) for name in ("published_at", "archived_at", "confirmed_at", *confirmed))
