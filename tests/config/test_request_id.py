"""Request ids and the log: enough to follow a request, nothing about a person."""

import json
import logging
import sys
from contextvars import copy_context

import pytest
from django.db import Error, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from config.logs import JsonFormatter, PlainFormatter, RequestIdFilter, request_id
from config.middleware import RequestIdMiddleware


def answer(request, status=200):
    return HttpResponse(request_id.get(), status=status)


def ask(headers=None, address="/", view=answer):
    return RequestIdMiddleware(view)(RequestFactory().get(address, headers=headers or {}))


def line(record: logging.LogRecord) -> dict:
    RequestIdFilter().filter(record)
    return json.loads(JsonFormatter().format(record))


def record(message: str, *args, name: str = "portal", **extra) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(name, logging.WARNING, "file", 1, message, args, None, extra=extra)


def test_each_request_has_an_id_of_its_own():
    first, second = ask(), ask()
    assert first["X-Request-ID"] == first.content.decode()
    assert len(first["X-Request-ID"]) == 32
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_well_formed_id_of_the_proxy_is_kept():
    assert ask({"X-Request-ID": "proxy-1234.abc_D"})["X-Request-ID"] == "proxy-1234.abc_D"


@pytest.mark.parametrize("bad", ["short", "x" * 65, "with space 12", "line\nbreak12", '"}{"level":"x"', "ääääääääää"])
def test_a_malformed_id_is_replaced(bad):
    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = bad
    assert RequestIdMiddleware(answer)(request)["X-Request-ID"] != bad


def test_the_id_does_not_stay_for_the_next_request():
    copy_context().run(ask)
    assert request_id.get() == "-"


def test_a_line_of_the_log_names_the_route_and_not_the_address(client, db, caplog):
    with caplog.at_level(logging.INFO, "portal.access"):
        client.get("/palvelut/", {"q": "salainen vaiva"}, REMOTE_ADDR="203.0.113.9")
        client.get("/palvelut/jokin-ryhma/")
        client.get("/ei/tallaista?sana=salainen")
    assert [entry.getMessage() for entry in caplog.records if entry.name == "portal.access"] == [
        "GET /palvelut/ 200",
        "GET /palvelut/<slug:slug>/ 404",
        "GET (no route) 404",
    ]
    said = " ".join(json.dumps(line(entry)) for entry in caplog.records)
    for secret in ("salainen", "203.0.113.9", "jokin-ryhma", "tallaista"):
        assert secret not in said


def test_health_probes_fill_no_log(client, caplog):
    with caplog.at_level(logging.INFO, "portal.access"):
        client.get("/health/live")
    assert not [entry for entry in caplog.records if entry.name == "portal.access"]


def test_a_line_is_json_with_the_request_it_belongs_to():
    token = request_id.set("abcdefgh")
    try:
        said = line(record("Sent %d – %s", 2, "viestiä", data={"count": 2}))
    finally:
        request_id.reset(token)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "WARNING",
        "logger": "portal",
        "request_id": "abcdefgh",
        "message": "Sent 2 – viestiä",
        "count": 2,
    }


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("django.server", '"GET /palvelut/?q=salainen HTTP/1.1" 500 12', '"GET /palvelut/ HTTP/1.1" 500 12'),
        ("gunicorn.error", "Invalid request from ip=203.0.113.9: Invalid line 'GET /?q=a b'", "Invalid request"),
        ("gunicorn.error", "Error handling request GET /lista/abc?q=salainen", "Error handling request"),
    ],
)
def test_what_the_server_says_of_a_request_loses_query_and_client(name, message, said):
    assert line(record(message, name=name))["message"] == said


def test_a_failure_is_logged_with_its_route(rf):
    request = rf.get("/lista/salainen/")
    assert (
        line(record("Internal Server Error: %s", request.path, name="django.request", request=request))["message"]
        == "Internal Server Error: (no route)"
    )


VALUE = "eka\nSALAINEN rivi\nSALAINEN, ei tekstiä"
PEOPLE = "CREATE TEMPORARY TABLE people (age int, story text UNIQUE CHECK (story <> 'x'), CHECK (length(story) < 40))"


def failure_of(statement: str, wrapped: bool) -> logging.LogRecord:
    failed = record("It failed")
    try:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [VALUE])
        except Error as error:
            if not wrapped:
                raise
            raise RuntimeError(f"Not saved: {error}") from None
    except (Error, RuntimeError):
        failed.exc_info = sys.exc_info()
    return failed


@pytest.mark.django_db
@pytest.mark.parametrize("wrapped", [False, True], ids=["as it came", "in another error"])
@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("INSERT INTO people VALUES (1, repeat(%s, 2))", 'violates check constraint "people_story_check1"'),
        ("INSERT INTO people SELECT 1, %s FROM generate_series(1, 2)", "duplicate key value"),
        ("INSERT INTO people VALUES (%s::text::int, 'a')", "(not logged; SQLSTATE 22P02)"),
        ("INSERT INTO people VALUES (1, nothing || 'SALAINEN' || %s)", 'column "nothing" does not exist'),
    ],
    ids=["a check", "a duplicate", "a wrong value", "a wrong statement"],
)
def test_the_values_of_a_refused_row_are_not_logged_however_many_lines_they_have(statement, kept, wrapped):
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
    failed = failure_of(statement, wrapped)
    assert "SALAINEN" in str(failed.exc_info[1])  # the error itself has them
    for said in (line(failed)["exception"], PlainFormatter().format(failed)):
        assert kept in said
        assert "Traceback" in said
        assert "SALAINEN" not in said
        assert "ei tekstiä" not in said


def test_an_error_that_is_not_the_databases_is_logged_whole():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        failed = record("It failed")
        failed.exc_info = sys.exc_info()
    assert line(failed)["exception"].endswith("ValueError: two\nlines")
