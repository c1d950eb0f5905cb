"""What a listing or an organisation was, version by version, read from the event tables that triggers fill.

A version is all that one request, job or command changed (see `network.actors`). What was written outside any of them
is put together by time. A version's record has the form of the exchange format, so that it can be compared and saved
again like any other.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pghistory.models import Context

from network.actors import DESK, IMPORT, JOB, LINK
from network.models import Membership, User
from network.models.confirmable import told_as
from network.templatetags.look import day

from . import editing
from .confirming import CHANGED, ChangedMeanwhile, Thing, version_of
from .differences import Difference, Names, differences
from .exchange.keys import Keys
from .exchange.shapes import ORGANISATION, SERVICE, Codes, Row, Rows, Shape
from .merging import Conflict
from .models import Contact, Service, ServicePlace

TOGETHER = dt.timedelta(seconds=2)  # events without a context that are at most so far apart are one version

# Not content: what happens to a listing beside being edited. It is told in sentences.
STATE = ("published_at", "archived_at", "confirmed_at", "confirmed_organisation", "confirmed_title")


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
        if found and found[-1].record == version.record and _state_of(found[-1]) == _state_of(version):
            continue
        version.before = found[-1] if found else None
        found.append(version)
    return found[::-1]


def since(thing: Thing, moment: dt.datetime) -> list[Version]:
    """What an editor is told was changed after the edit of that moment, newest first."""
    eyes = Eyes(editor=True, coordinator=False)
    newer = [version for version in versions_of(thing) if version.began > moment + TOGETHER]
    tell(shape_of(thing), newer, eyes)
    return newer


def _state_of(version: Version) -> tuple[Any, ...]:
    confirmed = ("confirmed_organisation_id", "confirmed_title", "confirmed_name")
    return tuple(version.own.get(name) for name in ("published_at", "archived_at", "confirmed_at", *confirmed))


# What a reader is shown -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Eyes:
    """What one reader may see of a history."""

    editor: bool  # also drafts, and confidential places
    coordinator: bool  # also who it was by name

    def of(self, versions: Sequence[Version]) -> list[Version]:
        """Each compared with the one before it that this reader sees."""
        seen: list[Version] = []
        secrets = set() if self.editor else confidential_of(versions)
        for version in reversed(versions):
            if not self.editor and not version.is_public:
                continue
            if not self.editor:
                version.record = without_confidential(version.record, secrets)
            version.before = seen[-1] if seen else None
            if version.before and version.before.record == version.record and _same(version.before, version):
                continue
            seen.append(version)
        return seen[::-1]


def _same(before: Version, version: Version) -> bool:
    return _state_of(before) == _state_of(version)


def confidential_of(versions: Sequence[Version]) -> set[str]:
    """By what a place that was ever confidential is known, unless the newest version tells it to everybody.

    Rows are written anew with every edit, so that a place is known by its name and address alone.
    """
    ever = {
        words for version in versions for place in _places(version) if place["confidential"] for words in _known(place)
    }
    now = (
        {words for place in _places(versions[0]) if not place["confidential"] for words in _known(place)}
        if versions
        else set()
    )
    return ever - now


def _places(version: Version) -> list[Row]:
    return version.record.get("places", [])


def _known(place: Row) -> set[str]:
    return {place[key].casefold() for key in ("name", "street_address") if place[key]}


def without_confidential(record: Row, secrets: set[str]) -> Row:
    """For a reader who is no editor. The places' contacts and hours stand inside them.

    What became confidential later is left out of what was told before, too.
    """
    if "places" not in record:
        return record
    kept = [place for place in record["places"] if not place["confidential"] and not _known(place) & secrets]
    return record | {"places": kept}


def tell(shape: Shape, versions: Sequence[Version], eyes: Eyes) -> None:
    """Fill in who did it and what was changed, for the versions of one page."""
    names = Names()
    actors = Actors(versions)
    content = [key for key in shape.keys if key not in STATE]
    for version in versions:
        version.how, version.user = actors.how(version), actors.user(version)
        version.who = actors.words(version, eyes)
        before = version.before
        if before is not None:
            changed = [key for key in content if before.record.get(key) != version.record.get(key)]
            version.changes = differences(shape, before.record, version.record, names, changed) if changed else []
        version.happenings = happenings(before, version)
        version.how = {DESK: _("at the desk"), LINK: _("by the link of a message")}.get(version.how, "")


def happenings(before: Version | None, version: Version) -> list[str]:
    """What happened beside editing, in sentences."""
    was, own = (before.own if before else {}), version.own
    told = [] if before else [_("The history begins here.")]
    if own.get("published_at") and not was.get("published_at"):
        told.append(_("Published."))
    if was.get("published_at") and not own.get("published_at"):
        told.append(_("Taken back to a draft."))
    if own.get("archived_at") and not was.get("archived_at"):
        told.append(_("Archived."))
    if was.get("archived_at") and not own.get("archived_at"):
        told.append(_("Taken back from the archive."))
    if own.get("confirmed_at") and own["confirmed_at"] != was.get("confirmed_at"):
        date = day(timezone.localdate(own["confirmed_at"]))
        told.append(_("Marked as checked %(date)s, nothing changed.") % {"date": date})
    if was.get("confirmed_at") and not own.get("confirmed_at"):
        told.append(_("No longer marked as checked."))
    return told


class Actors:
    """Who stands behind the versions of a page, in three queries."""

    def __init__(self, versions: Sequence[Version]) -> None:
        wanted = {version.context for version in versions if version.context}
        self.contexts = dict(Context.objects.filter(pk__in=wanted).values_list("pk", "metadata"))
        numbers = {told["user"] for told in self.contexts.values() if told.get("user")}
        self.users = User.objects.in_bulk(numbers)
        self.memberships: dict[int, list[Membership]] = defaultdict(list)
        for one in Membership.objects.filter(person__in=self.users).select_related("organisation").order_by("pk"):
            self.memberships[one.person_id].append(one)

    def _told(self, version: Version) -> dict[str, Any]:
        return self.contexts.get(version.context, {})

    def how(self, version: Version) -> str:
        return str(self._told(version).get("how", ""))

    def user(self, version: Version) -> User | None:
        return self.users.get(self._told(version).get("user"))

    def words(self, version: Version, eyes: Eyes) -> str:
        """The coordinator is told the person, members the organisation and the title."""
        person, how = self.user(version), self.how(version)
        if person is None:
            return {IMPORT: _("Import of a file"), JOB: _("The portal by itself")}.get(how, _("It is not known who"))
        if eyes.coordinator:
            return str(person)
        on = timezone.localdate(version.at)
        held = [
            one for one in self.memberships[person.pk]
            if one.organisation_id and (one.since is None or one.since <= on) and (one.until is None or one.until >= on)
        ]  # fmt: skip
        held.sort(key=lambda one: not one.is_editor)
        if person.is_staff or not held:
            return told_as(None, "coordinator") if person.is_staff else _("A member of the network")
        return told_as(held[0].organisation, held[0].title)


# An old version again -------------------------------------------------------------------------------------------------


class NotRestorable(Exception):
    """There is no such version, or nothing differs from it."""


def find(thing: Thing, key: str) -> Version:
    """Raises NotRestorable."""
    for version in versions_of(thing):
        if version.key == key:
            return version
    raise NotRestorable


@transaction.atomic
def restore(thing: Thing, version: Version, *, by: User, seen: str) -> Any:
    """Give back the content of the version as a new edit, which is published or waits for review like any other.

    State, address and confirmation stay as they are now. What the version pointed at and is gone is left out. Returns the
    edit that waits, or None. ChangedMeanwhile when the thing is not what the person had `seen` (see
    `confirming.version_of`), ValidationError when the content is not right any more, or when a text of hers waits that
    says otherwise.
    """
    locked = editing.lock(thing)
    if version_of(locked) != seen:
        raise ChangedMeanwhile(str(CHANGED))
    record = editing.record_of(locked)
    try:
        return editing.submit(
            locked, {key: version.record[key] for key in record}, by=by, base=record, seen=0,
            note=_("Back to the version of %(date)s.") % {"date": day(timezone.localdate(version.at))},
        )  # fmt: skip
    except Conflict as conflict:
        raise ValidationError(
            _("A text of yours that waits for review says something else in the same parts. Take it back first.")
        ) from conflict


def towards(thing: Thing, version: Version) -> list[Difference]:
    """What restoring the version would change now."""
    now = editing.record_of(thing)
    return differences(shape_of(thing), now, {key: version.record[key] for key in now}, Names())
