"""Pages that look back: the archive, the search in what was talked of, and the figures."""

import csv
from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.charts import bars
from network.permissions import can_see_members_only
from network.public_pages import public_page

from .. import clock, figures
from ..models import MeetingWords
from . import looking_back, search

PAGE_SIZE = 40
LONGEST = 200


@login_not_required
@require_safe
@public_page(clock=clock.clock)
def archive(request: HttpRequest) -> HttpResponse:
    """Meetings that were held, by year; those whose year nobody knows come last."""
    held = looking_back.held(request.user)
    years, themes = looking_back.years_of(held), looking_back.themes_of(held)
    year, theme = _number(request.GET.get("vuosi", "")), request.GET.get("teema", "")[:60]
    rows = looking_back.with_details(looking_back.narrowed(held, year, theme))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    groups = looking_back.by_year(page.object_list, is_member=can_see_members_only(request.user))
    context = {"page": page, "groups": groups, "themes": themes, "years": years, "year": year, "theme": theme}
    return render(request, "meetings/archive.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None


# Search -------------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def minutes_search(request: HttpRequest) -> HttpResponse:
    words, part = request.GET.get("q", "")[:LONGEST].strip(), request.GET.get("osa", "")
    page = Paginator(search.find(request.user, words, part), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"words": words, "part": part, "page": page, "parts": MeetingWords.Part.choices}
    return render(request, "meetings/minutes_search.html", context)


# Figures ------------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def meeting_figures(request: HttpRequest) -> HttpResponse:
    seasons = figures.by_season()
    columns, rows = figures.table(seasons)
    known = [one for one in seasons if one.season]
    place_columns, place_rows = figures.place_table(seasons)
    charts = [
        _chart(_("Participants by season"), [(one.label, one.shown_participants) for one in known]),
        _chart(_("Organisations by season"), [(one.label, one.organisations) for one in known]),
        _chart(_("Meetings by theme"), figures.theme_counts()),
    ]
    context = {
        "columns": columns,
        "rows": rows,
        "charts": [chart for chart in charts if chart],
        "place_columns": place_columns,
        "place_rows": place_rows,
    }
    return render(request, "meetings/figures.html", context)


def _chart(title: str, rows: Sequence[tuple[str, int | None]]) -> tuple[str, SafeString] | None:
    """The title and the drawing, whose description says every number in words."""
    told = "; ".join(f"{label}: {figures.HIDDEN if number is None else number}" for label, number in rows)
    return (title, bars(title, told, rows)) if rows else None


@login_not_required
@require_safe
def meeting_figures_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tapaamiset-luvut.csv"'
    columns, rows = figures.table(figures.by_season(), with_places=True)
    writer = csv.writer(response, delimiter=";")
    writer.writerow(columns)
    writer.writerows(rows)
    return response
