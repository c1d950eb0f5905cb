"""From the working page to a published version: comments, the check and publishing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.permissions import signed_in
from network.transitions import InvalidTransition

from ..models import Meeting, Minutes
from . import publishing, writing
from .forms import CommentsForm, PublishForm
from .working_page import meeting_to_write, page_of


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
