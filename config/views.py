"""Pages that span parts: the front page, and an organisation with its services."""

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from network.models import Bulletin, Municipality, Network, Organisation
from network.models.confirmable import due_before
from network.public_pages import public_page
from network.succession import leads_to
from network.versions import catalogue_version
from services import hours, permissions
from services.catalogue import count_found
from services.models import ReadySearch, Service

from . import organisation_page


@login_not_required
@require_safe
@public_page(clock=lambda version: front_clock(version))
def front_page(request: HttpRequest) -> HttpResponse:
    network, figures = Network.current(), front_figures(catalogue_version(), timezone.localdate())
    searches = list(ReadySearch.objects.filter(in_use=True))
    for search in searches:
        search.found = figures.found.get(search.pk)
    return render(
        request,
        "front_page.html",
        {
            "municipalities": Municipality.objects.in_region(),
            "tiles": [search for search in searches if search.shown == ReadySearch.Shown.TILE and search.found],
            "words": [search for search in searches if search.shown == ReadySearch.Shown.WORD],
            "next_meeting": next_meeting(request.user),
            "bulletins": Bulletin.objects.visible_to(request.user).order_by("-sent_at", "-pk")[:3],
            "freshness": figures.freshness,
            "network": network,
            "member_count": figures.member_count,
        },
    )


def front_clock(version: str) -> str:
    """The day, and how many of the meetings that were to come have ended since: then another one is the next."""
    now = timezone.now()
    return f"{timezone.localdate()} {sum(end <= now for end in ends_of_meetings(version))}"


@lru_cache(maxsize=4)
def ends_of_meetings(version: str) -> list[dt.datetime]:
    """Of the public meetings to come, for each number of the catalogue; they count among what changes it."""
    coming = Meeting.objects.published().standing().filter(is_public=True, ends_at__gt=timezone.now())
    return [end for end in coming.order_by("ends_at").values_list("ends_at", flat=True)[:50] if end]


def next_meeting(user: Any) -> Meeting | None:
    """The next one that the reader may see and that still stands."""
    seen = Meeting.objects.visible_to(user).published().standing().select_related("group", "municipality")
    return seen.upcoming().first()


class FrontFigures(NamedTuple):
    """How many services the tiles' searches find (by the search's number), how many are fresh, and the members."""

    found: dict[int, int]
    freshness: dict[str, int]
    member_count: int


@lru_cache(maxsize=4)
def front_figures(version: str, day: dt.date) -> FrontFigures:
    """Counted once in a process for each number of the catalogue, which is asked for before, and day."""
    network = Network.current()
    tiles = list(ReadySearch.objects.filter(in_use=True, shown=ReadySearch.Shown.TILE))
    count_found(tiles, network)
    lately = Q(confirmed_at__gte=due_before(network, timezone.now()))
    freshness = Service.objects.published().aggregate(all=Count("pk"), confirmed=Count("pk", filter=lately))
    freshness["percent"] = 100 * freshness["confirmed"] // max(freshness["all"], 1)
    return FrontFigures({tile.pk: tile.found or 0 for tile in tiles}, freshness, Organisation.objects.active().count())


@login_not_required
@require_safe
@public_page(clock=hours.clock)
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    members = permissions.can_see_members_only(request.user)
    try:
        organisation = organisation_page.fetch(slug, members=members)
    except Organisation.DoesNotExist:
        if moved := leads_to(slug):
            return redirect(moved, permanent=True)
        raise Http404(_("There is no such organisation.")) from None
    if successor := organisation.successor:
        return redirect(successor, permanent=True)
    context = organisation_page.context(organisation, Network.current(), request.user)
    context["can_edit"] = permissions.can_edit_organisation(request.user, organisation)
    return render(request, "network/organisation_detail.html", context)
