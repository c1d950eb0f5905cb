"""The cast of the tests: one person for each role, and the organisations they stand for."""

import os

import pytest
from django.test import Client, override_settings
from django.utils import translation

from network.models import Organisation, User

from . import factories

# Playwright's own event loop makes Django think that every query comes from asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords():
    """A real hash takes a third of a second, and the cast is made anew for every test."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def finnish():
    """Each test starts in Finnish: a request leaves its language active for what comes after it."""
    with translation.override("fi"):
        yield


@pytest.fixture
def region(db):
    """The network has a region with eight municipalities."""
    return factories.use_region()


@pytest.fixture
def parish(db) -> Organisation:
    """An organisation that nobody of the cast edits."""
    return factories.make_organisation(
        "Esimerkin seurakunta", slug="esimerkin-seurakunta", kind=Organisation.Kind.PARISH
    )


@pytest.fixture
def association(db) -> Organisation:
    return factories.make_organisation("Esimerkkiyhdistys ry", slug="esimerkkiyhdistys")


@pytest.fixture
def coordinator(db) -> User:
    return factories.make_user("coordinator@example.org", name="Koordinaattori (demo)", is_staff=True)


@pytest.fixture
def professional(parish) -> User:
    """Stands for an organisation, without rights to edit it."""
    person = factories.make_user("professional@example.org")
    factories.make_membership(person, parish)
    return person


@pytest.fixture
def ngo_editor(association) -> User:
    person = factories.make_user("ngo@example.org")
    factories.make_membership(person, association, is_editor=True)
    return person


@pytest.fixture
def expert(association) -> User:
    """A member like any other."""
    person = factories.make_user("expert@example.org")
    factories.make_membership(person, association)
    return person


@pytest.fixture
def outsider(db) -> User:
    """Has an account but stands for nobody."""
    return factories.make_user("outsider@example.org")


@pytest.fixture
def as_user():
    """`as_user(person)` is a client that is signed in; `as_user(None)` one that is not."""

    def sign_in(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return sign_in
