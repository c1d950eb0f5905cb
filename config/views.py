"""Pages that span parts: the front page, and an organisation with its services."""

from typing import Any

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
from network.succession import leads_to
from services import permissions
from services.catalogue import count_found
from services.models import ReadySearch, Service

from . import organisation_page


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    searches = list(ReadySearch.objects.filter(in_use=True))
    tiles = [search for search in searches if search.shown == ReadySearch.Shown.TILE]
    network = Network.current()
    count_found(tiles, network)
    tiles = [search for search in tiles if search.found]
    lately = Q(confirmed_at__gte=due_before(network, timezone.now()))
    freshness = Service.objects.published().aggregate(all=Count("pk"), confirmed=Count("pk", filter=lately))
    freshness["percent"] = 100 * freshness["confirmed"] // max(freshness["all"], 1)
    return render(
        request,
        "front_page.html",
        {
            "municipalities": Municipality.objects.in_region(),
            "tiles": tiles,
            "words": [search for search in searches if search.shown == ReadySearch.Shown.WORD],
            "next_meeting": next_meeting(request.user),
            "bulletins": Bulletin.objects.visible_to(request.user).order_by("-sent_at", "-pk")[:3],
            "freshness": freshness,
            "network": network,
            "member_count": Organisation.objects.active().count(),
        },
    )


def next_meeting(user: Any) -> Meeting | None:
    """The next one that the reader may see and that still stands."""
    seen = Meeting.objects.visible_to(user).published().standing().select_related("group", "municipality")
    return seen.upcoming().first()


@login_not_required
@require_safe
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
