"""Pages that look back: the archive, the search in what was talked of, and the figures."""

import csv
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.charts import bars
from network.permissions import can_see_members_only
from network.small_numbers import may_show

from .. import figures
from ..models import Meeting, MeetingTheme, MeetingWords, Minutes
from . import search

PAGE_SIZE = 40
LONGEST = 200


@login_not_required
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Meetings that were held, by year; those whose year nobody knows come last."""
    held = Meeting.objects.visible_to(request.user).held().published()
    themes = list(MeetingTheme.objects.filter(meetings__in=held.order_by().values("pk")).distinct())
    years = sorted({day.year for day in held.order_by().values_list("last_day", flat=True) if day}, reverse=True)
    year, theme = _number(request.GET.get("vuosi", "")), request.GET.get("teema", "")
    if year:
        held = held.filter(first_day__year__lte=year, last_day__year__gte=year)
    if theme:
        held = held.filter(themes__code=theme[:60])
    page = Paginator(_with_details(held), PAGE_SIZE).get_page(request.GET.get("page"))
    is_member = can_see_members_only(request.user)
    rows = [_row(meeting, is_member) for meeting in page.object_list]
    groups = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row["year"])]
    context = {"page": page, "groups": groups, "themes": themes, "years": years, "year": year, "theme": theme}
    return render(request, "meetings/archive.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _with_details(held: Any) -> Any:
    published = Minutes.objects.filter(meeting=OuterRef("pk"), status=Minutes.Status.PUBLISHED)
    one_year = Case(When(first_day__year=ExtractYear("last_day"), then=ExtractYear("last_day")))
    there = Count("participations", filter=Q(participations__attendance__in=["present", "remote"]), distinct=True)
    return (
        held.annotate(named=there, has_minutes=Exists(published), one_year=one_year)
        .order_by(F("one_year").desc(nulls_last=True), *held.query.order_by)
        .select_related("group")
        .prefetch_related("themes", "guests", "headcounts")
    )


def _row(meeting: Any, is_member: bool) -> dict[str, Any]:
    number = max(meeting.named + sum(row.number for row in meeting.headcounts.all()), meeting.headcount or 0)
    return {
        "meeting": meeting,
        "year": meeting.one_year,
        "number": number if may_show(number) else None,
        "guests": [guest for guest in (_guest(one, is_member) for one in meeting.guests.all()) if guest],
    }


def _guest(guest: Any, is_member: bool) -> str:
    if not is_member:
        return str(guest.public_name)
    return ", ".join(part for part in (guest.name, guest.role, guest.organisation) if part)


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
