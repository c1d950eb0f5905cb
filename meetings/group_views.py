"""Groups, their year plans and seasons."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.permissions import signed_in

from . import agenda, files, inviting, permissions, preparing, years
from .forms import AttachmentForm, MonthForm, SeasonForm, WishForm
from .models import Group, Meeting, MeetingSeries


def seen_group(request: HttpRequest, slug: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(request.user).select_related("organisation"), slug=slug)


@login_not_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    groups = Group.objects.visible_to(request.user).active().with_numbers()
    mine = set(Group.objects.of(request.user).values_list("pk", flat=True)) if request.user.is_authenticated else set()
    return render(request, "meetings/group_list.html", {"groups": groups, "mine": mine})


@login_not_required
@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    group = seen_group(request, slug)
    user = request.user
    seen = Meeting.objects.visible_to(user).filter(group=group).select_related("group", "municipality")
    current = group.memberships.current().select_related("person").order_by("-role", "person__name", "pk")
    belongs = permissions.belongs_to(user, group)
    context = {
        "group": group,
        "coming": seen.upcoming()[:10],
        "past": seen.past()[:10],
        "members": current if belongs and not group.is_whole_network else [],
        "seats_taken": current.filter(has_expert_seat=True).count(),
        "belongs": belongs,
        "own": current.filter(person=user.pk).first() if user.is_authenticated else None,
        "can_join": permissions.can_join(user, group),
        "organises": permissions.can_organise_group(user, group),
        "files": group.attachments.all() if belongs else [],
        "series": group.series.filter(ended_on=None),
    }
    return render(request, "meetings/group_detail.html", context)


@require_POST
def group_join(request: HttpRequest, slug: str) -> HttpResponse:
    """*Haluan mukaan*: at once in an open group. Pressed twice it is once."""
    group = seen_group(request, slug)
    person = signed_in(request)
    if not permissions.can_join(person, group):
        if group.memberships.current().filter(person=person).exists():
            return redirect(group)
        raise PermissionDenied
    if group.join(person):
        messages.success(request, _("Welcome to the group. You get the invitations to its meetings."))
    return redirect(group)


@require_POST
def group_leave(request: HttpRequest, slug: str) -> HttpResponse:
    group = seen_group(request, slug)
    if group.leave(signed_in(request)):
        messages.success(request, _("You are no longer in the group."))
    return redirect("meetings:groups")


@require_POST
def group_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether its invitations come by e-mail. In the whole network the choice is the one of the profile."""
    group = seen_group(request, slug)
    if not group.set_wants_mail(signed_in(request), request.POST.get("wants_mail") == "yes"):
        raise PermissionDenied
    messages.success(request, _("Your choice is saved."))
    return redirect(group)


@require_http_methods(["GET", "HEAD", "POST"])
def group_file_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A file for the members of the group: any of them adds one; to the whole network its organisers."""
    group = seen_group(request, slug)
    person = signed_in(request)
    own = group.memberships.current().filter(person=person).exists()
    if not own and not permissions.can_organise_group(person, group):
        raise PermissionDenied
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(data, uploads)
    if form.is_valid():

        def add() -> str:
            files.add(form.save(commit=False), form.cleaned_data["file"], by=person, group=group)
            return group.get_absolute_url()

        return form.once(add)
    return render(request, "meetings/attachment_new.html", {"group": group, "form": form})


# The year -------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def year_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A row for each month: theme, planned guests, meetings; open slots; and the list of wishes, to which members add."""
    group = seen_group(request, slug)
    if not permissions.belongs_to(request.user, group):
        raise PermissionDenied
    year = int(request.GET["vuosi"]) if request.GET.get("vuosi", "").isdecimal() else timezone.localdate().year
    if not 2000 <= year <= 2100:
        raise Http404
    form = WishForm(request.POST or None)
    if form.is_valid():
        form.instance.group, form.instance.proposer = group, request.user
        form.instance.from_meeting = years.came_up_in(group, request.user, request.GET.get("tapaaminen", ""))
        return form.once(lambda: wished(request, form))
    context = {
        "group": group,
        "year": year,
        "months": years.months(group, year, request.user),
        "wishes": group.wishes.filter(taken_in=None).select_related("proposer", "from_meeting"),
        "organises": permissions.can_organise_group(request.user, group),
        "form": form,
    }
    return render(request, "meetings/year_plan.html", context)


def wished(request: HttpRequest, form: WishForm) -> str:
    form.save()
    messages.success(request, _("Thank you. Your wish is on the list."))
    return request.get_full_path()


@require_http_methods(["GET", "HEAD", "POST"])
def month_edit(request: HttpRequest, slug: str, year: int, month: int) -> HttpResponse:
    """The plan of a month, and the wishes that it takes up."""
    group = seen_group(request, slug)
    if not permissions.can_organise_group(request.user, group):
        raise PermissionDenied
    if not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise Http404
    day = dt.date(year, month, 1)
    with transaction.atomic():
        plan = years.plan_of(group, day, hold=request.method == "POST")
        form, wishes = MonthForm(request.POST or None, instance=plan), years.wishes_for(group, plan)
        if saved := form.is_valid():
            years.take_up(form.save(), wishes, request.POST.getlist("wish"))
    if saved:
        return redirect(f"{year_address(group)}?vuosi={year}")
    context = {"group": group, "day": day, "form": form, "wishes": wishes, "plan": plan}
    return render(request, "meetings/month_edit.html", context)


def year_address(group: Group) -> str:
    return reverse("meetings:year_plan", args=[group.slug])


@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, pk: int) -> HttpResponse:
    """The dates of a season from the rule of the series; the chosen ones become drafts."""
    series = get_object_or_404(MeetingSeries.objects.select_related("group"), pk=pk)
    if not permissions.can_organise_group(request.user, series.group):
        raise PermissionDenied
    form = SeasonForm(request.GET if "first" in request.GET else None, initial=next_season())
    first, last = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else next_season().values()
    if request.method == "POST":
        return made(request, series)
    proposals = [] if form.errors else preparing.season(series, first, last)
    context = {"series": series, "form": form, "proposals": proposals, "first": first, "last": last}
    return render(request, "meetings/season.html", context)


def made(request: HttpRequest, series: MeetingSeries) -> HttpResponse:
    days = []
    for text in request.POST.getlist("day"):
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            raise Http404 from None
    count = len(preparing.make_season(series, days, by=signed_in(request)))
    words = ngettext("%(count)d meeting was made as a draft.", "%(count)d meetings were made as drafts.", count)
    messages.success(request, words % {"count": count})
    return redirect(series.group)


def next_season() -> dict[str, dt.date]:
    """Spring until the end of June, autumn until the end of the year; the one that goes on from now."""
    today = timezone.localdate()
    if today.month <= 5:
        return {"first": today, "last": dt.date(today.year, 6, 30)}
    if today.month <= 10:
        return {"first": max(today, dt.date(today.year, 8, 1)), "last": dt.date(today.year, 12, 31)}
    return {"first": max(today, dt.date(today.year, 12, 1)), "last": dt.date(today.year + 1, 6, 30)}


@require_safe
def introductions(request: HttpRequest) -> HttpResponse:
    """Which member organisations have not introduced themselves in a meeting yet."""
    if not permissions.can_see_members_only(request.user):
        raise PermissionDenied
    context: dict[str, Any] = {"organisations": agenda.not_introduced()}
    coming = Meeting.objects.visible_to(request.user).standing().upcoming().select_related("group")
    context["coming"] = [
        (meeting, inviting.when(meeting)) for meeting in coming[:3] if agenda.is_open_for_proposals(meeting)
    ]
    return render(request, "meetings/introductions.html", context)
