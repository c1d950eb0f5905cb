"""Writing minutes: one text at a time, and what came up in the meeting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.permissions import signed_in

from ..models import Meeting, Minutes
from ..models.choices import MeetingKind
from . import working_page, writing
from .forms import NewItemForm, WishesForm
from .working_page import meeting_to_write, page_of


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
    return working_page.show(request, meeting, minutes)


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
    return working_page.show(request, meeting, minutes, {key: state | {"sent_seen": seen}}, status=status)


def _both(theirs: str, mine: str) -> str:
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


def _clock() -> str:
    return f"{timezone.localtime():%H.%M}"


# What came up -------------------------------------------------------------------------------------------------------


@require_POST
def minutes_item(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_to_write(request, pk)
    form = NewItemForm(request.POST, prefix="item")
    if not form.is_valid():
        return working_page.show(request, meeting, writing.open_minutes(meeting), forms={"item_form": form})

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
        return working_page.show(request, meeting, writing.open_minutes(meeting), forms={"wishes_form": form})

    def add() -> str:
        number = writing.add_wishes(meeting, form.cleaned_data["ideas"], by=signed_in(request))
        messages.success(request, _("Added to the wish list: %(number)s") % {"number": number})
        return page_of(meeting, "toiveet").url

    return form.once(add)
