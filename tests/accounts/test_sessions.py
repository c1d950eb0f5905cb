"""Where one is signed in: to see it, and to end it everywhere else."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client

from network.accounts import counters, sessions
from tests import factories

from .signing import by_password, is_in

pytestmark = pytest.mark.django_db

PAGE = "/tili/istunnot/"


def signed_in(person, agent="Browser") -> Client:
    client = Client(headers={"user-agent": agent})
    by_password(client, person.email)
    assert is_in(client)
    return client


def test_one_sees_the_own_sessions_and_nobody_elses(professional, outsider):
    here, _elsewhere, _other = (
        signed_in(professional, "Here"),
        signed_in(professional, "There"),
        signed_in(outsider, "Other"),
    )
    assert {session.user_agent for session in here.get(PAGE).context["sessions"]} == {"Here", "There"}


def test_signing_out_everywhere_ends_the_other_browsers_session(professional, outsider):
    here, elsewhere, other = signed_in(professional), signed_in(professional), signed_in(outsider)
    assert here.post(PAGE).status_code == 302
    assert elsewhere.get(PAGE)["Location"].startswith("/tili/kirjaudu/")
    assert here.get(PAGE).status_code == 200
    assert other.get(PAGE).status_code == 200


def test_looking_ends_nothing(professional):
    here, elsewhere = signed_in(professional), signed_in(professional)
    here.get(PAGE)
    assert elsewhere.get(PAGE).status_code == 200


def test_a_session_given_by_somebody_else_is_not_signed_in(client, professional):
    """Session fixation: the name that was there before signing in is worth nothing after it."""
    client.get("/tili/kirjaudu/")
    client.session.save()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted
    by_password(client, professional.email)
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get(PAGE).status_code == 302


def test_a_pending_second_step_does_not_outlive_signing_out(client, coordinator):
    factories.make_second_factor(coordinator)
    by_password(client, coordinator.email)
    client.post("/tili/kirjaudu-ulos/")
    answer = client.post("/tili/kaksivaiheinen/kirjaudu/", {"code": factories.RECOVERY_CODES[0]})
    assert answer["Location"] == "/tili/kirjaudu/"
    assert not is_in(client)


def test_what_is_kept_of_a_session_goes_with_it(professional, outsider):
    signed_in(professional)
    other = signed_in(outsider)
    Session.objects.exclude(session_key=other.session.session_key).delete()
    sessions.forget_ended()
    assert [row.user for row in UserSession.objects.all()] == [outsider]


def test_the_night_forgets_what_counts_no_more(db):
    limits = caches["limits"]
    limits.set("old", 1, 60)
    limits.set("new", 1, 3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE limits SET expires = now() - interval '1 minute' WHERE expires < now() + interval '5 minutes'"
        )
        counters.forget_expired()
        cursor.execute("SELECT count(*) FROM limits")
        assert cursor.fetchone() == (1,)
    assert (limits.get("old"), limits.get("new")) == (None, 1)
