"""The worker: a process that does what waits, at its times, and ends when it is asked to."""

import datetime as dt
import signal

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from config.tasks import delete_expired_sessions
from network.periodic import is_time

from ..mail import start_worker


@pytest.fixture
def sessions():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))


def kept() -> list[str]:
    return [session.session_key for session in Session.objects.order_by("session_key")]


@pytest.mark.django_db(transaction=True)
def test_sessions_that_have_expired_are_deleted_and_others_stay(sessions, settings):
    settings.SECRET_KEY_GIVEN = True
    call_command("worker", "--once")
    assert kept() == ["new"]


@pytest.mark.django_db
def test_they_are_deleted_at_night_only(sessions):
    delete_expired_sessions(timestamp=at(2026, 11, 22, 12))
    assert kept() == ["new", "old"]
    delete_expired_sessions(timestamp=at(2026, 11, 22, 3))
    assert kept() == ["new"]


def at(*moment: int) -> int:
    """The moment of the wall clock as seconds since 1970."""
    return int(dt.datetime(*moment, tzinfo=timezone.get_default_timezone()).timestamp())


@pytest.mark.parametrize("day", [(2026, 11, 22), (2026, 7, 1), (2026, 3, 29), (2026, 10, 25)])
def test_a_night_comes_once_a_day_also_when_clocks_are_moved(day):
    midnight = at(*day)
    hours = [midnight + hour * 3600 for hour in range(25)]
    hours = [hour for hour in hours if timezone.localtime(dt.datetime.fromtimestamp(hour, dt.UTC)).day == day[2]]
    nights = [hour for hour in hours if is_time(hour, 3)]
    assert len(nights) == 1
    expected = 4 if day == (2026, 3, 29) else 3
    assert timezone.localtime(dt.datetime.fromtimestamp(nights[0], dt.UTC)).hour == expected


def test_a_weekday_comes_once_a_week():
    assert [day for day in range(1, 8) if is_time(at(2026, 11, day, 8), 8, weekday=0)] == [2]


@pytest.mark.django_db(transaction=True)
def test_it_ends_when_it_is_asked_to():
    worker = start_worker(None)
    assert worker.stdout.readline() == "The worker runs.\n"
    worker.send_signal(signal.SIGTERM)
    said, _nothing = worker.communicate(timeout=30)
    assert (worker.returncode, said) == (0, "")


def test_it_does_not_run_with_a_secret_of_its_own(settings):
    settings.SECRET_KEY_GIVEN = False
    with pytest.raises(CommandError, match="SECRET_KEY is not set"):
        call_command("worker", "--once")


def test_every_periodic_task_can_be_run():
    assert {name for name, _id in app.periodic_registry.periodic_tasks} >= {
        "config.tasks.delete_expired_sessions",
        "network.tasks.take_up_stalled_jobs",
        "network.tasks.resume_messages",
    }


def test_the_queue_is_not_on_the_desk(coordinator, as_user):
    desk = as_user(coordinator)
    assert b"rocrastinate" not in desk.get("/hallinta/").content
    assert desk.get("/hallinta/procrastinate/procrastinatejob/").status_code == 404
