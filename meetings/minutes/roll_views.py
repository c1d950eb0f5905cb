"""Who is there, marked on the working page of the minutes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import attending
from ..forms import HeadcountForm, WalkInForm
from ..models import Meeting, MeetingGuest, Participation
from . import working_page, writing
from .working_page import meeting_to_write, page_of


@require_POST
def minutes_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: `mark` is such as "p12:present"; `all` marks everybody who said to be coming."""
    meeting = meeting_to_write(request, pk)
    try:
        if value := request.POST.get("all"):
            number = attending.mark_all(meeting, value)
            messages.success(request, _("Marked: %(number)s") % {"number": number})
        else:
            key, _colon, value = request.POST.get("mark", "").partition(":")
            attending.mark(_asked(meeting, key), value)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return page_of(meeting, "osallistujat")


def _asked(meeting: Meeting, key: str) -> Participation | MeetingGuest:
    rows: Any = {"p": meeting.participations, "g": meeting.guests}.get(key[:1])
    if rows is None or not key[1:].isdecimal() or len(key) > 19:
        raise Http404
    found: Participation | MeetingGuest = get_object_or_404(rows, pk=int(key[1:]))
    return found


@require_POST
def minutes_walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    form = WalkInForm(request.POST, prefix="walkin")
    if not form.is_valid():
        return working_page.show(
            request, meeting, writing.open_minutes(meeting), forms={"walk_in_form": form, "open_form": "walk-in"}
        )

    def add() -> str:
        data = form.cleaned_data
        attending.add_walk_in(
            meeting, **{name: data[name] for name in ("name", "organisation", "sector", "attendance")}
        )
        return page_of(meeting, "osallistujat").url

    return form.once(add)


@require_POST
def minutes_headcount(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    form = HeadcountForm(request.POST, meeting=meeting, prefix="count")
    if not form.is_valid():
        return working_page.show(
            request, meeting, writing.open_minutes(meeting), forms={"headcount_form": form, "open_form": "headcount"}
        )
    attending.set_headcounts(meeting, form.cleaned_data)
    return page_of(meeting, "osallistujat")
