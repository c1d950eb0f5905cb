"""What minutes say, as data: put together from the agenda and the texts, and read by somebody of a level.

A record holds no name of who was there or does something: it holds numbers of rows, and the names are looked up when
it is read. So a person who is erased is gone from published minutes too, and a guest may take a consent back.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from network.models import Organisation
from network.models.organisation import Sector
from network.small_numbers import may_show, safe_beside_total

from ..models import ActionItem, Attachment, Meeting, MeetingGuest, Minutes, Participation
from ..models.choices import ItemKind
from . import marks, names
from .permissions import PUBLIC, RESTRICTED

Record = dict[str, Any]


def build(minutes: Minutes) -> Record:
    """All of it, restricted items too, as it stands now."""
    meeting = minutes.meeting
    there = list(meeting.participations.was_there().select_related("organisation"))
    guests = [guest for guest in meeting.guests.all() if guest.attendance != "absent"]
    counts = Counter({row.sector: row.number for row in meeting.headcounts.all()})
    sectors = counts + Counter(row.sector for row in there if row.sector)
    return {
        "opening": _rest(minutes.opening),
        "closing": _rest(minutes.closing),
        "present": [row.pk for row in there],
        "guests": [guest.pk for guest in guests],
        "organisations": _organisations(there, guests),
        "headcount": max(len(there) + counts.total(), meeting.headcount or 0),
        "sectors": dict(sectors),
        "items": _items(meeting),
        "tables": [
            {"number": table.number, "topic": table.topic, "text": _rest(table.notes)} for table in meeting.tables.all()
        ],
        **_register(meeting, None),
    }


def _rest(text: str) -> str:
    return marks.parse(text)[0]


def _organisations(there: Iterable[Participation], guests: Iterable[MeetingGuest]) -> list[str]:
    found = {row.organisation.name if row.organisation else row.organisation_name for row in there}
    found |= {guest.organisation for guest in guests}
    return sorted(found - {""}, key=str.casefold)


def _items(meeting: Meeting) -> list[Record]:
    return [
        {
            "pk": item.pk,
            "title": item.title,
            "kind": item.kind,
            "publicity": item.publicity,
            "presenter": item.presenter,
            "text": _rest(item.notes),
            **_register(meeting, item.pk),
        }
        for item in meeting.items.accepted()
    ]


def _register(meeting: Meeting, item: int | None) -> Record:
    """Decisions and actions of the item, or of none. The rows are read once for the meeting."""
    rows = meeting.__dict__.get("_register")
    if rows is None:
        rows = (list(meeting.decisions.order_by("pk")), list(meeting.actions.order_by("pk")))
        meeting.__dict__["_register"] = rows
    return {
        "decisions": [{"pk": row.pk, "text": row.text} for row in rows[0] if row.item_id == item],
        "actions": [
            {"pk": row.pk, "text": row.text, "due": row.due.isoformat() if row.due else ""}
            for row in rows[1]
            if row.item_id == item
        ],
    }


def forget_what_was_read(meeting: Meeting) -> None:
    meeting.__dict__.pop("_register", None)
    meeting.__dict__.pop("_bodies", None)


# The public version -------------------------------------------------------------------------------------------------


def public(record: Record, meeting: Meeting) -> Record:
    """What everybody may read: public items only, and no name, link, address or telephone number in any of it."""
    with translation.override(settings.LANGUAGE_CODE):
        people = names.people_of(meeting)
        free = {guest.name for guest in meeting.guests.all() if guest.name and guest.name_may_be_published}
        free |= names.bodies_of(meeting)
        members = set(Organisation.objects.filter(name__in=record["organisations"]).values_list("name", flat=True))

        def clean(text: str) -> str:
            return names.cleaned(text, people)

        def lines(rows: list[Record]) -> list[Record]:
            return [row | {"text": clean(row["text"])} for row in rows]

        items = [
            item
            | {
                "title": clean(item["title"]),
                "text": clean(item["text"]),
                "presenter": item["presenter"] if item["presenter"] in free else "",
                "decisions": lines(item["decisions"]),
                "actions": lines(item["actions"]),
            }
            for item in record["items"]
            if item["publicity"] == PUBLIC
        ]
        return record | {
            "opening": clean(record["opening"]),
            "closing": clean(record["closing"]),
            "organisations": [name if name in members else clean(name) for name in record["organisations"]],
            "present": [],
            "items": items,
            "tables": [],
            "decisions": [],
            "actions": [],
        }


def for_level(minutes: Minutes, level: str) -> Record:
    """Of published minutes, what this level reads."""
    return minutes.public_record if level == PUBLIC else cut(minutes.record, level)


def cut(record: Record, level: str) -> Record:
    if level == RESTRICTED:
        return record
    return record | {"items": [item for item in record["items"] if item["publicity"] != RESTRICTED]}


# As text ------------------------------------------------------------------------------------------------------------


def as_markdown(record: Record) -> str:
    """In the language of the minutes: for the search, the summary and the printed paper."""
    blocks = [record["opening"]]
    for item in record["items"]:
        blocks += [f"## {item['title']}", item["text"], *register_lines(item)]
    for table in record["tables"]:
        blocks += [f"## {table['number']}. {table['topic']}", table["text"]]
    blocks += [record["closing"], *register_lines(record)]
    return "\n\n".join(block for block in blocks if block.strip())


def register_lines(part: Record) -> list[str]:
    decisions = [f"**{_('Decision')}:** {row['text']}" for row in part["decisions"]]
    return decisions + [f"**{_('Action')}:** {row['text']}" for row in part["actions"]]


# For a page ---------------------------------------------------------------------------------------------------------


def shown(record: Record, meeting: Meeting, level: str) -> Record:
    """The record with the names that the level may read: for templates. Five queries, however long it is."""
    is_public = level == PUBLIC
    guests = MeetingGuest.objects.filter(meeting=meeting, pk__in=record.get("guests", []))
    there = Participation.objects.filter(meeting=meeting, pk__in=record.get("present", [])).select_related(
        "person", "organisation"
    )
    rows = ActionItem.objects.filter(meeting=meeting).select_related("owner")
    owners = {} if is_public else {row.pk: str(row.owner) if row.owner else row.owner_name for row in rows}
    kinds = dict(ItemKind.choices)
    sectors = record.get("sectors", {})
    safe = safe_beside_total(sectors)
    files: dict[int | None, list[Attachment]] = {}
    for file in Attachment.objects.filter(item__meeting=meeting).select_related("guest"):
        if not is_public or file.guest is None or file.guest.slides_may_be_published:
            files.setdefault(file.item_id, []).append(file)

    def with_owners(part: Record) -> Record:
        return part | {"actions": [row | {"owner": owners.get(row["pk"], "")} for row in part["actions"]]}

    return with_owners(record) | {
        "items": [
            with_owners(item) | {"kind_name": kinds.get(item["kind"], ""), "files": files.get(item["pk"], [])}
            for item in record["items"]
        ],
        "guests": [guest.public_name if is_public else _whole(guest) for guest in guests],
        "headcount": record["headcount"] if may_show(record.get("headcount", 0)) or not is_public else 0,
        "people": [] if is_public else _people(there),
        "sectors": [(label, sectors[code]) for code, label in Sector.choices if code in safe],
    }


def _whole(guest: MeetingGuest) -> str:
    return ", ".join(part for part in (guest.name, guest.role, guest.organisation) if part)


def _people(there: Iterable[Participation]) -> list[str]:
    rows = [(row.shown_name, str(row.organisation or row.organisation_name)) for row in there]
    return sorted((f"{name}, {body}" if body else name for name, body in rows if name), key=str.casefold)
