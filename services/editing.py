"""Editing what the catalogue says: a listing or an organisation's page as one record, merged with what others changed
meanwhile, and published at once or left waiting for review.

A record is the content alone, in the words of the exchange format: its address, its state, who is responsible for it and
who confirmed it are not content and change elsewhere. An edit is not a confirmation, and takes none away.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.guards import REFUSED, holds_identity_code
from network.models import Organisation, User

from . import emails
from .changes import telling
from .exchange.checking import check_row
from .exchange.describing import describe, fetched
from .exchange.keys import Keys
from .exchange.planning import Change
from .exchange.problems import Problems, Spot
from .exchange.shapes import ORGANISATION, SERVICE, Row, Shape
from .exchange.writing import write
from .merging import Conflict, merge
from .models import ProposedEdit, Service

Thing = Service | Organisation
_Thing = TypeVar("_Thing", Service, Organisation)

_NOT_CONTENT = {
    SERVICE: {
        "slug", "organisation", "published_at", "archived_at", "archive_reason", "archive_note", "replaced_by", "confirmed_at", "confirmed_organisation", "confirmed_title",
    },
    ORGANISATION: {"slug", "kind", "parent", "active_from", "active_until", "merged_into"},
}  # fmt: skip


def shape_of(thing: Thing) -> Shape:
    return SERVICE if isinstance(thing, Service) else ORGANISATION


def content_keys(shape: Shape) -> list[str]:
    return [key for key in shape.keys if key not in _NOT_CONTENT[shape]]


def record_of(thing: Thing, keys: Keys | None = None) -> Row:
    """The content as it is saved now."""
    return _content(shape_of(thing), _picture(thing, keys or Keys()))


def _picture(thing: Thing, keys: Keys) -> Row:
    return describe(shape_of(thing), [thing], keys)[thing.pk]


def _content(shape: Shape, picture: Row) -> Row:
    return {key: picture[key] for key in content_keys(shape)}


# Who may ------------------------------------------------------------------------------------------------------------


def body_of(thing: Thing) -> Organisation | None:
    """The organisation whose editors keep it right."""
    return thing.organisation if isinstance(thing, Service) else thing


def is_trusted(organisation: Organisation | None) -> bool:
    """It or a body above it is trusted: a county's units need not earn their trust one by one."""
    body, seen = organisation, set()
    while body is not None and body.pk not in seen:
        if body.is_trusted:
            return True
        seen.add(body.pk)
        body = body.parent
    return False


def may_publish(user: User, thing: Thing) -> bool:
    """Whether what this editor changes is seen at once. (That she is an editor is asked elsewhere.)"""
    return user.is_coordinator or is_trusted(body_of(thing))


def is_public(thing: Thing) -> bool:
    """Whether its text has been let through once: all but a draft's. An archived listing may come back any time."""
    return not isinstance(thing, Service) or thing.published_at is not None


# Two at once --------------------------------------------------------------------------------------------------------


def rebased(proposal: ProposedEdit, published: Row) -> tuple[Row, list[str]]:
    """A proposal on what is published now, and the parts that both changed (there the proposal's text stands)."""
    mine = published | {key: value for key, value in proposal.record.items() if key in published}
    base = published | {key: value for key, value in proposal.base.items() if key in published}
    try:
        return merge(base, mine, published), []
    except Conflict as conflict:
        return conflict.merged, conflict.keys


# Saving -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(
    thing: Thing, record: Row, *, by: User, base: Row | None = None, note: str = "", seen: int | None = None
) -> ProposedEdit | None:
    """Publish the record when `by` may, else leave one proposal of hers waiting: that is returned.

    A draft is seen by nobody, so its text is saved at once (see `offer`). `base` is the published record the edit began
    with (None: whatever stands now) and `seen` the version of her waiting proposal that she had before her (0: none;
    None: do not ask). What others changed meanwhile is kept. Raises Conflict when they changed the same parts, and
    ValidationError when the record is not right; nothing has changed then.
    """
    locked = lock(thing)
    keys = Keys()
    published = record_of(locked, keys)
    record = merged(base or published, checked(shape_of(locked), published | record, keys), published, locked, keys)
    if may_publish(by, locked) or not is_public(locked):
        save(locked, record, keys)
        _no_longer_waits(locked, by)
        return None
    return propose(locked, record, by=by, base=published, started=base, note=note, seen=seen)


def merged(base: Row, mine: Row, theirs: Row, locked: Thing, keys: Keys) -> Row:
    """As `merging.merge`. What is right in each text and wrong in both together is told as a Conflict, too."""
    both = merge(base, mine, theirs)
    if both in (mine, theirs):
        return both
    try:
        return checked(shape_of(locked), both, keys)
    except ValidationError:
        raise Conflict([key for key in mine if mine[key] != theirs[key]], mine, theirs, both) from None


def lock(thing: _Thing) -> _Thing:
    """The row as it is now, held until the end of the transaction."""
    rows = type(thing)._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk).order_by()
    found = fetched(rows)
    if not found:
        raise ValidationError(_("This is no longer here."))
    return found[0]  # type: ignore[return-value]


def checked(shape: Shape, record: Row, keys: Keys) -> Row:
    """The record in its proper spelling: a form has checked it already, an old version or a stranger has not."""
    if any(holds_identity_code(text) for text in _texts(record)):
        raise ValidationError(REFUSED, code="identity_code")
    content = {key: record[key] for key in content_keys(shape)}
    problems = Problems("record")
    stand_in: Row = {"slug": "a"} if shape is SERVICE else {"slug": "a", "kind": "other"}
    row = check_row(shape, content | stand_in, Spot(problems, ""), keys)
    if row is None:
        raise ValidationError([str(line) for line in problems.kept])
    return _content(shape, row)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def save(locked: Thing, record: Row, keys: Keys) -> None:
    """Write the content of a row that is held. State and confirmation stay as they are."""
    shape = shape_of(locked)
    before = _picture(locked, keys)
    after = before | record
    if isinstance(locked, Service) and locked.published_at is not None:
        _check_essentials(after)
    if after == before:
        return
    with telling(locked.pk) if isinstance(locked, Service) else nullcontext():
        write(shape, [Change("", Spot(Problems(""), ""), record, after, before, locked)], keys)


def _check_essentials(row: Row) -> None:
    told = [key for key in ("name", "summary", "how_to_get", "main_type") if not row[key]]
    missing = [str(Service._meta.get_field(key).verbose_name) for key in told]  # type: ignore[union-attr]
    if missing:
        raise ValidationError(_("Still missing: %(fields)s.") % {"fields": ", ".join(missing)})


# Waiting for review -------------------------------------------------------------------------------------------------


def waiting_of(author: User, thing: Thing) -> ProposedEdit | None:
    return ProposedEdit.objects.pending().about(thing).filter(author=author).first()


def propose(
    locked: Thing,
    record: Row,
    *,
    by: User,
    base: Row,
    started: Row | None = None,
    note: str = "",
    seen: int | None = None,
) -> ProposedEdit | None:
    """The one waiting proposal of this author about this thing, with this record; None when it says what is said already.

    `locked` is held, so nobody else is here, and so is the proposal: its author does not take it back just now. When she
    sent another version from elsewhere meanwhile, the two are merged from where this one `started`.
    """
    mine = ProposedEdit.objects.pending().about(locked).filter(author=by).select_for_update(of=("self",)).first()
    if mine and seen is not None and mine.version != seen:
        record = merge(started or base, record, base | mine.record)
    if record == base and is_public(locked):
        if mine:
            mine.withdraw(by=by)
        return None
    if mine and mine.record == record and mine.note == note:
        return mine
    if mine:
        mine.base, mine.record, mine.note, mine.version, mine.submitted_at = (
            base,
            record,
            note,
            mine.version + 1,
            timezone.now(),
        )
        mine.save(update_fields=["base", "record", "note", "version", "submitted_at"])
    else:
        link = "service" if isinstance(locked, Service) else "organisation"
        mine = ProposedEdit.objects.create(author=by, base=base, record=record, note=note, **{link: locked})
    emails.proposal_waiting(mine)
    return mine


def _no_longer_waits(locked: Thing, by: User) -> None:
    """Somebody who publishes at once has nothing waiting; a draft's own proposal follows its text."""
    if is_public(locked) and (waiting := waiting_of(by, locked)):
        waiting.withdraw(by=by)


@transaction.atomic
def offer(service: Service, *, by: User, note: str = "") -> ProposedEdit | None:
    """Publish a draft when `by` may, else send it to review. ValidationError tells what is missing."""
    locked = lock(service)
    keys = Keys()
    record = record_of(locked, keys)
    _check_essentials(record)
    if may_publish(by, locked):
        for waiting in ProposedEdit.objects.pending().about(locked):
            waiting.withdraw(by=by)
        locked.publish(by=by)
        return None
    if is_public(locked):
        raise ValidationError(_("Only a draft can be sent for its first review."))
    return propose(locked, record, by=by, base=record, note=note)
