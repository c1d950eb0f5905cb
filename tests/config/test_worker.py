"""The worker's housekeeping, in a real process where it has to end by itself."""

import datetime as dt
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from config.management.commands.worker import seconds_until_night

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db(transaction=True)
def test_sessions_that_have_expired_are_deleted_and_others_stay():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))
    call_command("worker", "--once")
    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.parametrize(
    ("now", "hours"), [((2026, 11, 22, 1, 0), 2), ((2026, 11, 22, 3, 0), 24), ((2026, 11, 22, 23, 30), 3.5)]
)
def test_it_sleeps_until_the_night(now, hours):
    moment = dt.datetime(*now, tzinfo=timezone.get_default_timezone())
    assert seconds_until_night(moment) == hours * 3600


def test_it_ends_when_it_is_asked_to():
    program = (
        "import sys; from django.core.management import execute_from_command_line as run; run(['manage.py', 'worker'])"
    )
    setup = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup();"
        "import config.management.commands.worker as worker; worker.tidy = lambda: None;"
    )
    with subprocess.Popen(
        [sys.executable, "-c", setup + program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout.readline() == "The worker runs.\n"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
