from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .filters import OrganisationFilter
from .models import Organisation
from .people.helping import coverage
from .public_pages import public_page

PAGE_SIZE = 50


@login_not_required
@require_safe
@public_page()
def organisation_list(request: HttpRequest) -> HttpResponse:
    directory = OrganisationFilter(request.GET, Organisation.objects.active(), request.user)
    paginator = Paginator(directory.qs.for_listing(), PAGE_SIZE)
    try:
        page = paginator.page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None
    empty = {
        "title": _("We found no member like this"),
        "text": _("Try one word, or all municipalities."),
        "actions": [(reverse("organisation_list"), _("See all members"))],
    }
    context = {"directory": directory, "page": page, "empty": empty, "coverage": coverage()}
    return render(request, "network/organisation_list.html", context)
