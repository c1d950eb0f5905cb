"""The working page of the minutes: who is there, and the text under each item, on one page during the meeting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import attending
from ..forms import HeadcountForm, WalkInForm
from ..models import Meeting, Minutes
from ..models.choices import MeetingKind
from ..models.participation import Attendance
from . import permissions, writing
from .forms import NewItemForm, WishesForm
from .writing import Text


def meeting_to_write(request: HttpRequest, pk: int) -> Meeting:
    """404 for who does not see the meeting, 403 for who does not write its minutes."""
    seen = Meeting.objects.visible_to(request.user).select_related("group", "municipality")
    meeting = get_object_or_404(seen, pk=pk)
    if not permissions.can_write(request.user, meeting):
        raise PermissionDenied
    return meeting


def page_of(meeting: Meeting, anchor: str = "") -> HttpResponseRedirect:
    return redirect(reverse("meetings:minutes_write", args=[meeting.pk]) + (f"#{anchor}" if anchor else ""))


def show(
    request: HttpRequest,
    meeting: Meeting,
    minutes: Minutes | None,
    states: dict[str, dict[str, Any]] | None = None,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    states = states or {}
    texts = writing.texts_of(minutes) if minutes else []
    known = {text.key for text in texts}
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "published": writing.published(meeting),
        "parts": [_part(text, states.get(text.key)) for text in texts],
        "homeless": [state for key, state in states.items() if key not in known],
        "register": _register(meeting) if minutes else {},
        "comments": minutes.comments.select_related("author", "item") if minutes else (),
        **_attendance(meeting),
        **_forms(meeting),
        **(forms or {}),
    }
    return render(request, "meetings/minutes_write.html", context, status=status)


def _part(text: Text, state: dict[str, Any] | None) -> dict[str, Any]:
    """A text with what is to be shown in its form: as it is saved, or as it was sent."""
    state = state or {}
    seen = state.get("seen") or (state["sent_seen"] if state.get("sent_seen") else text.seen)
    shown = state.get("both") or state.get("typed", text.text)
    rows = min(24, max(4, shown.count("\n") + 2, len(shown) // 70 + 2))
    return {"text": text, "shown": shown, "seen": seen, "rows": rows, **text.details, **{key: state.get(key) for key in ("typed", "preview", "conflict", "error", "both")}}  # fmt: skip


def _register(meeting: Meeting) -> dict[str, Any]:
    return {
        "decisions": list(meeting.decisions.select_related("item").order_by("pk")),
        "actions": list(meeting.actions.select_related("item", "owner").order_by("pk")),
    }


def _forms(meeting: Meeting) -> dict[str, Any]:
    return {
        "walk_in_form": WalkInForm(prefix="walkin"),
        "headcount_form": HeadcountForm(meeting=meeting, prefix="count"),
        "item_form": NewItemForm(prefix="item"),
        "wishes_form": WishesForm(prefix="wish") if meeting.kind == MeetingKind.CLOSING else None,
    }


def _attendance(meeting: Meeting) -> dict[str, Any]:
    rows = list(meeting.participations.select_related("person", "organisation"))
    people = [
        {
            "key": f"p{row.pk}",
            "name": row.shown_name or _("Name removed"),
            "body": str(row.organisation or row.organisation_name),
            "answer": row.get_answer_display(),
            "attendance": row.attendance,
        }
        for row in rows
    ]
    people.sort(key=lambda one: one["name"].casefold())
    guests = [
        {"key": f"g{row.pk}", "name": str(row), "body": row.organisation, "answer": row.get_answer_display(), "attendance": row.attendance}
        for row in meeting.guests.all()
    ]  # fmt: skip
    return {"people": [*guests, *people], "ways": Attendance.choices, "counts": attending.counts(meeting)}
