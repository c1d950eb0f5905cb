"""Rows of meetings for tests; see `tests.factories`."""

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from meetings.models import AgendaItem, Group, GroupMembership, Meeting, MeetingGuest, MeetingSeries, Participation
from network.models import User

_numbers = count(1)


def in_days(days: int, hour: int = 13) -> dt.datetime:
    """So many days from today at a full hour by the clock on the wall."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def whole_network() -> Group:
    return Group.objects.get(kind=Group.Kind.NETWORK)


def make_group(name: str = "", **fields: Any) -> Group:
    number = next(_numbers)
    fields.setdefault("slug", f"ryhma-{number}")
    return Group.objects.create(name=name or f"Ryhmä {number}", **fields)


def join(person: User, group: Group, **fields: Any) -> GroupMembership:
    return GroupMembership.objects.create(person=person, group=group, **fields)


def make_meeting(
    title: str = "Verkostotapaaminen", *, days: int = 10, published: bool = True, **fields: Any
) -> Meeting:
    """A meeting of the whole network so many days from now, online, two hours long."""
    if "precision" not in fields:
        fields.setdefault("starts_at", in_days(days))
        fields.setdefault("ends_at", fields["starts_at"] + dt.timedelta(hours=2))
    if published:
        fields.setdefault("published_at", timezone.now())
    fields.setdefault("group", None)
    fields["group"] = fields["group"] or whole_network()
    fields.setdefault("join_link", "https://teams.example.org/liity/salainen")
    return Meeting.objects.create(title=title, **fields)


def make_item(meeting: Meeting, title: str = "", **fields: Any) -> AgendaItem:
    number = next(_numbers)
    fields.setdefault("status", AgendaItem.Status.ACCEPTED)
    fields.setdefault("position", number)
    return AgendaItem.objects.create(meeting=meeting, title=title or f"Kohta {number}", **fields)


def make_guest(meeting: Meeting, name: str = "Vieras (demo)", **fields: Any) -> MeetingGuest:
    fields.setdefault("email", f"guest{next(_numbers)}@example.org")
    return MeetingGuest.objects.create(meeting=meeting, name=name, **fields)


def make_series(**fields: Any) -> MeetingSeries:
    fields.setdefault("group", whole_network())
    fields.setdefault("weeks", [2])
    return MeetingSeries.objects.create(**{"name": "Verkostotapaaminen", "weekday": 3, **fields})


def ask(meeting: Meeting, person: User, **fields: Any) -> Participation:
    """As if the invitation had gone to her."""
    return Participation.objects.create(meeting=meeting, person=person, **{"invited_at": timezone.now(), **fields})
