"""Neither the answer nor the work done tells whether an address has an account. Work is counted, never timed."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from network.models import Network, OrganisationDomain, User

from .signing import CODE, SIGN_IN

pytestmark = pytest.mark.django_db

hashes = []


class CountingHasher(MD5PasswordHasher):
    def encode(self, password, salt):
        hashes.append(password)
        return super().encode(password, salt)


@pytest.fixture
def counted(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


@pytest.fixture
def people(counted, professional, coordinator, association):
    """What an address can be, by name."""
    closed = User.objects.create_user("closed@example.org", "a-long-enough-password", is_active=False)
    without = User.objects.create_user("without@example.org")
    Network.objects.update(domain_sign_in=True)
    OrganisationDomain.objects.create(organisation=association, domain="yhdistys.example.org")
    return {
        "known": professional.email, "coordinator": coordinator.email, "closed": closed.email,
        "without a password": without.email, "unknown": "nobody@example.org",
        "of an organisation": "new@yhdistys.example.org",
    }  # fmt: skip


def seen(answer) -> tuple:
    """Status, where it leads, and the page without the token and the address that was typed."""
    text = re.sub(r'value="[^"]*"|[\w.]+@[\w.]+', "", answer.content.decode())
    return answer.status_code, answer.get("Location"), text, tuple(sorted(answer.cookies))


def done(ask) -> tuple:
    """What a visitor sees, and how many passwords were hashed and jobs queued for it."""
    hashes.clear()
    jobs = ProcrastinateJob.objects.count()
    client = Client()
    first = seen(ask(client))
    then = seen(client.get(first[1])) if first[1] else None
    return first, then, len(hashes), ProcrastinateJob.objects.count() - jobs


def each(people, ask) -> set[tuple]:
    return {done(lambda client, address=address: ask(client, address)) for address in people.values()}


def test_a_wrong_password(people):
    (only,) = each(people, lambda client, address: client.post(SIGN_IN, {"login": address, "password": "wrong"}))
    assert only[2:] == (1, 0)


def test_the_right_password_of_a_closed_account(people):
    asked = [("closed@example.org", "a-long-enough-password"), ("nobody@example.org", "a-long-enough-password")]
    found = {
        done(lambda client, address=address, password=password: client.post(SIGN_IN, {"login": address, "password": password}))
        for address, password in asked
    }  # fmt: skip
    (only,) = found
    assert only[2:] == (1, 0)


def test_a_code(people):
    (only,) = each(people, lambda client, address: client.post(CODE, {"email": address}))
    assert only[2:] == (0, 1)


def test_a_wrong_code(people):
    def ask(client, address):
        client.post(CODE, {"email": address})
        return client.post("/tili/koodi/syota/", {"code": "x"})

    (only,) = each(people, ask)
    assert only[0][0] == 200


def test_three_wrong_codes(people):
    def ask(client, address):
        client.post(CODE, {"email": address})
        for _time in range(2):
            client.post("/tili/koodi/syota/", {"code": "x"})
        return client.post("/tili/koodi/syota/", {"code": "x"})

    (only,) = each(people, ask)
    assert only[0][:2] == (302, CODE)


def test_a_new_password(people):
    (only,) = each(people, lambda client, address: client.post("/tili/salasana/unohtui/", {"email": address}))
    assert only[2:] == (0, 1)


def test_too_many_tries(people):
    """The limit is by address, too, and holds for one that nobody has."""
    for number, address in enumerate(people.values()):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answers = []
        for _time in range(4):
            answers.append(client.post(CODE, {"email": address}).status_code)
            client.post("/tili/kirjaudu-ulos/")
        assert (address, answers) == (address, [302, 302, 302, 200])


def test_too_many_wrong_passwords(people):
    for number, address in enumerate(people.values()):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answers = [client.post(SIGN_IN, {"login": address, "password": "wrong"}) for _time in range(6)]
        errors = [str(answer.context["form"].non_field_errors()) for answer in answers]
        assert len(set(errors[:5])) == 1
        assert errors[5] != errors[0]


def test_the_counters_hold_no_address_of_anybody(people):
    Client(REMOTE_ADDR="192.0.2.77").post(SIGN_IN, {"login": "known@example.org", "password": "wrong"})
    assert caches["default"]._table == caches["limits"]._table
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM limits")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
