"""The cast of the tests: one person for each role, and the organisations they stand for."""

import gc
import os
import time

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import translation

from network.models import Organisation, User
from network.public_pages import KEEPER

from . import factories, mail

# Playwright's own event loop makes Django think that every query comes from asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_sessionstart(session):
    """What has been imported stays: looking through it for garbage again and again took a tenth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords():
    """A real hash takes a third of a second, and the cast is made anew for every test."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def dictionaries():
    """Made once for a checkout, as `make demo` and `make serve` do."""
    call_command("build_words", verbosity=0)


@pytest.fixture(autouse=True)
def finnish():
    """Each test starts in Finnish: a request leaves its language active for what comes after it."""
    with translation.override("fi"):
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """No test is given a page that another one had made."""
    KEEPER.forget()


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
def expert_coordinator(association) -> User:
    """Coordinates expert activity, and is a member like any other."""
    person = factories.make_user(
        "expertcoordinator@example.org", name="Toiminnan koordinaattori (demo)", coordinates_experts=True
    )
    factories.make_membership(person, association)
    return person


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


def show_second_factor(client: Client, person: User) -> None:
    """As if the person had typed the code of the app after signing in."""
    factor = factories.make_second_factor(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@pytest.fixture
def as_user():
    """`as_user(person)` is a client that is signed in, a coordinator with the second factor; `as_user(None)` one that is not."""

    def sign_in(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person)
            if person.is_staff or person.coordinates_experts:
                show_second_factor(client, person)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def empty_queue(request, django_db_blocker):
    """The queue's tables are not Django's: the flush after a test with real transactions leaves them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            mail.empty_queue()


@pytest.fixture
def mailbox(db) -> mail.Mailbox:
    """What was queued since: `mailbox.messages`, `mailbox.to(address)`, `len(mailbox)`, `for message in mailbox`."""
    return mail.Mailbox()


@pytest.fixture
def smtp_server():
    """A mail server on loopback: `smtp_server.arrived` are the messages as the recipient's program reads them."""
    with mail.SmtpServer() as server:
        yield server


@pytest.fixture
def run_worker(transactional_db, smtp_server):
    """`run_worker()` is a real worker process that does what waits now and ends; mail goes to `smtp_server`."""

    def run() -> None:
        worker = mail.start_worker(smtp_server, "--waiting")
        said, _nothing = worker.communicate(timeout=240)
        assert worker.returncode == 0, said

    return run
