"""Writing minutes: begun from what is known, one text at a time, so that two writers lose nothing of each other's."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from network.guards import no_identity_code
from network.models import StatusEvent, User

from ..models import AgendaItem, Meeting, Minutes, Wish, WorkshopTable
from ..models.choices import ItemKind
from . import marks


class Closed(Exception):
    """These minutes are published, or there are none that are written."""


class Changed(Exception):
    """Somebody else has saved the text meanwhile; `now` is how it stands."""

    def __init__(self, now: "Text") -> None:
        self.now = now
        super().__init__()


@dataclass
class Text:
    """One text of the minutes that is written by itself."""

    key: str
    label: str
    text: str
    thing: models.Model
    column: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """What tells this text from any other that stood or will stand here."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def longest(self) -> int:
        return self.thing._meta.get_field(self.column).max_length or 0  # type: ignore[union-attr]


def open_minutes(meeting: Meeting) -> Minutes | None:
    """Those that are written now; at most one."""
    found = meeting.minutes.exclude(status=Minutes.Status.PUBLISHED).first()
    if found:
        found.meeting = meeting
    return found


def published(meeting: Meeting) -> Minutes | None:
    """The version that is in force."""
    found = meeting.minutes.filter(status=Minutes.Status.PUBLISHED).order_by("-number").first()
    if found:
        found.meeting = meeting
    return found


def texts_of(minutes: Minutes) -> list[Text]:
    """In the order of the page."""
    found = [Text("opening", _("Beginning"), minutes.opening, minutes, "opening")]
    for number, item in enumerate(minutes.meeting.items.accepted().select_related("organisation"), 1):
        found.append(_of_item(item, number))
    for table in minutes.meeting.tables.all():
        found.append(_of_table(table))
    return [*found, Text("closing", _("End"), minutes.closing, minutes, "closing")]


def _of_item(item: AgendaItem, number: int = 0) -> Text:
    label = f"{number}. {item.title}" if number else item.title
    return Text(f"item-{item.pk}", label, item.notes, item, "notes", {"item": item})


def _of_table(table: WorkshopTable) -> Text:
    label = _("Table %(number)s: %(topic)s") % {"number": table.number, "topic": table.topic}
    return Text(f"table-{table.pk}", label, table.notes, table, "notes", {"table": table})


def text_of(minutes: Minutes, key: str) -> Text:
    """Raises Closed for a key that is none of these minutes."""
    found = next((text for text in texts_of(minutes) if text.key == key), None)
    if found is None:
        raise Closed
    return found


# Beginning ----------------------------------------------------------------------------------------------------------


def begin(meeting: Meeting, *, by: User) -> Minutes:
    """The minutes that are written now; made, with what is known already, when there are none.

    After a published version it is the next one, a correction.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)  # two who begin at once get the same minutes
        if found := open_minutes(meeting):
            return found
        last = published(meeting)
        made = Minutes(meeting=meeting, number=1)
        if last:
            made.number, made.opening, made.closing = last.number + 1, last.opening, last.closing
        else:
            with translation.override(settings.LANGUAGE_CODE):
                made.opening = _opening(meeting)
                _prefill(meeting)
        made.save()
        StatusEvent.objects.create(subject=made, status=Minutes.Status.DRAFT, by=by)
        return made


def _opening(meeting: Meeting) -> str:
    lines = []
    if meeting.starts_at:
        time = date_format(timezone.localtime(meeting.starts_at), "j.n.Y H.i")
        lines.append(_("The meeting was held on %(time)s.") % {"time": time})
    place = ", ".join(part for part in (meeting.get_form_display() if meeting.form else "", meeting.venue) if part)
    if place:
        lines.append(_("How and where: %(place)s.") % {"place": place})
    guests = [", ".join(part for part in (guest.role, guest.organisation) if part) for guest in meeting.guests.all()]
    if named := [guest for guest in guests if guest]:
        lines.append(_("Guests: %(guests)s.") % {"guests": "; ".join(named)})
    return "\n\n".join(lines)


def _prefill(meeting: Meeting) -> None:
    """A line to go on from, where an item's text is still empty."""
    topics = {guest.name: guest.topic for guest in meeting.guests.all() if guest.name and guest.topic}
    for item in meeting.items.accepted().filter(notes="").select_related("organisation"):
        text = ""
        if item.kind == ItemKind.DECISION:
            text = _("Decision: %(title)s") % {"title": item.title}
        elif item.kind == ItemKind.INTRODUCTION and item.organisation:
            text = _("%(organisation)s introduced itself.") % {"organisation": item.organisation.name}
        elif topic := topics.get(item.presenter):
            text = _("The guest spoke about: %(topic)s.") % {"topic": topic}
        if text:
            AgendaItem.objects.filter(pk=item.pk, notes="").update(notes=text, edition=F("edition") + 1)


# Saving -------------------------------------------------------------------------------------------------------------


def save(minutes: Minutes, key: str, new: str, *, seen: str, by: User) -> Text:
    """Save one text over the one that the writer saw; the text as it stands after it.

    Raises Changed when another text stands there now, Closed when the minutes are published, ValidationError for a text
    that is too long or holds a personal identity code. Nothing is saved then.
    """
    new = tidy(new)
    with transaction.atomic():
        hold(minutes)
        text = text_of(minutes, key)
        if new == text.text:
            return text
        if seen != text.seen:
            raise Changed(text)
        if len(new) > text.longest:
            raise ValidationError(_("This text is too long: at most %(most)s characters fit.") % {"most": text.longest})
        no_identity_code(new)
        rows = type(text.thing)._default_manager.filter(pk=text.thing.pk, **{text.column: text.text})
        if not rows.update(**{text.column: new}, edition=F("edition") + 1):
            raise Changed(text_of(minutes, key))  # written elsewhere, such as at the desk
        setattr(text.thing, text.column, new)
        text.text = new
        marks.keep_register(minutes.meeting, minutes, by=by)
        return text


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))


def hold(minutes: Minutes) -> None:
    """Until the transaction ends nobody else writes or publishes these minutes. Raises Closed when they are published."""
    now = Minutes.objects.select_for_update().filter(pk=minutes.pk).exclude(status=Minutes.Status.PUBLISHED).first()
    if now is None:
        raise Closed
    for column in ("opening", "closing", "edition", "status", "what_changed"):
        setattr(minutes, column, getattr(now, column))


def next_position(meeting: Meeting) -> int:
    return (meeting.items.aggregate(last=Max("position"))["last"] or 0) + 1


def add_item(meeting: Meeting, title: str, *, by: User) -> AgendaItem:
    """A matter that came up in the meeting and was not on the agenda."""
    no_identity_code(title)
    return AgendaItem.objects.create(
        meeting=meeting, title=title[:200], position=next_position(meeting), proposer=by, kind=ItemKind.DISCUSSION
    )


def add_wishes(meeting: Meeting, ideas: list[str], *, by: User) -> int:
    """What a season's closing wished for, onto the wish list of its group; how many were new."""
    known = set(meeting.group.wishes.values_list("text", flat=True))
    new = [text for text in ideas if text not in known]
    Wish.objects.bulk_create(Wish(group=meeting.group, text=text, from_meeting=meeting, proposer=by) for text in new)
    return len(new)
