"""*Omat tehtävät*, and the registers of decisions and actions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.models import StatusEvent
from network.permissions import can_see_members_only, signed_in

from ..models import ActionItem, GroupMembership, Meeting
from . import actions, search
from .forms import PostponeForm

PAGE_SIZE = 30


@require_safe
def own_actions(request: HttpRequest) -> HttpResponse:
    """What the person has promised, and beside it what is open in the meetings that she organises."""
    person = signed_in(request)
    mine = actions.own(person)
    others = actions.to_do(actions.organised(person)).exclude(owner=person).select_related("meeting", "owner")
    done = mine.exclude(done_at=None).order_by("-done_at")[:PAGE_SIZE]
    context = {
        "to_do": _with_traces(list(actions.to_do(mine))),
        "done": _with_traces(list(done)),
        "others": _with_traces(list(others[:100])),
        "today": timezone.localdate(),
    }
    return render(request, "meetings/own_actions.html", context)


def _with_traces(rows: list[ActionItem]) -> list[ActionItem]:
    """Each with what happened to it; one query for all."""
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(ActionItem)
    events: dict[int, list[StatusEvent]] = {}
    if rows:
        found = StatusEvent.objects.filter(subject_type=kind, subject_id__in=[row.pk for row in rows])
        for event in found.select_related("by").order_by("at", "pk"):
            events.setdefault(event.subject_id, []).append(event)
    for row in rows:
        row.events = events.get(row.pk, [])  # type: ignore[attr-defined]
    return rows


@require_POST
def action_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or with `again` open again."""
    action = get_object_or_404(actions.kept_by(request.user), pk=pk)
    try:
        verb = actions.reopen if "again" in request.POST else actions.finish
        verb(action, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("meetings:own_actions")


@require_http_methods(["GET", "HEAD", "POST"])
def action_postpone(request: HttpRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(actions.kept_by(request.user).filter(done_at=None), pk=pk)
    form = PostponeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.postpone(action, form.cleaned_data["to"], by=signed_in(request), reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("meetings:own_actions")
    return render(
        request, "meetings/action_postpone.html", {"action": action, "form": form, "trace": actions.trace(action)}
    )


@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """What has been decided, the newest first; for members and for those who belong to a group."""
    person = signed_in(request)
    belongs = GroupMembership.objects.current().filter(person=person).exists()
    if not (can_see_members_only(person) or belongs or Meeting.objects.organised_by(person).exists()):
        raise PermissionDenied
    page = Paginator(search.decisions(person), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "meetings/decision_list.html", {"page": page, "search_url": reverse("meetings:search")})
