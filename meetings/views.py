"""Meetings as people find and read them."""

from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.public_pages import public_page

from . import agenda, clock, inviting, permissions, registering
from .models import AgendaItem, Attachment, Group, Meeting
from .models.choices import MeetingKind

PAGE_SIZE = 20


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """What is to come, and below it the archive page by page; both narrowed by the kind that was asked for."""
    kind = request.GET.get("laji", "")
    seen = Meeting.objects.visible_to(request.user).select_related("group", "municipality")
    if kind in MeetingKind.values:
        seen = seen.filter(kind=kind)
    context = {
        "coming": seen.upcoming(),
        "page": page_of(request, seen.past()),
        "kind": kind,
        "kinds": MeetingKind.choices,
        "groups": Group.objects.visible_to(request.user).active(),
    }
    return render(request, "meetings/meeting_list.html", context)


@login_not_required
@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    seen = Meeting.objects.visible_to(request.user).trainings().select_related("group", "municipality")
    context = {"coming": seen.upcoming().prefetch_related("sessions"), "page": page_of(request, seen.past())}
    return render(request, "meetings/training_list.html", context)


def page_of(request: HttpRequest, rows: Any) -> Any:
    try:
        return Paginator(rows, PAGE_SIZE).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None


def seen_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting as the reader may see it, else 404."""
    meetings = Meeting.objects.visible_to(request.user).select_related("group", "municipality")
    return get_object_or_404(meetings, pk=pk)


def items_for(request: HttpRequest, meeting: Meeting) -> Any:
    """The items of the agenda that the reader may see, with their files."""
    slides = Attachment.objects.select_related("guest", "item__meeting", "group").order_by("pk")
    return (
        AgendaItem.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .accepted()
        .select_related("organisation", "carried_from__meeting")
        .prefetch_related(Prefetch("attachments", slides), "services", "organisations")
        .order_by("position", "pk")
    )


@login_not_required
@require_safe
@public_page(clock=clock.clock)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = seen_meeting(request, pk)
    user = request.user
    members = permissions.can_see_members_only(user)
    organises = permissions.can_organise(user, meeting)
    can_answer = permissions.can_answer(user, meeting)
    own = meeting.participations.filter(person=user.pk).first() if user.is_authenticated else None
    context = {
        "meeting": meeting,
        "when": inviting.when(meeting),
        "clock": agenda.clock(meeting, list(items_for(request, meeting))),
        "members": members or organises or own is not None,
        "organises": organises,
        "own": own,
        "can_answer": can_answer,
        "can_propose": permissions.can_propose(user, meeting),
        "can_register": registering.is_open(meeting) and not can_answer,
        "join_link": meeting.join_link if permissions.can_see_join_link(user, meeting) else "",
        "guests": meeting.guests.all(),
        "sessions": meeting.sessions.all(),
        "tables": meeting.tables.all(),
        "actions": agenda.open_actions_for(user, meeting) if members and not meeting.is_over else [],
        "themes": meeting.themes.all(),
        "headcounts": meeting.headcounts.all(),
        "mine": meeting.items.filter(proposer=user.pk).exclude(status="accepted") if user.is_authenticated else [],
    }
    return render(request, "meetings/meeting_detail.html", context)


@login_not_required
@require_safe
def meeting_flyer(request: HttpRequest, pk: int) -> HttpResponse:
    """One page to print and pin on a wall, of a public meeting."""
    meeting = get_object_or_404(
        Meeting.objects.published().standing().select_related("municipality"), pk=pk, is_public=True
    )
    address = settings.SITE_URL + meeting.get_absolute_url()
    picture = mark_safe(segno.make(address, error="m").svg_inline(scale=3, border=0, omitsize=True))  # our own address
    public = meeting.items.accepted().filter(publicity="public").order_by("position", "pk")
    context = {
        "meeting": meeting,
        "when": inviting.when(meeting),
        "address": address,
        "picture": picture,
        "items": public,
    }
    return render(
        request,
        "meetings/meeting_flyer.html",
        {**context, "guests": meeting.guests.all(), "can_register": registering.is_open(meeting)},
    )
