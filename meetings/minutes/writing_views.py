"""The working page of the minutes: who is there, and the text under each item, on one page during the meeting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.permissions import signed_in
from network.transitions import InvalidTransition

from .. import attending
from ..models import Meeting, MeetingGuest, Minutes, Participation, Wish
from ..models.choices import MeetingKind
from ..models.participation import Attendance
from . import permissions, publishing, writing
from .forms import CommentsForm, HeadcountForm, NewItemForm, PublishForm, WalkInForm, WishesForm
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


@require_POST
def minutes_begin(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    writing.begin(meeting, by=signed_in(request))
    return page_of(meeting)


# The texts ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_write(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    minutes = writing.open_minutes(meeting)
    if request.method == "POST":
        return _save(request, meeting, minutes)
    return _page(request, meeting, minutes)


def _save(request: HttpRequest, meeting: Meeting, minutes: Minutes | None) -> HttpResponse:
    key, typed = request.POST.get("key", ""), writing.tidy(request.POST.get("text", ""))
    seen, what = request.POST.get("seen", ""), request.POST.get("do", "save")
    by_itself = "application/json" in request.headers.get("Accept", "")
    state: dict[str, Any] = {"typed": typed}
    status = 200
    try:
        if minutes is None:
            raise writing.Closed
        if what == "preview":
            state |= {"preview": True, "was": writing.text_of(minutes, key).text}
        else:
            text = writing.save(minutes, key, typed, seen=seen, by=signed_in(request))
            if by_itself:
                return JsonResponse({"state": "saved", "seen": text.seen, "at": _clock()})
            messages.success(request, _("Saved: %(what)s") % {"what": text.label})
            return page_of(meeting, key)
    except writing.Closed:
        state |= {
            "lost": _("These minutes are published already. What you wrote is here: begin a correction to save it.")
        }
        status = 409
    except writing.Changed as changed:
        state |= {"conflict": changed.now, "seen": changed.now.seen, "both": _both(changed.now.text, typed)}
        status = 409
    except ValidationError as refusal:
        state |= {"error": " ".join(refusal.messages)}
        status = 422 if by_itself else 200
    if by_itself:
        name = "conflict" if "conflict" in state else "closed" if "lost" in state else "refused"
        return JsonResponse({"state": name, "error": state.get("error", "")}, status=status)
    return _page(request, meeting, minutes, {key: state | {"sent_seen": seen}}, status=status)


def _both(theirs: str, mine: str) -> str:
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


def _clock() -> str:
    return f"{timezone.localtime():%H.%M}"


def _page(
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
    numbers = {row.sector: row.number for row in meeting.headcounts.all()}
    return {
        "walk_in_form": WalkInForm(prefix="walkin"),
        "headcount_form": HeadcountForm(initial=numbers, prefix="count"),
        "item_form": NewItemForm(prefix="item"),
        "wishes_form": WishesForm(prefix="wish") if meeting.kind == MeetingKind.CLOSING else None,
    }


# Who is there -------------------------------------------------------------------------------------------------------


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
        return _page(
            request, meeting, writing.open_minutes(meeting), forms={"walk_in_form": form, "open_form": "walk-in"}
        )

    def add() -> str:
        data = form.cleaned_data
        attending.add_walk_in(
            meeting, name=data["name"], organisation=data["organisation"], sector=data["sector"], attendance=data["attendance"]
        )  # fmt: skip
        return page_of(meeting, "osallistujat").url

    return form.once(add)


@require_POST
def minutes_headcount(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    form = HeadcountForm(request.POST, prefix="count")
    if not form.is_valid():
        return _page(
            request, meeting, writing.open_minutes(meeting), forms={"headcount_form": form, "open_form": "headcount"}
        )
    attending.set_headcounts(meeting, form.cleaned_data)
    return page_of(meeting, "osallistujat")


# What came up -------------------------------------------------------------------------------------------------------


@require_POST
def minutes_item(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    form = NewItemForm(request.POST, prefix="item")
    if not form.is_valid():
        return _page(request, meeting, writing.open_minutes(meeting), forms={"item_form": form})

    def add() -> str:
        item = writing.add_item(meeting, form.cleaned_data["title"], by=signed_in(request))
        return page_of(meeting, f"item-{item.pk}").url

    return form.once(add)


@require_POST
def minutes_wishes(request: HttpRequest, pk: int) -> HttpResponse:
    """The closing of a season gathers ideas: they become the wish list of the group."""
    meeting = meeting_to_write(request, pk)
    if meeting.kind != MeetingKind.CLOSING:
        raise Http404
    form = WishesForm(request.POST, prefix="wish")
    if not form.is_valid():
        return _page(request, meeting, writing.open_minutes(meeting), forms={"wishes_form": form})

    def add() -> str:
        known = set(meeting.group.wishes.values_list("text", flat=True))
        new = [text for text in form.cleaned_data["ideas"] if text not in known]
        Wish.objects.bulk_create(
            Wish(group=meeting.group, text=text, from_meeting=meeting, proposer=signed_in(request)) for text in new
        )
        messages.success(request, _("Added to the wish list: %(number)s") % {"number": len(new)})
        return page_of(meeting, "toiveet").url

    return form.once(add)


# Towards publishing -------------------------------------------------------------------------------------------------


def open_or_404(meeting: Meeting) -> Minutes:
    minutes = writing.open_minutes(meeting)
    if minutes is None:
        raise Http404(_("No minutes of this meeting are being written."))
    return minutes


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft out for comments, or take it back."""
    meeting = meeting_to_write(request, pk)
    minutes = open_or_404(meeting)
    form = CommentsForm(
        request.POST or None,
        instance=minutes,
        initial={"comments_until": timezone.localdate() + publishing.COMMENTED_FOR},
    )
    if request.method == "POST":
        try:
            if "back" in request.POST:
                publishing.take_back(minutes, by=signed_in(request))
                return page_of(meeting)
            if form.is_valid():
                until = form.cleaned_data["comments_until"]
                publishing.send_for_comments(minutes, by=signed_in(request), until=until)
                messages.success(request, _("The minutes are out for comments, and those who were asked are told."))
                return redirect("meetings:minutes", meeting.pk)
        except InvalidTransition as refusal:
            messages.error(request, " ".join(refusal.messages))
            return page_of(meeting)
    return render(request, "meetings/minutes_comments.html", {"meeting": meeting, "minutes": minutes, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What is looked at before publishing; and publishing, of the very text that was looked at."""
    meeting = meeting_to_write(request, pk)
    minutes = writing.open_minutes(meeting)
    if minutes is None:
        messages.error(request, _("These minutes are published already."))
        return redirect("meetings:minutes", meeting.pk)
    form = PublishForm(request.POST or None, minutes=minutes)
    stale = False
    if form.is_valid():
        try:
            with transaction.atomic():
                publishing.publish(
                    minutes,
                    by=signed_in(request),
                    stamp=form.cleaned_data["stamp"],
                    what_changed=form.cleaned_data.get("what_changed", ""),
                )
        except (writing.Closed, InvalidTransition):
            messages.error(request, _("Somebody else has published these minutes already."))
            return redirect("meetings:minutes", meeting.pk)
        except writing.Changed:
            stale = True
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The minutes are published."))
            return redirect("meetings:minutes", meeting.pk)
    check = publishing.check(minutes)
    context = {"meeting": meeting, "minutes": minutes, "form": form, "check": check, "stale": stale}
    return render(request, "meetings/minutes_publish.html", context, status=409 if stale else 200)
