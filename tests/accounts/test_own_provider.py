"""The organisation's own sign-in, against a real OpenID Connect provider on loopback.

It lets in who was let in before, by an address that the provider has verified and may speak for. It makes nobody.
"""

import datetime as dt
import json
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.utils import timezone

from network.models import Invitation, Membership, User
from tests import factories

from .signing import by_password, is_in

pytestmark = pytest.mark.django_db

LOGIN = "/tili/organisaatio/"
NOW = timezone.now()

# What the provider knows of people, by its own name for them.
KNOWN = {
    "invited": {"email": "professional@example.org", "email_verified": True, "name": "Pekka", "phone_number": "040"},
    "capitals": {"email": "Professional@Example.ORG", "email_verified": True},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    "staff": {"email": "coordinator@example.org", "email_verified": True},
    "unverified": {"email": "professional@example.org", "email_verified": False},
    "says nothing": {"email": "professional@example.org"},
    "elsewhere": {"email": "guest@elsewhere.example", "email_verified": True},
    "below": {"email": "guest@below.example.org", "email_verified": True},
    "alike": {"email": "guest@notexample.org", "email_verified": True},
    "no address": {},
}


@pytest.fixture(scope="module")
def provider():
    """The address of a provider in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [f"--user-claims={json.dumps({'sub': name, **claims})}" for name, claims in KNOWN.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert process.poll() is None
                time.sleep(0.1)
        yield address
        process.terminate()


@pytest.fixture
def configured(provider, settings):
    settings.OIDC_SERVER_URL, settings.OIDC_NAME = provider, "Esimerkkialue"
    settings.OIDC_ALLOWED_DOMAINS = ["example.org"]
    app = {"provider_id": "organisaatio", "name": "Esimerkkialue", "client_id": "portal", "secret": "secret"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app | {"settings": {"server_url": provider}}]}
    }
    return provider


def come_back(client, who, language="", **form):
    """From our button to the provider, where `who` signs in, and back."""
    there = client.post(language + LOGIN, form)
    assert there.status_code == 302
    answer = requests.post(there["Location"], data={"sub": who}, allow_redirects=False, timeout=20)
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/tili/organisaatio/paluu/"
    return client.get(f"{back.path}?{back.query}")


NO, ERROR = f"{LOGIN}ei-onnistu/", f"{LOGIN}virhe/"


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (User, Membership, SocialAccount, SocialToken))


def test_the_first_time_ties_the_account_of_an_invited_person(configured, client, professional, mailbox):
    assert come_back(client, "invited")["Location"] == "/omat/#sisalto"
    assert client.session["_auth_user_id"] == str(professional.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (professional, "invited", {})
    assert [message.event.split(":")[0] for message in mailbox.to(professional.email)] == ["changed"]


def test_the_next_time_it_is_the_same_account(configured, client, professional):
    come_back(client, "invited")
    client.post("/tili/kirjaudu-ulos/")
    professional.email = "another@example.org"
    professional.save()
    come_back(client, "invited")
    assert client.session["_auth_user_id"] == str(professional.pk)
    assert SocialAccount.objects.get().extra_data == {}


def test_it_gives_no_rights_and_takes_none(configured, client, ngo_editor, professional):
    before = list(Membership.objects.order_by("pk").values())
    come_back(client, "capitals")
    assert is_in(client)
    assert list(Membership.objects.order_by("pk").values()) == before
    professional.refresh_from_db()
    assert (professional.is_staff, professional.is_superuser) == (False, False)


def test_an_open_invitation_of_the_address_makes_the_account(configured, client, association, parish):
    Invitation.objects.create(email="stranger@example.org", organisation=association, is_editor=True)
    Invitation.objects.create(email="stranger@example.org", organisation=parish)
    assert come_back(client, "stranger")["Location"] == "/omat/#sisalto"
    person = User.objects.get()
    assert (person.email, person.name, person.is_staff, person.has_usable_password()) == (
        "stranger@example.org",
        "",
        False,
        False,
    )
    assert {(one.organisation, one.is_editor) for one in person.memberships.all()} == {
        (association, True),
        (parish, False),
    }
    assert not Invitation.objects.open().exists()
    assert client.get("/omat/")["Location"].startswith("/verkosto/pelisaannot/")  # nobody has asked her yet


@pytest.mark.parametrize(
    "state", [{"revoked_at": NOW}, {"accepted_at": NOW}, {"expires_at": NOW}, {"email": "a@example.org"}]
)
def test_an_invitation_that_is_not_open_or_anothers_makes_nobody(state, configured, client, association):
    fields = {"email": "stranger@example.org", "organisation": association, "created_at": NOW - dt.timedelta(days=40)}
    Invitation.objects.create(**fields | state)
    assert come_back(client, "stranger")["Location"] == NO
    assert (counts(), is_in(client)) == ((0, 0, 0, 0), False)


def test_an_invitation_is_not_taken_up_by_an_address_that_is_not_trusted(configured, client, association):
    for who in ("unverified", "elsewhere"):
        Invitation.objects.create(email=KNOWN[who]["email"], organisation=association)
        assert come_back(client, who)["Location"] == NO
    assert not User.objects.exists()


REFUSED = ["stranger", "staff", "unverified", "says nothing", "elsewhere", "below", "alike", "no address"]


@pytest.mark.parametrize("who", REFUSED)
def test_others_are_refused_on_a_calm_page(who, configured, client, professional, coordinator, mailbox):
    for host in ("elsewhere.example", "below.example.org", "notexample.org"):
        factories.make_user(f"guest@{host}")
    before = counts()
    assert come_back(client, who)["Location"] == NO
    assert client.get(NO).status_code == 200
    assert not is_in(client)
    assert (counts(), len(mailbox)) == (before, 0)


def test_a_closed_account_stays_closed(configured, client, professional):
    professional.is_active = False
    professional.save()
    assert come_back(client, "invited")["Location"] == NO
    assert not is_in(client)


def test_who_becomes_a_coordinator_signs_in_that_way_no_more(configured, client, professional):
    come_back(client, "invited")
    client.post("/tili/kirjaudu-ulos/")
    User.objects.filter(pk=professional.pk).update(is_staff=True)
    assert come_back(client, "invited")["Location"] == NO
    assert not is_in(client)


def test_who_was_closed_after_the_first_time_is_refused(configured, client, professional):
    come_back(client, "invited")
    client.post("/tili/kirjaudu-ulos/")
    User.objects.filter(pk=professional.pk).update(is_active=False)
    assert come_back(client, "invited")["Location"] == NO


def test_a_domain_that_is_taken_off_the_list_opens_no_more(configured, client, professional, settings):
    come_back(client, "invited")
    client.post("/tili/kirjaudu-ulos/")
    settings.OIDC_ALLOWED_DOMAINS = ["other.example"]
    assert come_back(client, "invited")["Location"] == NO


def test_nobody_ties_an_identity_to_the_account_they_are_in(configured, client, coordinator, outsider):
    """A coordinator, or who found a browser open, gets no second way in by it."""
    by_password(client, outsider.email)
    answer = client.post(f"{LOGIN}?process=connect", {"process": "connect"})
    answer = requests.post(answer["Location"], data={"sub": "stranger"}, allow_redirects=False, timeout=20)
    back = urlsplit(answer.headers["Location"])
    assert client.get(f"{back.path}?{back.query}")["Location"] == NO
    assert not SocialAccount.objects.exists()


def test_an_answer_works_once_and_in_its_own_browser(configured, client, professional, as_user):
    there = client.post(LOGIN)["Location"]
    answer = requests.post(there, data={"sub": "invited"}, allow_redirects=False, timeout=20)
    back = urlsplit(answer.headers["Location"])
    assert as_user(None).get(f"{back.path}?{back.query}")["Location"] == ERROR
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/omat/#sisalto"
    client.post("/tili/kirjaudu-ulos/")
    assert client.get(f"{back.path}?{back.query}")["Location"] == ERROR
    assert not is_in(client)


def test_a_provider_that_does_not_answer_is_told_calmly(configured, client, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert client.post(LOGIN)["Location"] == ERROR
    assert client.get(ERROR).status_code == 401


def test_giving_up_at_the_provider_leads_to_a_calm_page(configured, client):
    state = parse_qs(urlsplit(client.post(LOGIN)["Location"]).query)["state"][0]
    answer = client.get(f"{LOGIN}paluu/", {"error": "access_denied", "state": state})
    assert answer["Location"] == f"{LOGIN}peruttu/"
    assert client.get(f"{LOGIN}peruttu/").status_code == 200
    assert not is_in(client)


def test_the_page_after_it_speaks_the_language_of_before(configured, client, db):
    assert come_back(client, "stranger", "/sv")["Location"] == f"/sv{NO}"


def test_one_comes_to_where_one_was_going_and_to_no_other_site(configured, client, professional):
    assert come_back(client, "invited", next="/verkosto/")["Location"] == "/verkosto/#sisalto"
    client.post("/tili/kirjaudu-ulos/")
    assert come_back(client, "invited", next="https://evil.example/")["Location"] == "/omat/#sisalto"


def test_the_button_is_there_when_a_provider_is_configured(client, db, request):
    assert LOGIN not in client.get("/tili/kirjaudu/").content.decode()
    request.getfixturevalue("configured")
    page = client.get("/tili/kirjaudu/").content.decode()
    assert f'action="{LOGIN}"' in page
    assert "Esimerkkialue" in page


def test_without_one_there_is_no_such_way(client, db):
    assert [client.get(address).status_code for address in (LOGIN, f"{LOGIN}paluu/?code=x&state=y")] == [404, 404]
