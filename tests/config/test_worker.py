"""The worker: a process that does what waits, at its times, and ends when it is asked to."""

import datetime as dt
import signal

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from config.tasks import delete_expired_sessions
from network import periodic
from network.models import KeptForm
from network.tasks import forget_kept_forms

from .. import factories
from ..mail import start_worker


@pytest.fixture
def sessions():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))


def run_once() -> None:
    """In a process of its own: that of the tests may have a browser's event loop running."""
    worker = start_worker(None, "--once")
    said, _nothing = worker.communicate(timeout=240)
    assert worker.returncode == 0, said


def kept() -> list[str]:
    return [session.session_key for session in Session.objects.order_by("session_key")]


@pytest.mark.django_db(transaction=True)
def test_sessions_that_have_expired_are_deleted_and_others_stay(sessions):
    run_once()
    assert kept() == ["new"]


@pytest.mark.django_db(transaction=True)
def test_where_only_cron_starts_it_due_bulletins_leave_and_kept_forms_go_too():
    an_hour_ago = timezone.now() - dt.timedelta(minutes=61)
    bulletin = factories.make_bulletin("Ajastettu", sent=False, scheduled_for=an_hour_ago)
    KeptForm.objects.keep(factories.make_user().pk, "/omat/", {"text": ["x"]})
    KeptForm.objects.update(created_at=an_hour_ago)
    run_once()
    bulletin.refresh_from_db()
    assert bulletin.sent_at is not None
    assert not KeptForm.objects.exists()


def at(*moment: int) -> int:
    """The moment of the wall clock as seconds since 1970."""
    return int(dt.datetime(*moment, tzinfo=timezone.get_default_timezone()).timestamp())


@pytest.mark.django_db
def test_they_are_deleted_once_a_night(sessions):
    delete_expired_sessions(timestamp=at(2026, 11, 22, 3))
    assert kept() == ["new"]
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(days=1))
    for hour in range(3, 24):
        delete_expired_sessions(timestamp=at(2026, 11, 22, hour))
    delete_expired_sessions(timestamp=at(2026, 11, 23, 2))
    assert kept() == ["new"]
    delete_expired_sessions(timestamp=at(2026, 11, 23, 3))
    assert kept() == []


@pytest.mark.django_db
def test_a_machine_that_was_off_at_night_does_it_later(sessions):
    delete_expired_sessions(timestamp=at(2026, 11, 22, 14))
    assert kept() == ["new"]


@pytest.mark.django_db
def test_work_that_failed_is_done_an_hour_later():
    done = []

    def work():
        done.append("tried")
        if len(done) == 1:
            raise OSError

    task = periodic.every_day()(work)
    try:
        with pytest.raises(OSError, match=r"^$"):
            task(timestamp=at(2026, 11, 22, 3))
        for hour in (4, 5):
            task(timestamp=at(2026, 11, 22, hour))
        assert done == ["tried", "tried"]
    finally:  # it was declared for this test only
        periodic.DAILY.remove(work)
        del app.tasks[task.name], app.periodic_registry.periodic_tasks[task.name, ""]


@pytest.mark.parametrize("day", [(2026, 11, 22), (2026, 7, 1), (2026, 3, 29), (2026, 10, 25)])
def test_each_night_has_its_work_also_when_clocks_are_moved(day):
    hours = [at(*day) + hour * 3600 for hour in range(25)]
    days = [periodic.due(hour, 3) for hour in hours]
    assert days[0] == dt.date(*day) - dt.timedelta(days=1)
    first = timezone.localtime(dt.datetime.fromtimestamp(hours[days.index(dt.date(*day))], dt.UTC))
    assert (first.date(), first.hour) == (dt.date(*day), 4 if day == (2026, 3, 29) else 3)


def test_a_weekday_comes_once_a_week():
    """From Monday at 8 for a day."""
    assert [day for day in range(1, 8) if periodic.due(at(2026, 11, day, 8), 8, weekday=0)] == [2]
    assert periodic.due(at(2026, 11, 2, 7), 8, weekday=0) is None
    assert periodic.due(at(2026, 11, 3, 7), 8, weekday=0) == dt.date(2026, 11, 2)
    assert periodic.due(at(2026, 11, 3, 8), 8, weekday=0) is None


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
        "network.tasks.forget_kept_forms",
    }


@pytest.mark.django_db
def test_what_was_kept_of_a_form_goes_after_an_hour_though_nobody_comes_back():
    person = factories.make_user()
    for minutes in (59, 61):
        form, _secret = KeptForm.objects.keep(person.pk, f"/{minutes}/", {"text": ["x"]})
        KeptForm.objects.filter(pk=form.pk).update(created_at=timezone.now() - dt.timedelta(minutes=minutes))
    forget_kept_forms(timestamp=0)
    assert [form.path for form in KeptForm.objects.all()] == ["/59/"]


def test_the_queue_is_not_on_the_desk(coordinator, as_user):
    desk = as_user(coordinator)
    assert b"rocrastinate" not in desk.get("/hallinta/").content
    assert desk.get("/hallinta/procrastinate/procrastinatejob/").status_code == 404
