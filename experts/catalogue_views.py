"""Pages that tell of experience experts: the catalogue, a profile, and the activity.

None may be kept by anybody outside. The catalogue for who has not signed in is kept in the process under a number that
changes with each profile, in the same transaction: a profile that was hidden is not on it.
"""

from typing import Any

import segno
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from network.models import Network
from network.public_pages import public_page

from . import opening, permissions
from .models import ActivitySettings, ExpertProfile, ExpertTheme
from .profile_filters import ProfileFilter

PAGE_SIZE = 20
EMBEDDED = 200


def listed(profiles: QuerySet[ExpertProfile]) -> QuerySet[ExpertProfile]:
    """With what a row of a list tells."""
    return profiles.prefetch_related("themes", "municipalities", "languages", "formats__format")


@login_not_required
@never_cache
@require_safe
@public_page()
def profile_list(request: HttpRequest) -> HttpResponse:
    """The catalogue: what the reader may see, filtered."""
    catalogue = ProfileFilter(request.GET, ExpertProfile.objects.visible_to(request.user))
    page = Paginator(listed(catalogue.qs), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "catalogue": catalogue,
        "page": page,
        "coordinates": permissions.is_expert_coordinator(request.user),
        "themes": catalogue.filters["theme"].extra["choices"],
    }
    return render(request, "experts/profile_list.html", context)


def seen(request: HttpRequest, slug: str) -> ExpertProfile:
    """404 for a hidden one as for one that there is not."""
    return get_object_or_404(ExpertProfile.objects.visible_to(request.user), slug=slug)


@login_not_required
@never_cache
@require_safe
def profile_detail(request: HttpRequest, slug: str) -> HttpResponse:
    profile = seen(request, slug)
    opening.log(profile, request.user)
    return render(request, "experts/profile_detail.html", profile_facts(request, profile))


def profile_facts(request: HttpRequest, profile: ExpertProfile) -> dict[str, Any]:
    return {
        "profile": profile,
        "has_picture": hasattr(profile, "picture"),
        "can_edit": permissions.can_edit_profile(request.user, profile),
        "formats": profile.formats.select_related("format"),
    }


@login_not_required
@never_cache
@require_safe
def profile_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """For those who see the profile."""
    profile = seen(request, slug)
    if not hasattr(profile, "picture"):
        raise Http404
    return HttpResponse(bytes(profile.picture.image), content_type="image/jpeg")


@login_not_required
@never_cache
@require_safe
def profile_flyer(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to print, of an expert who has agreed to be shown to everybody."""
    profile = get_object_or_404(
        ExpertProfile.objects.visible_to(request.user), slug=slug, shown_to=ExpertProfile.ShownTo.PUBLIC
    )
    opening.log(profile, request.user)
    address = settings.SITE_URL + profile.get_absolute_url()
    context = profile_facts(request, profile) | {"address": address, "code": qr(address)}
    return render(request, "experts/profile_flyer.html", context)


def qr(address: str) -> str:
    return mark_safe(segno.make(address, error="m").svg_inline(scale=3, border=0, omitsize=True))  # our own address


# The activity -------------------------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """*Mikä on kokemusasiantuntija*, with example orders and a glossary."""
    context = {
        "registers": ActivitySettings.current().registers(),
        "themes": [(one.code, one.local_name) for one in ExpertTheme.objects.filter(in_use=True)],
    }
    return render(request, "experts/about.html", context)


@login_not_required
@never_cache
@require_safe
def flyer(request: HttpRequest) -> HttpResponse:
    """The activity on one page to print."""
    address = settings.SITE_URL + reverse("experts:about")
    context = {"address": address, "code": qr(address), "network": Network.current()}
    return render(request, "experts/flyer.html", context)


@login_not_required
@never_cache
@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """What one needs to tell others: the link, a text, the code, and the list for an intranet."""
    address = settings.SITE_URL + reverse("experts:about")
    context = {"address": address, "code": qr(address), "frame": settings.SITE_URL + reverse("experts:embed")}
    return render(request, "experts/share.html", context)


@login_not_required
@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": settings.EXPERTS_FRAME_ANCESTORS})
@require_safe
@public_page()
def embed(request: HttpRequest) -> HttpResponse:
    """Public profiles in a frame of others' pages: the same for everybody, whoever has signed in here."""
    public = ExpertProfile.objects.filter(shown_to=ExpertProfile.ShownTo.PUBLIC, closed_at__isnull=True)
    return render(request, "experts/embed.html", {"profiles": listed(public)[:EMBEDDED], "site": settings.SITE_URL})
