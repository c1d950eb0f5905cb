"""Ways into the list of services: names while somebody types, and three short questions."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from network.models import Network
from network.public_pages import public_page

from . import catalogue, guided
from .suggestions import LONGEST, suggestions


@login_not_required
@require_safe
@public_page()
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """The same for everybody; no cookie is read or set, nothing is counted."""
    groups = suggestions(request.GET.get("q", "")[: LONGEST * 2])
    number = sum(len(group.options) for group in groups)
    return JsonResponse(
        {
            "groups": [
                {"label": group.label, "options": [option._asdict() for option in group.options]} for group in groups
            ],
            "says": ngettext("%(number)d suggestion", "%(number)d suggestions", number) % {"number": number},
        }
    )


@login_not_required
@require_safe
def guided_step(request: HttpRequest, step: str = "who") -> HttpResponse:
    """One of three short questions; the last leads to the list as anybody may link to it."""
    asked = catalogue.catalogue(request.GET, Network.current())
    return render(request, "services/guided.html", {"guide": guided.Guide(step, asked)})
