"""Rows for tests of minutes. Each call makes one valid row; give what the test is about and let the rest be."""

import datetime as dt
from typing import Any

from django.utils import timezone

from meetings.minutes import publishing, writing
from meetings.models import AgendaItem, Group, Meeting, MeetingGuest, Minutes, Participation
from network.models import User


def make_meeting(title: str = "Verkoston tapaaminen", *, days_ago: float = 1, **fields: Any) -> Meeting:
    """A public meeting of the whole network that was held."""
    fields.setdefault("group", Group.objects.get(kind=Group.Kind.NETWORK))
    if "precision" not in fields:
        start = timezone.now() - dt.timedelta(days=days_ago)
        fields.setdefault("starts_at", start)
        fields.setdefault("ends_at", start + dt.timedelta(hours=2))
    fields.setdefault("published_at", timezone.now() - dt.timedelta(days=30))
    fields.setdefault("is_public", True)
    return Meeting.objects.create(title=title, **fields)


def make_item(meeting: Meeting, title: str = "Palvelupolut", **fields: Any) -> AgendaItem:
    fields.setdefault("publicity", "public")
    fields.setdefault("position", meeting.items.count() + 1)
    if fields["publicity"] == "restricted":
        fields.setdefault("ground", "Kesken oleva asia")
    return AgendaItem.objects.create(meeting=meeting, title=title, **fields)


def make_participation(meeting: Meeting, person: User | None = None, **fields: Any) -> Participation:
    fields.setdefault("invited_at", timezone.now())
    return Participation.objects.create(meeting=meeting, person=person, **fields)


def make_guest(meeting: Meeting, **fields: Any) -> MeetingGuest:
    fields.setdefault("role", "päihdeasiamies")
    return MeetingGuest.objects.create(meeting=meeting, **fields)


def make_published(meeting: Meeting, by: User, **texts: str) -> Minutes:
    """Minutes written and published: `item_<pk>` or `opening` and `closing` → text."""
    minutes = writing.begin(meeting, by=by)
    for key, text in texts.items():
        write(minutes, key.replace("_", "-"), text, by=by)
    publish(minutes, by=by)
    return minutes


def write(minutes: Minutes, key: str, text: str, *, by: User) -> None:
    writing.save(minutes, key, text, seen=writing.text_of(minutes, key).seen, by=by)


def publish(minutes: Minutes, *, by: User, what_changed: str = "Korjattu") -> None:
    publishing.publish(minutes, by=by, stamp=publishing.check(minutes).stamp, what_changed=what_changed)
