"""Money of orders: the coordinator's list with sums and a file for payroll, and the expert's own fees."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.permissions import signed_in
from services.catalogue import csv_lines

from . import endings, fees, permissions
from .fees import Season
from .models import FeeState

COSTS = ("travel", "meals")
PAGE_SIZE = 30
SUM = re.compile(r"\d{1,5}(\.\d{1,2})?", re.ASCII)


def season_of(request: HttpRequest) -> Season:
    return Season.read(request.GET.get("kausi", "")) or Season.of(timezone.localdate())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fee_list(request: HttpRequest) -> HttpResponse:
    """By season: each fee with its state, sums by organisation. Ticked ones are reported or paid at once."""
    user = signed_in(request)
    if not permissions.is_expert_coordinator(user):
        raise PermissionDenied
    season = season_of(request)
    rows = fees.of_season(season)
    if request.method == "POST":
        wanted = request.POST.get("to", "")
        if wanted in (FeeState.Status.REPORTED, FeeState.Status.PAID):
            ticked = [int(pk) for pk in request.POST.getlist("fee") if pk.isdecimal()]
            costs, wrong = costs_of(request.POST, ticked)
            if wrong:
                messages.error(request, _("Write travel and meals as sums, for example 12,50. Nothing was marked."))
                return show(request, season, rows, request.POST)
            count = endings.move_fees(rows.filter(pk__in=ticked), wanted, by=user, costs=costs)
            messages.success(request, _("Marked: %(number)d.") % {"number": count})
        return redirect(f"{reverse('experts:fee_list')}?kausi={season.code}&page={page_of(request, rows).number}")
    return show(request, season, rows)


def page_of(request: HttpRequest, rows: QuerySet[FeeState]) -> Page[FeeState]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def show(
    request: HttpRequest, season: Season, rows: QuerySet[FeeState], typed: Mapping[str, str] | None = None
) -> HttpResponse:
    """`typed`: sums that came back because one of them was wrong."""
    page = page_of(request, rows)
    for fee in page:
        fee.typed = {name: (typed or {}).get(f"{name}-{fee.pk}", "") for name in COSTS}  # type: ignore[attr-defined]
    context = {"season": season, "seasons": fees.seasons(), "page": page, "totals": fees.totals(rows)}
    return render(request, "experts/fee_list.html", context)


def costs_of(data: Mapping[str, str], pks: list[int]) -> tuple[dict[int, dict[str, Decimal]], bool]:
    """Travel and meals as they were typed for these fees, and whether one was no sum; what is empty stays as it is."""
    found: dict[int, dict[str, Decimal]] = {}
    for pk in pks:
        for name in COSTS:
            text = data.get(f"{name}-{pk}", "").strip().replace(",", ".")
            if not text:
                continue
            if not SUM.fullmatch(text):
                return {}, True
            found.setdefault(pk, {})[name] = Decimal(text)
    return found, False


@never_cache
@require_safe
def fee_csv(request: HttpRequest) -> StreamingHttpResponse:
    if not permissions.is_expert_coordinator(request.user):
        raise PermissionDenied
    season = season_of(request)
    head, *rows = fees.csv_rows(fees.of_season(season))
    response = StreamingHttpResponse(csv_lines(rows, head), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="palkkiot-{season.code}.csv"'
    return response


@never_cache
@require_safe
def own_fees(request: HttpRequest) -> HttpResponse:
    """The expert's own fees of a calendar year."""
    user, today = signed_in(request), timezone.localdate()
    asked = request.GET.get("vuosi", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= today.year + 1 else today.year
    own = fees.own(user, year)
    context = {"fees": own, "year": year, "paid": fees.paid_sum(own), "earlier": year - 1, "today": today}
    return render(request, "experts/own_fees.html", context)
