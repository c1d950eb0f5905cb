"""Decisions and actions that are marked in the text of the minutes, and the register that follows from them.

    Päätös: Perustetaan läheisten ryhmä.
    Tehtävä: Kysytään tilaa seurakunnalta (Maija Meikäläinen, 15.12.2026)

A line that begins with such a word is one of the register. Who does it and by when stand in brackets at its end.
"""

import datetime as dt
import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from network.models import User

from ..models import ActionItem, Decision, Meeting, Minutes
from . import names

MARK = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:(?P<decision>päätös|päätettiin|beslut|decision)|(?:tehtävä|toimenpide|uppgift|åtgärd|action))"
    r"(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*(?P<text>\S.*?)\s*$",
    re.I,
)
BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*\.?$")
DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})?|\b(\d{4})-(\d{2})-(\d{2})\b")
_Row = TypeVar("_Row", Decision, ActionItem)
ALIKE = 0.6  # how much of a line may stay for it to be the same thing, said better


class Mark(NamedTuple):
    is_decision: bool
    text: str
    owner: str = ""
    due: dt.date | None = None


def parse(text: str, *, on: dt.date | None = None) -> tuple[str, list[Mark]]:
    """The text without the marked lines, and the marks. A day without a year is the next such day from `on`."""
    rest, found = [], []
    for line in text.splitlines():
        if match := MARK.match(line):
            found.append(_mark(bool(match["decision"]), match["text"], on))
        else:
            rest.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rest)).strip(), found


def _mark(is_decision: bool, text: str, on: dt.date | None) -> Mark:
    if is_decision:
        return Mark(True, text[:3000])
    brackets = BRACKETS.search(text)
    if brackets is None:
        return Mark(False, text[:1000])
    due = _day(brackets[1], on)
    owner = DAY.sub("", brackets[1]).strip(" ,;–-")
    return Mark(False, (text[: brackets.start()].strip() or text)[:1000], owner[:150], due)


def _day(text: str, on: dt.date | None) -> dt.date | None:
    match = DAY.search(text)
    if match is None:
        return None
    try:
        if match[4]:
            return dt.date(int(match[4]), int(match[5]), int(match[6]))
        if match[3]:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        on = on or timezone.localdate()
        this_year = dt.date(on.year, int(match[2]), int(match[1]))
        return this_year if this_year >= on else this_year.replace(year=on.year + 1)
    except ValueError:
        return None


@transaction.atomic
def keep_register(meeting: Meeting, minutes: Minutes, *, by: User | None) -> None:
    """Make the register say what the texts say now. What is done already stays, whatever becomes of its line."""
    texts: list[tuple[int | None, str]] = list(meeting.items.accepted().values_list("pk", "notes"))
    texts += [(None, minutes.opening), (None, minutes.closing)]
    texts += [(None, notes) for notes in meeting.tables.values_list("notes", flat=True)]
    marks = [(item, mark) for item, text in texts for mark in parse(text, on=meeting.first_day)[1]]
    _keep_decisions(meeting, [(item, mark) for item, mark in marks if mark.is_decision], by)
    _keep_actions(meeting, [(item, mark) for item, mark in marks if not mark.is_decision])


def _keep_decisions(meeting: Meeting, marks: list[tuple[int | None, Mark]], by: User | None) -> None:
    known = list(meeting.decisions.filter(is_marked=True).order_by("pk"))
    for item, mark in marks:
        row = _taken(known, item, mark.text)
        if row is None:
            row = Decision.objects.create(meeting=meeting, item_id=item, text=mark.text, created_by=by, is_marked=True)
            if row.item:
                row.services.set(row.item.services.all())
                row.organisations.set(row.item.organisations.all())
        elif row.text != mark.text:
            row.text = mark.text
            row.save(update_fields=["text"])
    Decision.objects.filter(pk__in=[row.pk for row in known]).delete()


def _keep_actions(meeting: Meeting, marks: list[tuple[int | None, Mark]]) -> None:
    known = list(meeting.actions.filter(is_marked=True).order_by("pk").select_related("owner"))
    people = _people_of(meeting) if any(mark.owner for _item, mark in marks) else []
    for item, mark in marks:
        owner = owner_among(people, mark.owner)
        row = _taken(known, item, mark.text)
        if row is None:
            row = ActionItem(meeting=meeting, item_id=item, is_marked=True, due=mark.due)
        elif not row.times_moved:
            row.due = mark.due
        row.text, row.owner, row.owner_name = mark.text, owner, "" if owner else mark.owner
        row.save()
    ActionItem.objects.filter(pk__in=[row.pk for row in known if row.done_at is None]).delete()


def _taken(known: list[_Row], item: int | None, text: str) -> _Row | None:
    """The row that this line has had, taken off the list: the same words, else the most alike of the same item."""
    same = [row for row in known if row.item_id == item]
    best = next((row for row in same if row.text == text), None)
    if best is None and same:
        likeness = {row.pk: SequenceMatcher(None, row.text, text).ratio() for row in same}
        closest = max(same, key=lambda row: likeness[row.pk])
        best = closest if likeness[closest.pk] >= ALIKE else None
    if best is not None:
        known.remove(best)
    return best


def _people_of(meeting: Meeting) -> list[User]:
    there = meeting.participations.exclude(person=None).values("person")
    members, organisers = meeting.group.people().values("pk"), meeting.organisers.values("pk")
    return list(User.objects.filter(Q(pk__in=there) | Q(pk__in=members) | Q(pk__in=organisers)))


def owner_among(people: Iterable[User], written: str) -> User | None:
    """Who is meant, when it is one person only: by the whole name, else by the first name."""
    words = names.parts(written)
    if not words:
        return None
    folded = [word.casefold() for word in words]
    known = [(person, [part.casefold() for part in names.parts(person.name)]) for person in people]
    whole = [person for person, own in known if own and own == folded]
    first = [person for person, own in known if own and folded == own[:1]]
    found = whole or first
    return found[0] if len(found) == 1 else None
