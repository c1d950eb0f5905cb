"""Meetings that are known of from before the portal, loaded from a file: each once, with its time as far as it is known."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Group, Meeting, MeetingGuest, MeetingTheme

KNOWN = (
    "kind",
    "title",
    "precision",
    "time_text",
    "form",
    "headcount",
    "decision_makers",
    "experts",
    "description",
    "venue",
)


@transaction.atomic
def load(path: Path) -> int:
    """Add the meetings that are not there yet, to the group of the whole network; how many.

    A meeting that was loaded before is left as people have made it. Raises ValidationError for one that is not right:
    then none is added.
    """
    facts = json.loads(path.read_text(encoding="utf-8"))
    group = Group.objects.get(kind=Group.Kind.NETWORK)
    themes = {theme.code: theme for theme in MeetingTheme.objects.all()}
    added = 0
    for row in facts["meetings"]:
        uid = f"{row['key']}@archive"
        if Meeting.objects.filter(uid=uid).exists():
            continue
        meeting = Meeting(uid=uid, group=group, source=facts["source"], is_public=True, published_at=timezone.now())
        for name in KNOWN:
            if name in row:
                setattr(meeting, name, row[name])
        meeting.first_day, meeting.last_day = _day(row, "first_day"), _day(row, "last_day")
        meeting.full_clean()
        meeting.save()
        meeting.themes.set(themes[code] for code in row.get("themes", []) if code in themes)
        MeetingGuest.objects.bulk_create(MeetingGuest(meeting=meeting, **guest) for guest in row.get("guests", []))
        added += 1
    return added


def _day(row: dict[str, Any], name: str) -> dt.date | None:
    return dt.date.fromisoformat(row[name]) if row.get(name) else None
