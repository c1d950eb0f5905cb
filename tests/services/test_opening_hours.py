"""When a service is open: the condition for the database and the rule for a fetched row say the same."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services import hours
from services.models import OpeningException, OpeningHours, Service, ServicePlace
from services.templatetags.services import interval
from tests import factories

pytestmark = pytest.mark.django_db

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = dt.date(2026, 11, 2)


def at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), HELSINKI)


@pytest.fixture
def service():
    return factories.make_service()


def weekly(service, weekday, opens, closes, place=None):
    OpeningHours.objects.create(service=service, weekday=weekday, opens=opens, closes=closes, place=place)


def exception(service, first, last, opens=None, closes=None, place=None):
    OpeningException.objects.create(
        service=service, first_day=first, last_day=last, opens=opens, closes=closes, place=place
    )


def is_open(service: Service, moment: dt.datetime) -> bool | None:
    """The answer of both rules, which must agree: not known counts as not open in the database."""
    fetched = Service.objects.prefetch_related("opening_hours", "opening_exceptions").get(pk=service.pk)
    said = hours.is_open(fetched, moment)
    assert Service.objects.open_at(moment).filter(pk=service.pk).exists() is bool(said)
    return said


def test_open_from_the_first_minute_and_closed_at_the_last(service):
    weekly(service, 1, "09:00", "15:00")
    assert [is_open(service, at(MONDAY, clock)) for clock in ("08:59", "09:00", "14:59", "15:00")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_day_may_have_several_intervals(service):
    weekly(service, 1, "09:00", "11:00")
    weekly(service, 1, "12:00", "15:00")
    assert [is_open(service, at(MONDAY, clock)) for clock in ("10:00", "11:30", "12:00")] == [True, False, True]


def test_other_days_are_closed(service):
    weekly(service, 1, "09:00", "15:00")
    assert [is_open(service, at(MONDAY + dt.timedelta(days), "10:00")) for days in range(8)] == [
        True, False, False, False, False, False, False, True,
    ]  # fmt: skip


def test_past_midnight_belongs_to_the_evening_before(service):
    weekly(service, 1, "20:00", "02:00")
    tuesday = MONDAY + dt.timedelta(1)
    assert is_open(service, at(MONDAY, "19:59")) is False
    assert is_open(service, at(MONDAY, "23:59")) is True
    assert is_open(service, at(tuesday, "01:59")) is True
    assert is_open(service, at(tuesday, "02:00")) is False
    assert is_open(service, at(MONDAY, "01:00")) is False


def test_sunday_night_goes_on_to_monday(service):
    weekly(service, 7, "22:00", "04:00")
    assert is_open(service, at(MONDAY, "03:59")) is True
    assert is_open(service, at(MONDAY, "04:00")) is False


def test_closing_at_midnight_is_the_end_of_the_day(service):
    weekly(service, 1, "18:00", "00:00")
    assert is_open(service, at(MONDAY, "23:59")) is True
    assert is_open(service, at(MONDAY + dt.timedelta(1), "00:00")) is False


def test_round_the_clock_has_no_gap(service):
    for weekday in range(1, 8):
        weekly(service, weekday, "00:00", "00:00")
    for day in range(8):
        for clock in ("00:00", "03:30", "12:00", "23:59:59.999999"):
            assert is_open(service, at(MONDAY + dt.timedelta(day), clock)) is True


def test_round_the_clock_on_one_day_ends_with_it(service):
    weekly(service, 1, "00:00", "00:00")
    assert is_open(service, at(MONDAY + dt.timedelta(1), "00:00")) is False
    weekly(service, 3, "09:00", "09:00")
    assert is_open(service, at(MONDAY + dt.timedelta(3), "08:59")) is True
    assert is_open(service, at(MONDAY + dt.timedelta(3), "09:00")) is False


def test_without_hours_it_is_not_known(service):
    assert is_open(service, at(MONDAY, "12:00")) is None


# Exceptions -------------------------------------------------------------------------------------------------------------


def test_an_exception_closes_its_days_and_no_others(service):
    for weekday in range(1, 8):
        weekly(service, weekday, "09:00", "15:00")
    exception(service, MONDAY + dt.timedelta(1), MONDAY + dt.timedelta(2))
    assert [is_open(service, at(MONDAY + dt.timedelta(day), "10:00")) for day in range(4)] == [True, False, False, True]


def test_other_hours_replace_the_whole_day(service):
    weekly(service, 1, "09:00", "15:00")
    exception(service, MONDAY, MONDAY, "14:00", "18:00")
    assert [is_open(service, at(MONDAY, clock)) for clock in ("10:00", "14:30", "17:59")] == [False, True, True]


def test_several_exceptions_of_a_day_are_its_intervals(service):
    exception(service, MONDAY, MONDAY, "09:00", "11:00")
    exception(service, MONDAY, MONDAY, "13:00", "15:00")
    assert [is_open(service, at(MONDAY, clock)) for clock in ("10:00", "12:00", "14:00")] == [True, False, True]


def test_a_closed_day_does_not_cut_the_night_before_it(service):
    weekly(service, 7, "20:00", "02:00")
    exception(service, MONDAY, MONDAY)
    assert is_open(service, at(MONDAY, "01:00")) is True


def test_a_closed_evening_has_no_night_after_it(service):
    weekly(service, 1, "20:00", "02:00")
    exception(service, MONDAY, MONDAY)
    assert is_open(service, at(MONDAY + dt.timedelta(1), "01:00")) is False


def test_an_exceptional_night_goes_past_midnight(service):
    exception(service, MONDAY, MONDAY, "22:00", "02:00")
    assert is_open(service, at(MONDAY + dt.timedelta(1), "01:00")) is True
    assert is_open(service, at(MONDAY + dt.timedelta(1), "02:00")) is None


def test_an_exception_of_one_place_leaves_the_others_as_they_are(service):
    first, second = (ServicePlace.objects.create(service=service, name=name) for name in ("Yksi", "Kaksi"))
    weekly(service, 1, "09:00", "12:00", first)
    weekly(service, 1, "11:00", "15:00", second)
    exception(service, MONDAY, MONDAY, place=first)
    assert is_open(service, at(MONDAY, "10:00")) is False
    assert is_open(service, at(MONDAY, "11:30")) is True
    exception(service, MONDAY, MONDAY)
    assert is_open(service, at(MONDAY, "11:30")) is False


# Summer time ------------------------------------------------------------------------------------------------------------

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)  # the last Sundays of March and October


def utc(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), dt.UTC)


def test_the_hour_that_is_skipped_in_spring_is_not_open(service):
    """At 3.00 clocks go to 4.00: what opens at 3.00 and closes at 4.00 has no moment that day."""
    weekly(service, 7, "03:00", "04:00")
    assert [is_open(service, utc(SPRING, clock)) for clock in ("00:59:59", "01:00", "01:59")] == [False] * 3
    assert is_open(service, utc(SPRING - dt.timedelta(7), "01:30")) is True


def test_the_hour_that_comes_twice_in_autumn_is_open_twice(service):
    """At 4.00 clocks go back to 3.00."""
    weekly(service, 7, "03:00", "04:00")
    moments = [utc(AUTUMN, clock) for clock in ("00:00", "00:59", "01:00", "01:59", "02:00")]
    assert [is_open(service, moment) for moment in moments] == [True, True, True, True, False]


@pytest.mark.parametrize(("day", "last_open", "first_closed"), [(SPRING, "02:59", "03:00"), (AUTUMN, "03:59", "04:00")])
def test_a_night_over_the_change_ends_by_the_clock_on_the_wall(service, day, last_open, first_closed):
    weekly(service, 6, "20:00", "06:00")
    assert is_open(service, utc(day, last_open)) is True
    assert is_open(service, utc(day, first_closed)) is False


def test_the_day_changes_at_finnish_midnight_not_at_utc(service):
    weekly(service, 1, "00:00", "01:00")
    assert is_open(service, utc(MONDAY - dt.timedelta(1), "22:30")) is True
    assert is_open(service, utc(MONDAY, "00:30")) is False


# Both rules, any week ---------------------------------------------------------------------------------------------------

clocks = st.sampled_from([dt.time(hour, minute) for hour in (0, 1, 3, 4, 9, 12, 20, 23) for minute in (0, 30)])
days = st.integers(0, 9).map(lambda number: AUTUMN - dt.timedelta(5) + dt.timedelta(number))
which = st.sampled_from([None, 0, 1])  # the service's own hours, or those of one of two places
weeks = st.lists(
    st.tuples(st.integers(1, 7), clocks, clocks, which), max_size=6, unique_by=lambda row: (row[0], row[1], row[3])
)
times = st.one_of(st.none(), st.tuples(clocks, clocks))
exceptions = st.lists(st.tuples(days, st.integers(0, 2), times, which), max_size=4)
minutes = st.integers(-6 * 24 * 60, 6 * 24 * 60)
moments = st.lists(
    minutes.map(lambda count: utc(AUTUMN, "00:00") + dt.timedelta(minutes=count)), min_size=1, max_size=5
)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(week=weeks, special=exceptions, asked=moments)
@example(week=[], special=[(AUTUMN, 0, (dt.time(22), dt.time(2)), None)], asked=[utc(AUTUMN, "23:30")])
@example(
    week=[(7, dt.time(9), dt.time(12), 0), (7, dt.time(11), dt.time(15), 1)],
    special=[(AUTUMN, 0, None, 0)],
    asked=[utc(AUTUMN, "09:30")],
)
def test_the_database_and_python_agree(week, special, asked, service):
    with transaction.atomic():
        places = [ServicePlace.objects.create(service=service, name=name) for name in ("Yksi", "Kaksi")]
        place_of = {None: None, 0: places[0], 1: places[1]}
        OpeningHours.objects.bulk_create(
            OpeningHours(service=service, weekday=weekday, opens=opens, closes=closes, place=place_of[where])
            for weekday, opens, closes, where in week
        )
        OpeningException.objects.bulk_create(
            OpeningException(
                service=service, first_day=first, last_day=first + dt.timedelta(length), place=place_of[where],
                opens=clock and clock[0], closes=clock and clock[1],
            )
            for first, length, clock, where in special
        )  # fmt: skip
        answers = [is_open(service, moment) for moment in asked]
        if not week and not special:
            assert answers == [None] * len(asked)
        transaction.set_rollback(True)


def test_asking_a_fetched_row_makes_no_query(service, django_assert_num_queries):
    weekly(service, 1, "09:00", "15:00")
    fetched = Service.objects.prefetch_related("opening_hours", "opening_exceptions").get()
    with django_assert_num_queries(0):
        assert hours.is_open(fetched, at(MONDAY, "10:00")) is True


# Rows that cannot be ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weekday", [0, 8])
def test_a_week_has_seven_days(service, weekday):
    with pytest.raises(IntegrityError, match="a_week_has_seven_days"):
        weekly(service, weekday, "09:00", "15:00")


def test_one_interval_per_opening_time_also_without_a_place(service):
    weekly(service, 1, "09:00", "15:00")
    with pytest.raises(IntegrityError, match="one_interval_per_opening_time"):
        weekly(service, 1, "09:00", "12:00")


# How they are written ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "text"),
    [
        (dt.time(9), dt.time(15, 30), "9.00–15.30"),
        (dt.time(18), dt.time(), "18.00–24.00"),
        (dt.time(20), dt.time(2), "20.00–2.00 (seuraavana päivänä)"),
        (dt.time(), dt.time(), "ympäri vuorokauden"),
    ],
)
def test_an_interval_reads_as_people_write_it(opens, closes, text):
    assert interval(OpeningHours(opens=opens, closes=closes)) == text


def test_the_page_shows_each_days_hours_and_what_is_exceptional(service, client):
    weekly(service, 1, "09:00", "11:00")
    weekly(service, 1, "12:00", "15:00")
    today = timezone.localdate()
    exception(service, today - dt.timedelta(9), today - dt.timedelta(8))
    exception(service, today + dt.timedelta(1), today + dt.timedelta(3), "10:00", "11:00")
    context = client.get(service.get_absolute_url()).context
    monday, *others = context["week"][0]["days"]
    assert [interval(row) for row in monday["intervals"]] == ["9.00–11.00", "12.00–15.00"]
    assert [day["intervals"] for day in others] == [[]] * 6
    assert [one["row"].first_day for one in context["exceptions"]] == [today + dt.timedelta(1)]


def test_hours_of_each_place_are_a_table_of_their_own(service, client):
    place = ServicePlace.objects.create(service=service, name="Kirjasto")
    weekly(service, 1, "09:00", "11:00")
    weekly(service, 2, "12:00", "15:00", place)
    week = client.get(service.get_absolute_url()).context["week"]
    assert [(group["place"], len(group["days"])) for group in week] == [(None, 7), (place, 7)]
    assert week[1]["days"][0]["intervals"] == []
    assert [interval(row) for row in week[1]["days"][1]["intervals"]] == ["12.00–15.00"]


def test_unknown_hours_are_said_to_be_unknown(service, client):
    assert "Ei tiedossa" in client.get(service.get_absolute_url()).content.decode()
    Service.objects.update(hours_note="Sovitaan puhelimessa")
    page = client.get(service.get_absolute_url())
    assert "Sovitaan puhelimessa" in page.content.decode()
    assert page.context["open_now"] is None


def test_hours_of_a_confidential_place_tell_a_visitor_nothing(region, client):
    service = factories.make_service("Salainen paikka")
    place = service.places.create(name="Turvapaikka", confidential=True)
    for weekday in range(1, 8):
        service.opening_hours.create(place=place, weekday=weekday, opens=dt.time(0), closes=dt.time(0))
    assert "Salainen paikka" not in client.get("/palvelut/?open=now").content.decode()
    assert [hit.open_now for hit in client.get("/palvelut/").context["hits"]] == [None]
    page = client.get(service.get_absolute_url())
    assert (page.context["open_now"], page.context["week"]) == (None, [])
