from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.mailto import mail_to
from network.models import Network
from network.public_pages import public_page

from . import addresses, anatomy, catalogue, closing, counting, hours, permissions
from .filters import ServiceFilter
from .kept_rows import Parts, in_order, rows
from .models import Contact, Service
from .search.limits import TookTooLong, limited_time
from .search.steps import MOST_RANKED

PAGE_SIZE = 20
CSV_CHUNK = 500  # services fetched at a time, so that a large table never stands in memory whole


@login_not_required
@require_safe
@counting.counted
@public_page(clock=hours.clock)
def service_list(request: HttpRequest) -> HttpResponse:
    if not request.GET.get("q"):
        return render(request, "services/service_list.html", _list_context(request))
    try:
        with limited_time():
            context = _list_context(request)
    except TookTooLong:
        answer = render(request, "services/search_too_slow.html")
        answer["Cache-Control"] = "no-store"  # the next one may have more luck
        return answer
    return render(request, "services/service_list.html", context)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    """All that the list shows, asked from the database."""
    parts = Parts()
    network = Network.current()
    asked = catalogue.catalogue(request.GET, network)
    page = _page(asked, parts, request.GET.get("page"))
    answer = asked.answer
    if answer:
        counting.tell(request, asked.counts.total, answer.step)
    listed: Any = page.object_list
    shown = rows(
        listed,
        network,
        parts,
        place=asked.place,
        members=permissions.can_see_members_only(request.user),
        asked=answer.asked if answer else None,
    )
    context = {
        "network": network,
        "catalogue": asked,
        "heading": catalogue.heading(asked),
        "page": page,
        "hits": shown,
        "answer": answer,
        "read_from_words": catalogue.read_from_words(asked),
        "rest_url": asked.address_with(q=answer.asked.rest) if answer else "",
        "did_you_mean_url": asked.address_with(q=answer.did_you_mean) if answer else "",
        "chips": asked.chips(),
        "clear_url": reverse("services:list"),
        "hidden_values": asked.hidden_values,
        "empty": None if shown else catalogue.empty_result(asked),
        "unknown_count": asked.counts.unknown,
        "unknown_url": asked.address_with(unknown="1"),
        "old_count": asked.counts.old,
        "old_url": asked.address_with(old="1"),
        "csv_url": reverse("services:csv") + asked.address_with(),
    }
    if asked.errors:
        return context
    chosen = sorted((name, str(value)) for name, value in asked.chosen.items())
    filters = parts.made(lambda: render_to_string("services/_filters.html", context), "filters", chosen)
    return context | {"filters": filters}


class CountedPaginator(Paginator):
    """The number of services is known from what the filters count."""

    def __init__(self, asked: ServiceFilter, parts: Parts, size: int) -> None:
        self.asked = asked
        super().__init__(in_order(asked, parts), size)

    @cached_property
    def count(self) -> int:
        total = self.asked.counts.total
        return min(total, MOST_RANKED) if self.asked.is_cut else total


def _page(asked: ServiceFilter, parts: Parts, number: Any) -> "Page[Any]":
    try:
        return CountedPaginator(asked, parts, PAGE_SIZE).page(number or 1)
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None


@login_not_required
@require_safe
def service_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is filtered, for a spreadsheet; public facts only."""
    network = Network.current()
    asked = catalogue.catalogue(request.GET, network)
    rows = catalogue.csv_rows(asked.ordered.for_listing().iterator(chunk_size=CSV_CHUNK), network)
    response = StreamingHttpResponse(catalogue.csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="palvelut-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@login_not_required
@require_safe
@public_page(clock=hours.clock)
def service_detail(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        seen = anatomy.fetch(slug, request.user)
    except Service.DoesNotExist:
        return service_elsewhere(request, slug)
    return render(request, "services/service_detail.html", anatomy.anatomy(seen, Network.current()))


def service_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """An address that has nothing to show any more: what has become of the service, or where its page is now."""
    if service := closing.fetch(slug):
        # A service on a break comes back; of the others search engines are to forget the page.
        status = 200 if service.archive_reason == Service.ArchiveReason.PAUSED else 410
        context = closing.context(service, Network.current())
        return render(request, "services/service_closed.html", context, status=status)
    if service := addresses.moved(slug, request.user):
        return redirect(service, permanent=True)
    raise Http404(_("There is no such service, or it is not published."))


@login_not_required
@require_safe
def contact_email(request: HttpRequest, token: str) -> HttpResponse:
    """Opens the reader's mail program: the address stands in no page that a harvester reads."""
    reachable = Contact.objects.visible_to(request.user, members=permissions.can_see_members_only(request.user))
    contact = get_object_or_404(reachable.signed(token), kind=Contact.Kind.EMAIL)
    return mail_to(contact.value)
