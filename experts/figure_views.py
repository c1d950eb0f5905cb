"""Figures of the activity, for coordinators of expert activity."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from services.catalogue import csv_lines

from . import fees, permissions
from . import figures as counting
from .fee_views import season_of


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    if not permissions.is_expert_coordinator(request.user):
        raise PermissionDenied
    season = season_of(request)
    context = {
        "season": season,
        "seasons": fees.seasons(),
        "tables": counting.tables(season),
        "quotes": counting.quotes(season),
    }
    return render(request, "experts/figures.html", context)


@never_cache
@require_safe
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    if not permissions.is_expert_coordinator(request.user):
        raise PermissionDenied
    season = season_of(request)
    head, *rows = counting.csv_rows(season)
    response = StreamingHttpResponse(csv_lines(rows, head), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kokemusasiantuntijat-{season.code}.csv"'
    return response
