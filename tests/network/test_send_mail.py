"""Messages leave by one door: in the transaction of what they tell of, at least once, to each recipient one."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from network import mail
from network.models import Message


@pytest.fixture(autouse=True)
def words(settings):
    """Templates of a message that only tests send."""
    loaders = [
        ("django.template.loaders.filesystem.Loader", [settings.BASE_DIR / "templates"]),
        "django.template.loaders.app_directories.Loader",
        ("django.template.loaders.locmem.Loader", WORDS),
    ]
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": {**engine["OPTIONS"], "loaders": loaders}}]


WORDS = {
    "emails/tests/hello.subject.txt": "Hello {{ name }}\n you",
    "emails/tests/hello.txt": '{% extends "emails/base.txt" %}{% block content %}Dear {{ name }}: {{ code }}{% endblock %}',
    "emails/tests/hello.html": '{% extends "emails/base.html" %}{% block content %}<p>Dear {{ name }}: {{ code }}</p>{% endblock %}',
}
CODE = "739-184-secret"


def hello(to="aino@example.org", event="hello:1", **options) -> Message | None:
    context = {"name": "Aino & <Eino>", "code": CODE}
    return mail.send("tests/hello", to=to, event=event, context=context, why="Because you asked.", **options)


def test_a_message_has_both_texts_and_a_reason(mailbox, db):
    hello()
    (message,) = mailbox
    assert message.subject == "Hello Aino & <Eino> you"
    assert message.text.startswith(f"Dear Aino & <Eino>: {CODE}")
    assert f"<p>Dear Aino &amp; &lt;Eino&gt;: {CODE}</p>" in message.html
    assert "Because you asked." in message.text
    assert "Because you asked." in message.html


@pytest.mark.django_db(transaction=True)
def test_it_arrives(run_worker, smtp_server):
    message = hello()
    run_worker()
    (arrived,) = smtp_server.arrived
    assert arrived["Message-ID"] == message.message_id
    assert arrived["To"] == "aino@example.org"
    assert CODE in arrived.get_body(["plain"]).get_content()
    assert CODE in arrived.get_body(["html"]).get_content()
    message.refresh_from_db()
    assert message.sent_at
    assert (message.text, message.html, message.headers, message.attempts) == ("", "", {}, 1)


def test_the_same_event_twice_is_one_message(mailbox, db):
    assert hello()
    assert hello() is None
    assert hello(to="AINO@example.org") is None
    assert len(mailbox) == 1
    assert ProcrastinateJob.objects.count() == 1
    assert hello(version=2)
    assert hello(to="eino@example.org")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_tells_nobody(mailbox, run_worker, smtp_server):
    with transaction.atomic():
        hello()
        transaction.set_rollback(True)
    run_worker()
    assert (len(mailbox), smtp_server.arrived, ProcrastinateJob.objects.count()) == (0, [], 0)


def test_a_job_holds_neither_code_nor_address(db):
    message = hello()
    (job,) = ProcrastinateJob.objects.all()
    assert job.args == {"message": message.pk}
    assert (job.lock, job.queueing_lock) == (None, None)
