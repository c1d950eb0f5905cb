"""The history of a listing or an organisation as people read it, and an old version made the text of today.

Versions themselves are read in `versions`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
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
from .exchange.shapes import Row, Shape
from .merging import Conflict
from .versions import TOGETHER, Version, shape_of, state_of, versions_of

# Not content: what happens to a listing beside being edited. It is told in sentences.
STATE = ("published_at", "archived_at", "confirmed_at", "confirmed_organisation", "confirmed_title")


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
    return state_of(before) == state_of(version)


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
        numbers = {told[key] for told in self.contexts.values() for key in ("user", "author") if told.get(key)}
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
        """The coordinator is told the person, members the organisation and the title; whose text it is comes first."""
        person, how = self.user(version), self.how(version)
        author = self.users.get(self._told(version).get("author"))
        if person is None and author is None:
            return {IMPORT: _("Import of a file"), JOB: _("The portal by itself")}.get(how, _("It is not known who"))
        if author is None or person is None or author == person:
            return self._called(author or person, version, eyes)
        names = {"author": self._called(author, version, eyes), "reviewer": self._called(person, version, eyes)}
        return _("%(author)s; approved by %(reviewer)s") % names

    def _called(self, person: Any, version: Version, eyes: Eyes) -> str:
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


def since(thing: Thing, moment: dt.datetime) -> list[Version]:
    """What an editor is told was changed after the edit of that moment, newest first."""
    eyes = Eyes(editor=True, coordinator=False)
    newer = [version for version in versions_of(thing) if version.began > moment + TOGETHER]
    tell(shape_of(thing), newer, eyes)
    return newer


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
