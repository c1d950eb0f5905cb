"""From a draft to a published version: comments, the check before it, the versions and what differs between them."""

import datetime as dt
import hashlib
import json
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from network.guards import holds_identity_code
from network.models import User
from network.word_differences import mark_words

from .. import agenda
from ..models import Minutes, MinutesComment
from . import emails, names, permissions, record, writing
from .record import Record

Status = Minutes.Status
COMMENTED_FOR = dt.timedelta(days=7)


class Check(NamedTuple):
    """What is looked at before publishing. `stamp` tells the text that was looked at from any other."""

    record: Record
    public_record: Record
    has_identity_code: bool
    names: list[str]
    others: list[str]
    empty: list[str]
    stamp: str


def check(minutes: Minutes) -> Check:
    record.forget_what_was_read(minutes.meeting)
    whole = record.build(minutes)
    people = names.people_of(minutes.meeting)
    with translation.override(settings.LANGUAGE_CODE):
        text = record.as_markdown(whole) + "\n\n" + minutes.what_changed
    found_names, others = names.found_in(text, people)
    empty = [item["title"] for item in whole["items"] if not (item["text"] or item["decisions"] or item["actions"])]
    stamp = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]
    public = record.public(whole, minutes.meeting)
    return Check(whole, public, holds_identity_code(text), found_names, others, empty, stamp)


@transaction.atomic
def send_for_comments(minutes: Minutes, *, by: User, until: dt.date | None = None) -> None:
    """Raises InvalidTransition when they are not a draft any more."""
    until = until or timezone.localdate() + COMMENTED_FOR
    minutes.move(to=Status.FOR_COMMENTS, allowed_from=[Status.DRAFT], by=by, comments_until=until)
    emails.minutes_for_comments(minutes)


@transaction.atomic
def take_back(minutes: Minutes, *, by: User) -> None:
    minutes.move(to=Status.DRAFT, allowed_from=[Status.FOR_COMMENTS], by=by)


@transaction.atomic
def publish(minutes: Minutes, *, by: User, stamp: str, what_changed: str = "") -> None:
    """Publish the text that was checked. Of two who do it at once only one does: the other gets InvalidTransition.

    Raises writing.Closed and InvalidTransition when it is published already, writing.Changed when the text is not the
    one that was checked, ValidationError when it holds a personal identity code or a correction does not say what it
    corrects.
    """
    writing.hold(minutes)
    minutes.what_changed = what_changed.strip()[:500]
    checked = check(minutes)
    if checked.stamp != stamp:
        raise writing.Changed(writing.texts_of(minutes)[0])
    if checked.has_identity_code:
        raise ValidationError(_("There is a personal identity code in the text. Take it away before you publish."))
    if minutes.number > 1 and not minutes.what_changed:
        raise ValidationError(_("Tell in a few words what was corrected."))
    with translation.override(settings.LANGUAGE_CODE):
        text = record.as_markdown(record.cut(checked.record, permissions.NETWORK))
        public_text = record.as_markdown(checked.public_record)
    minutes.move(
        to=Status.PUBLISHED,
        allowed_from=[Status.DRAFT, Status.FOR_COMMENTS],
        by=by,
        record=checked.record,
        public_record=checked.public_record,
        text=text,
        public_text=public_text,
        what_changed=minutes.what_changed,
        published_at=timezone.now(),
        published_by=by,
    )
    MinutesComment.objects.filter(minutes=minutes, handled_at=None).update(handled_at=timezone.now())
    emails.minutes_to_absentees(minutes)
    agenda.carry_on(minutes.meeting)


def comment(minutes: Minutes, text: str, *, by: User, item: int | None = None) -> MinutesComment:
    return MinutesComment.objects.create(
        minutes=minutes,
        text=text,
        author=by,
        item=minutes.meeting.items.accepted().filter(pk=item).first() if item else None,
    )


# What a correction changed ------------------------------------------------------------------------------------------


class PartChange(NamedTuple):
    label: str
    marked: SafeString


def changes(before: Record, after: Record) -> list[PartChange]:
    """Part by part, in the order of the newer version."""
    found = []
    for label, old, new in _parts(before, after):
        if old != new:
            found.append(PartChange(label, mark_words(old, new)))
    return found


def _parts(before: Record, after: Record) -> list[tuple[str, str, str]]:
    rows = [(_("Beginning"), before["opening"], after["opening"])]
    were, are = ("\n".join(side["organisations"]) for side in (before, after))
    rows.append((_("Organisations that took part"), were, are))
    was = {item["pk"]: item for item in before["items"]}
    for item in after["items"]:
        old = was.pop(item["pk"], None)
        rows.append((item["title"], _of_item(old) if old else "", _of_item(item)))
    rows += [(item["title"], _of_item(item), "") for item in was.values()]
    tables = {table["number"]: table["text"] for table in before["tables"]}
    for table in after["tables"]:
        rows.append((f"{table['number']}. {table['topic']}", tables.get(table["number"], ""), table["text"]))
    rows.append((_("End"), _of_rest(before), _of_rest(after)))
    return rows


def _of_item(item: Record) -> str:
    return "\n".join(part for part in (item["title"], item["text"], *_lines(item)) if part)


def _of_rest(side: Record) -> str:
    return "\n".join(part for part in (side["closing"], *_lines(side)) if part)


def _lines(part: Record) -> list[str]:
    return [line.replace("**", "") for line in record.register_lines(part)]
