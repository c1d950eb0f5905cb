"""Feedback on a meeting: asked by a personal link, answered without a name."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.public_forms import open_form

from ..models import Meeting, Participation
from . import feedback, permissions
from .forms import FeedbackForm


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link answers nothing."""
    row = Participation.objects.signed(token).select_related("meeting").first()
    if row is None:
        raise Http404(_("This link is not one of ours. It may have been cut: copy the whole of it from the message."))
    if not feedback.may_answer(row):
        return _private(render(request, "meetings/feedback_closed.html", {"meeting": row.meeting}))
    if feedback.has_answered(row):
        return _private(redirect("meetings:feedback_sent", row.meeting_id))
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        feedback.answer(row, form.cleaned_data)
        return _private(redirect("meetings:feedback_sent", row.meeting_id))
    return _private(render(request, "meetings/feedback.html", {"meeting": row.meeting, "form": form}))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def feedback_own(request: HttpRequest, pk: int) -> HttpResponse:
    """From the meeting's page to one's own form."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(Participation, meeting=meeting, person=request.user.pk)
    return redirect("meetings:feedback", row.token)


@login_not_required
@require_safe
def feedback_sent(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "meetings/feedback_sent.html")


@require_safe
def feedback_results(request: HttpRequest, pk: int) -> HttpResponse:
    """For the organisers, when answering has ended; what was written in words for the coordinator only."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    if not permissions.can_write(request.user, meeting):
        raise PermissionDenied
    is_coordinator = request.user.is_authenticated and request.user.is_coordinator
    context = {
        "meeting": meeting,
        "is_open": feedback.is_open(meeting),
        "closes_on": feedback.closes_on(meeting) if meeting.last_day else None,
        "results": feedback.results(meeting),
        "words": feedback.words(meeting) if is_coordinator else [],
        "is_coordinator": is_coordinator,
    }
    return render(request, "meetings/feedback_results.html", context)
