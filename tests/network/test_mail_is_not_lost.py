"""Real worker processes and a real mail server: killed, refused or out of reach, each message arrives in the end."""

import asyncio
import signal
import subprocess
import threading

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from network import mail
from network.models import Message
from network.tasks import take_up_stalled_jobs

from ..config.test_embedded_postgres import wait_until
from ..mail import start_worker
from .test_send_mail import CODE, hello, words  # noqa: F401  words is a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workers(smtp_server):
    """`workers()` starts a worker that stays; what is left of them is killed."""
    started = []

    def start(*options: str) -> subprocess.Popen:
        worker = start_worker(smtp_server, *options)
        started.append(worker)
        if not options:
            assert worker.stdout.readline() == "The worker runs.\n"
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait()
        worker.stdout.close()


def kill(worker: subprocess.Popen) -> None:
    """The hard way, and half a minute of silence after it."""
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def hurry() -> None:
    """What is to be tried again later is tried now."""
    sql("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def statuses() -> list[str]:
    """Of the jobs that send messages."""
    return sorted(
        ProcrastinateJob.objects.filter(task_name="network.tasks.send_message").values_list("status", flat=True)
    )


def test_killed_before_it_was_sent(smtp_server, workers, run_worker):
    """The worker has taken the job and waits for a mail server that does not answer."""
    message = hello()
    reached, go_on = threading.Event(), threading.Event()

    async def handle_MAIL(server, session, envelope, address, options):
        reached.set()
        while not go_on.is_set():
            await asyncio.sleep(0.05)
        envelope.mail_from = address
        return "250 OK"

    smtp_server.handle_MAIL = handle_MAIL
    worker = workers()
    assert reached.wait(60)
    kill(worker)
    go_on.set()
    assert (smtp_server.arrived, statuses()) == ([], ["doing"])
    run_worker()
    assert [arrived["Message-ID"] for arrived in smtp_server.arrived] == [message.message_id]
    message.refresh_from_db()
    assert message.sent_at
    assert message.attempts == 2
    assert statuses() == ["succeeded"]


def test_killed_after_the_server_took_it_and_before_that_was_written_down(smtp_server, workers, run_worker):
    """It leaves again, as the same message."""
    message = hello()
    worker = workers()

    def die(_message):
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        return "250 taken"

    smtp_server.answer = die
    wait_until(lambda: worker.poll() is not None, seconds=60)
    kill(worker)
    message.refresh_from_db()
    assert message.sent_at is None
    smtp_server.answer = lambda _message: "250 taken"
    run_worker()
    first, second = smtp_server.arrived
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first.get_body(["plain"]).get_content() == second.get_body(["plain"]).get_content()
    message.refresh_from_db()
    assert message.sent_at
    run_worker()
    assert len(smtp_server.arrived) == 2


def test_killed_after_it_was_sent(smtp_server, workers, run_worker):
    """Before the job was finished: the row knows, and nothing leaves again."""
    message = hello()
    run_worker()
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    assert statuses() == ["doing"]
    run_worker()
    assert statuses() == ["succeeded"]
    assert [arrived["Message-ID"] for arrived in smtp_server.arrived] == [message.message_id]


def test_a_stalled_job_is_taken_up_by_a_worker_that_runs_already(smtp_server, workers):
    """Within a minute, with no worker started anew."""
    hello()
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    workers()
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE status = 'todo'")
    take_up_stalled_jobs.defer(timestamp=0)
    wait_until(lambda: len(smtp_server.arrived) == 1, seconds=60)


def test_a_job_that_is_run_twice_sends_once(smtp_server, run_worker):
    message = hello()
    mail.defer(message)
    mail.defer(message)
    run_worker()
    assert len(smtp_server.arrived) == 1
    assert statuses() == ["succeeded"] * 3


def test_two_workers_at_once_send_each_message_once(smtp_server, workers):
    messages = [hello(event=f"hello:{number}") for number in range(20)]
    for message in messages:
        mail.defer(message)
    both = [workers("--waiting"), workers("--waiting")]
    for worker in both:
        worker.wait(60)
    hurry()
    workers("--waiting").wait(60)
    arrived = [message["Message-ID"] for message in smtp_server.arrived]
    assert sorted(arrived) == sorted(message.message_id for message in messages)


def test_a_server_that_is_down_is_tried_again_later_and_later(smtp_server, workers, run_worker):
    message = hello()
    smtp_server.stop()
    waits = []
    for _attempt in range(3):
        workers("--waiting").wait(60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM scheduled_at - (SELECT max(at) FROM procrastinate_events WHERE type = 'deferred_for_retry'))::int"
                " FROM procrastinate_jobs"
            )
            waits.append(round(cursor.fetchone()[0] / 60))
        hurry()
    assert waits == [1, 2, 4]
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.failed_at) == (3, None, None)
    assert message.failure == "ConnectionRefusedError"
    assert CODE in message.text
    smtp_server.start()
    run_worker()
    assert len(smtp_server.arrived) == 1


def test_it_is_given_up_in_the_end(smtp_server, workers):
    message = hello()
    smtp_server.stop()
    Message.objects.update(attempts=mail.MAX_ATTEMPTS - 1)
    workers("--waiting").wait(60)
    smtp_server.start()
    message.refresh_from_db()
    assert message.failed_at
    assert (message.text, message.html, message.headers) == ("", "", {})
    assert statuses() == ["succeeded"]


@pytest.mark.parametrize(("answer", "given_up"), [("550 nobody of that name", True), ("450 busy", False)])
def test_an_address_that_is_refused(smtp_server, workers, answer, given_up):
    """For good, or for now; and the log tells nobody whose it was."""
    message = hello()
    smtp_server.refused["aino@example.org"] = answer
    worker = workers("--waiting")
    said, _nothing = worker.communicate(timeout=60)
    message.refresh_from_db()
    assert bool(message.failed_at) is given_up
    assert message.failure == f"SMTPRecipientsRefused {answer[:3]}"
    assert "aino" not in said
    assert CODE not in said
    assert statuses() == (["succeeded"] if given_up else ["todo"])


def test_a_message_without_a_job_gets_one(smtp_server, run_worker):
    message = hello()
    sql("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")
    assert mail.resume() == 1
    assert mail.resume() == 0
    run_worker()
    assert [arrived["Message-ID"] for arrived in smtp_server.arrived] == [message.message_id]
    assert mail.resume() == 0


def test_the_worker_goes_on_when_the_database_has_been_away(smtp_server, workers):
    workers()
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    hello()
    wait_until(lambda: len(smtp_server.arrived) == 1, seconds=90)
