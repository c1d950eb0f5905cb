"""The archive with honest times, and figures by season that tell of no small number of people."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import archive, figures
from meetings.models import Headcount, Meeting, MeetingTheme

from . import minutes_rows as rows

pytestmark = pytest.mark.django_db
KAINUU = Path(settings.BASE_DIR) / "meetings" / "data" / "kainuu.json"
ARCHIVE = "/tapaamiset/arkisto/"


def held(day, **fields):
    return rows.make_meeting(precision="day", first_day=day, last_day=day, **fields)


def test_known_meetings_are_loaded_once_and_corrections_stay():
    assert archive.load(KAINUU) == 5
    Meeting.objects.filter(headcount=34).update(title="Korjattu")
    call_command("load_meetings", str(KAINUU), verbosity=0)
    assert Meeting.objects.count() == 5
    assert Meeting.objects.get(headcount=34).title == "Korjattu"
    assert all(meeting.source for meeting in Meeting.objects.all())
    assert set(Meeting.objects.values_list("starts_at", flat=True)) == {None}  # no time of the day is guessed


def test_the_archive_shows_what_is_known(as_user):
    archive.load(KAINUU)
    answer = as_user(None).get(ARCHIVE)
    years = [year for year, _rows in answer.context["groups"]]
    assert years == [2023, None] or years == [None, 2023] or set(years) == {2023, None}
    page = answer.content.decode()
    for text in ("34", "päihdeasiamies", "joulun aikaan, vuosi ei ole tiedossa", "joulun aikaan 2022 tai 2023"):
        assert text in page
    by_theme = as_user(None).get(ARCHIVE, {"teema": "legislation"})
    assert [row["meeting"].headcount for _year, found in by_theme.context["groups"] for row in found] == [34]
    by_year = as_user(None).get(ARCHIVE, {"vuosi": "2022"})
    assert {row["meeting"].kind for _year, found in by_year.context["groups"] for row in found} == {
        "workshop",
        "closing",
    }
    assert as_user(None).get(ARCHIVE, {"vuosi": "abc", "teema": "x", "page": "99"}).status_code == 200


def test_the_archive_hides_small_numbers_private_meetings_and_names(as_user, professional):
    small = held(dt.date(2024, 3, 1), headcount=4)
    rows.make_guest(small, name="Liisa Lahti")
    held(dt.date(2024, 4, 1), title="Vain jäsenille", is_public=False)
    page = as_user(None).get(ARCHIVE)
    assert "Liisa" not in page.content.decode()
    assert [(row["meeting"].title, row["number"]) for _y, found in page.context["groups"] for row in found] == [(small.title, None)]  # fmt: skip
    member = as_user(professional).get(ARCHIVE).content.decode()
    assert "Liisa Lahti" in member
    assert "Vain jäsenille" in member


def test_the_archive_asks_the_same_for_one_and_three(as_user):
    def more():
        meeting = held(dt.date(2024, 3, 1))
        rows.make_guest(meeting)
        meeting.themes.add(MeetingTheme.objects.first())
        Headcount.objects.create(meeting=meeting, sector="ngo", number=9)

    client = as_user(None)

    def queries(time: int) -> int:
        client.get(ARCHIVE)
        with CaptureQueriesContext(connection) as asked:
            client.get(ARCHIVE, {"aika": time})  # another address: not the page that is kept
        return len(asked)

    more()
    one = queries(1)
    more()
    more()
    assert queries(2) == one > 3


def test_figures_count_by_season(region, parish, association):
    spring = held(dt.date(2025, 2, 3))
    for body in [parish] * 5 + [association] * 5:
        rows.make_participation(spring, name="Joku", organisation=body, attendance="present")
    rows.make_participation(spring, name="Poissa", organisation=parish, attendance="absent")
    autumn = held(dt.date(2025, 9, 3))
    Headcount.objects.create(meeting=autumn, sector="public", number=15)
    rows.make_participation(autumn, name="Yksi", organisation=association, attendance="remote", sector="ngo")
    held(dt.date(2025, 10, 3), cancelled_at=autumn.published_at)
    held(dt.date(2025, 11, 3), published_at=None)
    archive.load(KAINUU)

    first, second, unknown = figures.by_season()
    assert (str(first.season), first.meetings, first.participants, first.organisations) == (str(figures.Season(2025, 1)), 1, 10, 2)  # fmt: skip
    assert first.shown_people == {"parish": 5, "ngo": 5}
    assert (second.participants, second.growth, second.new_organisations) == (16, 60, 0)
    assert second.shown_people == {}  # fifteen beside sixteen would tell of the one
    assert (unknown.season, unknown.meetings, unknown.participants) == (None, 5, 34)


def test_small_seasons_show_no_people_anywhere(as_user):
    meeting = held(dt.date(2025, 2, 3))
    for _one in range(4):
        rows.make_participation(meeting, name="Joku", attendance="present", sector="ngo")
    page = as_user(None).get(reverse("meetings:figures"))
    rows_of_csv = list(csv.reader(io.StringIO(as_user(None).get(reverse("meetings:figures_csv")).content.decode("utf-8-sig")), delimiter=";"))  # fmt: skip
    assert rows_of_csv[1:] == page.context["rows"]
    assert page.context["rows"][0][2] == figures.HIDDEN
    assert "4" not in page.context["rows"][0][2:]


def test_the_chart_is_told_in_words_and_has_no_style(as_user):
    held(dt.date(2025, 2, 3), headcount=30)
    held(dt.date(2025, 9, 3), headcount=3)
    page = as_user(None).get(reverse("meetings:figures")).content.decode()
    chart = re.search(r"<svg class=\"chart\".*?</svg>", page, re.S)[0]
    assert 'role="img"' in chart
    assert "<title" in chart
    assert "30" in re.search(r"<desc[^>]*>(.*?)</desc>", chart)[1]
    assert "style" not in chart
    assert ">3<" not in chart
