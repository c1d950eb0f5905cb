"""Calendars and feeds."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.emails import link
from network.models import Network
from network.permissions import signed_in

from . import calendars, inviting
from .models import CalendarFeed, Meeting


def calendar_response(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """Public meetings for anybody's calendar, without links for joining."""
    return calendar_response(calendars.public(), "tapaamiset.ics")


@login_not_required
@require_safe
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, for whoever sees it; the link for joining for none: it is in the personal mail and feed."""
    seen = Meeting.objects.visible_to(request.user).filter(starts_at__isnull=False)
    meeting = get_object_or_404(seen.select_related("municipality").prefetch_related("sessions"), pk=pk)
    return calendar_response(calendars.feed([meeting], name=meeting.title), f"tapaaminen-{meeting.pk}.ics")


@login_not_required
@require_safe
def personal_feed(request: HttpRequest, key: str) -> HttpResponse:
    """A person's own meetings. The address is the secret: whoever knows it is given them."""
    feed = CalendarFeed.objects.opened_by(key)
    if feed is None:
        raise Http404
    response = calendar_response(calendars.personal(feed.person), "omat-tapaamiset.ics")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def own_calendar(request: HttpRequest) -> HttpResponse:
    """The secret address; the button makes it, or makes another and closes the old one."""
    person = signed_in(request)
    if request.method == "POST":
        CalendarFeed.objects.rotate(person)
        messages.success(request, _("Your calendar has a new address. The old one shows nothing any more."))
        return redirect("meetings:own_calendar")
    feed = CalendarFeed.objects.filter(person=person).first()
    address = link("meetings:personal_feed", feed.key) if feed else ""
    rows = [(meeting, inviting.when(meeting)) for meeting in calendars.asked_to(person).select_related("group")]
    return render(request, "meetings/own_calendar.html", {"feed": feed, "address": address, "rows": rows})


class TrainingFeed(Feed):
    """The next public trainings, in the language of the address."""

    def get_object(self, request: HttpRequest) -> Network:
        return Network.current()

    def title(self, network: Network) -> str:
        return f"{_('Trainings')} – {network.local_name}"

    def description(self, network: Network) -> str:
        return self.title(network)

    def link(self, network: Network) -> str:
        return reverse("meetings:trainings")

    def items(self, network: Network) -> Any:
        return Meeting.objects.published().standing().trainings().filter(is_public=True).upcoming()[:30]

    def item_title(self, item: Any) -> str:
        return f"{item.title}, {inviting.when(item)}"

    def item_description(self, item: Any) -> str:
        from network import markdown

        return markdown.to_html(item.description)

    def item_pubdate(self, item: Meeting) -> Any:
        return item.published_at


@login_not_required
@require_safe
def training_rss(request: HttpRequest) -> HttpResponse:
    return TrainingFeed()(request)
