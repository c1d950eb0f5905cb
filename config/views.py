"""Pages that span parts: the front page, and an organisation with its services."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from network.models import Municipality, Network, Organisation
from services import permissions
from services.hits import hits
from services.models import Contact, ReadySearch, Service


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    network = Network.current()
    searches = list(ReadySearch.objects.filter(in_use=True))
    freshness = Service.objects.published().aggregate(all=Count("pk"), confirmed=Count("confirmed_at"))
    return render(
        request,
        "front_page.html",
        {
            "municipalities": Municipality.objects.in_region(),
            "tiles": [search for search in searches if search.shown == ReadySearch.Shown.TILE],
            "words": [search for search in searches if search.shown == ReadySearch.Shown.WORD],
            "freshness": freshness,
            "member_count": Organisation.objects.active().count(),
        },
    )


@login_not_required
@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    members = permissions.can_see_members_only(request.user)
    contacts = Contact.objects.all() if members else Contact.objects.public()
    organisation = get_object_or_404(
        Organisation.objects.select_related("municipality", "unit_type", "parent__parent", "merged_into").prefetch_related(
            "links", "competences", "municipalities_served", Prefetch("contacts", contacts)
        ),
        slug=slug,
    )
    if organisation.merged_into:
        return redirect(organisation.merged_into, permanent=True)
    services = Service.objects.published().of_organisation(slug).for_listing().order_by("sort_name", "pk")
    return render(
        request,
        "network/organisation_detail.html",
        {
            "organisation": organisation,
            "units": Organisation.objects.active().filter(parent=organisation),
            "hits": hits(services, Network.current(), members=members, heading_level=3),
        },
    )
