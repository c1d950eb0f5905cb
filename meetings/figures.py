"""What meetings come to in a season: how many, who took part, which organisations, what about, and how that grows.

Numbers of people follow the portal's one rule of small numbers. Numbers of organisations and meetings do not tell of
people. A season is January–July or August–December.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Municipality, Organisation
from network.models.organisation import Sector
from network.small_numbers import may_show, safe_beside_total

from .minutes.feedback import OPEN_FOR
from .models import Headcount, Meeting, MeetingFeedback, MeetingTheme, Participation

AUTUMN = 8  # the month that it begins in


class Season(NamedTuple):
    year: int
    half: int  # 1 is spring, 2 is autumn

    @classmethod
    def of(cls, day: dt.date) -> "Season":
        return cls(day.year, 2 if day.month >= AUTUMN else 1)

    def __str__(self) -> str:
        return (_("autumn %(year)s") if self.half == 2 else _("spring %(year)s")) % {"year": self.year}


@dataclass
class SeasonFigures:
    season: Season | None  # None: meetings whose time is known to a year or in words only
    meetings: int = 0
    participants: int = 0
    people: Counter[str] = field(default_factory=Counter)  # by sector, of those whose sector is known
    bodies: Counter[str] = field(default_factory=Counter)  # distinct organisations by sector
    places: Counter[str] = field(default_factory=Counter)  # distinct organisations by municipality
    organisations: int = 0
    new_organisations: int = 0
    themes: Counter[str] = field(default_factory=Counter)
    heard: float | None = None
    growth: int | None = None  # per cent of participants against the season before

    @property
    def label(self) -> str:
        return str(self.season) if self.season else _("time not known exactly")

    @property
    def shown_participants(self) -> int | None:
        return self.participants if may_show(self.participants) else None

    @property
    def shown_people(self) -> dict[str, int]:
        safe = safe_beside_total(self.people)
        return {sector: number for sector, number in self.people.items() if sector in safe}

    @property
    def public_share(self) -> int | None:
        """Per cent of public services among people from public services and from associations."""
        safe = safe_beside_total(self.people)
        public, ngo = self.people[Sector.PUBLIC], self.people[Sector.NGO]
        if not {Sector.PUBLIC, Sector.NGO} <= safe:
            return None
        return round(100 * public / (public + ngo))


def by_season(on: dt.date | None = None) -> list[SeasonFigures]:
    """Of published meetings that were held, the oldest first; those without a season last. Six queries."""
    meetings = list(Meeting.objects.held().published().order_by("first_day", "pk").prefetch_related("themes"))
    found: dict[Season | None, SeasonFigures] = {}
    season_of = {meeting.pk: _season(meeting) for meeting in meetings}
    for meeting in meetings:
        figures = found.setdefault(season_of[meeting.pk], SeasonFigures(season_of[meeting.pk]))
        figures.meetings += 1
        figures.themes.update(theme.local_name for theme in meeting.themes.all())
    _count_people(meetings, season_of, found)
    _count_heard(season_of, found, on)
    ordered = sorted((one for one in found.values() if one.season), key=lambda one: one.season or Season(0, 0))
    for before, after in pairwise(ordered):
        if may_show(before.participants) and may_show(after.participants):
            after.growth = round(100 * (after.participants - before.participants) / before.participants)
    return [*ordered, *(one for one in found.values() if one.season is None)]


def _season(meeting: Meeting) -> Season | None:
    """None where the days are so far from each other that they lie in several seasons."""
    if meeting.first_day is None or meeting.last_day is None:
        return None
    first, last = Season.of(meeting.first_day), Season.of(meeting.last_day)
    return first if first == last else None


def _count_people(
    meetings: Iterable[Meeting], season_of: dict[int, Season | None], found: dict[Season | None, SeasonFigures]
) -> None:
    named: Counter[int] = Counter()
    counted: Counter[int] = Counter()
    seen: dict[Season | None, set[int]] = {}
    there = Participation.objects.was_there().filter(meeting__in=season_of)
    rows = list(there.values_list("meeting", "organisation", "sector"))
    bodies = {
        body.pk: body
        for body in Organisation.objects.filter(pk__in={row[1] for row in rows if row[1]}).select_related(
            "parent__parent"
        )
    }
    for pk, body, sector in rows:
        named[pk] += 1
        figures = found[season_of[pk]]
        sector = sector or (bodies[body].sector if body else "")
        if sector:
            figures.people[sector] += 1
        if body:
            seen.setdefault(season_of[pk], set()).add(body)
    for pk, sector, number in Headcount.objects.filter(meeting__in=season_of).values_list(
        "meeting", "sector", "number"
    ):
        counted[pk] += number
        found[season_of[pk]].people[sector] += number
    for meeting in meetings:
        found[season_of[meeting.pk]].participants += max(
            named[meeting.pk] + counted[meeting.pk], meeting.headcount or 0
        )
    _count_bodies(seen, bodies, found)


def _count_bodies(
    seen: dict[Season | None, set[int]], bodies: dict[int, Organisation], found: dict[Season | None, SeasonFigures]
) -> None:
    known: set[int] = set()
    places = dict(Municipality.objects.values_list("pk", "name"))
    for season in sorted(seen, key=lambda one: one or Season(9999, 9)):
        figures, here = found[season], seen[season]
        figures.organisations = len(here)
        figures.new_organisations = len(here - known)
        known |= here
        figures.bodies.update(str(bodies[pk].sector) for pk in here)
        figures.places.update(places.get(bodies[pk].municipality_id or "", "") for pk in here)
        figures.places.pop("", None)


def _count_heard(
    season_of: dict[int, Season | None], found: dict[Season | None, SeasonFigures], on: dt.date | None
) -> None:
    """The trust pulse: of meetings whose answering has ended, so that a later look tells no more."""
    ended = Meeting.objects.filter(last_day__lt=(on or timezone.localdate()) - OPEN_FOR)
    answers: dict[Season | None, dict[int, list[int]]] = {}
    rows = MeetingFeedback.objects.filter(meeting__in=ended.values("pk"), heard__isnull=False)
    for pk, heard in rows.values_list("meeting", "heard"):
        if heard is not None and pk in season_of:
            answers.setdefault(season_of[pk], {}).setdefault(pk, []).append(heard)
    for season, by_meeting in answers.items():
        told = [one for given in by_meeting.values() if may_show(len(given)) for one in given]
        found[season].heard = round(mean(told), 1) if told else None


def theme_counts() -> list[tuple[str, int]]:
    """How many held meetings there were on each theme, the most first."""
    held = Meeting.objects.held().published().order_by().values("pk")
    counts: Counter[int] = Counter(
        MeetingTheme.meetings.through.objects.filter(meeting__in=held).values_list("meetingtheme_id", flat=True)
    )
    rows = [(theme.local_name, counts[theme.pk]) for theme in MeetingTheme.objects.all() if counts[theme.pk]]
    return sorted(rows, key=lambda row: -row[1])


HIDDEN = "–"


def places_of(figures: list[SeasonFigures]) -> list[str]:
    """The municipalities that organisations have come from, those with most of them first."""
    totals = sum((one.places for one in figures), start=Counter())
    return [name for name, _number in totals.most_common()]


def place_table(figures: list[SeasonFigures]) -> tuple[list[str], list[list[str]]]:
    """Distinct organisations of each municipality, season by season."""
    known = [one for one in figures if one.season]
    rows = [[name, *[str(one.places[name]) for one in known]] for name in places_of(known)]
    return [_("Municipality"), *[one.label for one in known]], rows


def table(figures: list[SeasonFigures], *, with_places: bool = False) -> tuple[list[str], list[list[str]]]:
    """(columns, rows) for the page and for CSV: the same numbers, hidden by the same rule."""
    places = places_of(figures) if with_places else []
    columns = [
        _("Season"), _("Meetings"), _("Participants"), _("Growth, %"), _("Organisations"), _("New organisations"),
        *[_("People: %(sector)s") % {"sector": sector.label} for sector in Sector],
        *[_("Organisations: %(sector)s") % {"sector": sector.label} for sector in Sector],
        _("Share of public services beside associations, %"), _("Was I heard, 1–4"),
        *[_("Organisations: %(sector)s") % {"sector": name} for name in places],
    ]  # fmt: skip
    rows = []
    for one in figures:
        people = one.shown_people
        rows.append([
            one.label, str(one.meetings), _shown(one.shown_participants), _shown(one.growth), str(one.organisations),
            str(one.new_organisations),
            *[_shown(people.get(sector)) if one.people[sector] else "0" for sector in Sector.values],
            *[str(one.bodies[sector]) for sector in Sector.values],
            _shown(one.public_share), _shown(one.heard), *[str(one.places[name]) for name in places],
        ])  # fmt: skip
    return columns, rows


def _shown(number: float | None) -> str:
    return HIDDEN if number is None else str(number)
