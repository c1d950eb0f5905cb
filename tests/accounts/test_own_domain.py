"""Who has an address of a member organisation's own domain comes in by a code, when the network has said so."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from network.accounts import domains
from network.models import GroundRules, Membership, Network, Organisation, OrganisationDomain, User
from network.models.ground_rules import rules_to_accept
from tests import factories

from .signing import CODE, TYPE_CODE, code_in, is_in, wrong

pytestmark = pytest.mark.django_db

RULES = "/verkosto/pelisaannot/"
NEW = "uusi@yhdistys.example.org"


@pytest.fixture
def open_door(association) -> Organisation:
    Network.objects.update(domain_sign_in=True)
    OrganisationDomain.objects.create(organisation=association, domain="yhdistys.example.org")
    return association


def ask(client, address=NEW):
    client.post(CODE, {"email": address})


def kinds(mailbox) -> list[str]:
    return [message.event.split(":")[0] for message in mailbox]


def test_the_code_makes_an_account_without_rights(open_door, client, mailbox):
    ask(client)
    assert not User.objects.exists()
    assert client.post(TYPE_CODE, {"code": code_in(mailbox[0])})["Location"] == "/omat/#sisalto"
    person = User.objects.get()
    assert (person.email, person.is_staff, person.is_superuser, person.has_usable_password()) == (
        NEW,
        False,
        False,
        False,
    )
    (membership,) = person.memberships.all()
    assert (membership.organisation, membership.is_editor, membership.is_contact_person) == (open_door, False, False)
    assert person.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(person.pk)


def test_it_opens_the_professional_view(open_door, client, mailbox):
    service = factories.make_service(slug="ryhma")
    factories.make_contact(service=service, value="040 555 0009", members_only=True)
    assert "040 555 0009" not in client.get("/palvelut/ryhma/").content.decode()
    ask(client)
    client.post(TYPE_CODE, {"code": code_in(mailbox[0])})
    assert "040 555 0009" in client.get("/palvelut/ryhma/").content.decode()


def test_the_second_time_it_is_the_same_account(open_door, client, mailbox):
    for number in range(2):
        ask(client)
        client.post(TYPE_CODE, {"code": code_in(mailbox[number])})
        client.post("/tili/kirjaudu-ulos/")
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_two_browsers_at_once_make_one_account(open_door, mailbox):
    first, second = Client(), Client()
    for client in (first, second):
        ask(client)
    for client, message in zip((first, second), mailbox, strict=True):
        client.post(TYPE_CODE, {"code": code_in(message)})
    assert is_in(first)
    assert is_in(second)
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_a_wrong_code_makes_nothing(open_door, client, mailbox):
    ask(client)
    client.post(TYPE_CODE, {"code": wrong(code_in(mailbox[0]))})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address", ["uusi@other.example.org", "uusi@below.yhdistys.example.org", "uusi@xyhdistys.example.org", "yhdistys.example.org@evil.example"]
)  # fmt: skip
def test_other_domains_open_nothing(address, open_door, client, mailbox):
    ask(client, address)
    assert kinds(mailbox) == ["no account"]


def test_it_is_shut_unless_the_network_opens_it(open_door, client, mailbox):
    Network.objects.update(domain_sign_in=False)
    ask(client)
    assert kinds(mailbox) == ["no account"]


def test_it_is_shut_again_for_a_code_that_was_sent_before(open_door, client, mailbox):
    ask(client)
    Network.objects.update(domain_sign_in=False)
    client.post(TYPE_CODE, {"code": code_in(mailbox[0])})
    assert not is_in(client)
    assert not User.objects.exists()


def test_an_organisation_that_has_ended_opens_nothing(open_door, client, mailbox):
    open_door.active_until = timezone.localdate() - dt.timedelta(days=1)
    open_door.save()
    assert not open_door.is_active
    ask(client)
    assert kinds(mailbox) == ["no account"]


def test_a_closed_account_is_not_opened_by_its_domain(open_door, client, mailbox):
    User.objects.create_user(NEW, is_active=False)
    ask(client)
    assert kinds(mailbox) == ["no account"]
    assert domains.join(NEW, "fi") is None


def test_a_newcomer_accepts_the_ground_rules_before_anything_else(open_door, client, mailbox):
    ask(client)
    client.post(TYPE_CODE, {"code": code_in(mailbox[0])})
    person = User.objects.get()
    for address, rules in (("/omat/", RULES), ("/omat/kutsut/", RULES), ("/sv/omat/", f"/sv{RULES}")):
        assert client.get(address)["Location"].split("?")[0] == rules
    way = client.get("/omat/")["Location"]
    assert client.post("/omat/profiili/", {"name": "x"}).status_code == 302
    assert client.get("/palvelut/").status_code == client.get("/omat/tiedot/").status_code == 200
    page = client.get(way)
    version = page.context["rules"].version
    client.post(way, {"version": version - 1})
    assert client.get("/omat/").status_code == 302
    assert client.post(way, {"version": version, "next": page.context["next"]})["Location"] == "/omat/"
    assert client.get("/omat/").status_code == 200
    assert rules_to_accept(person) is None


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_accepting_the_rules_leads_to_no_other_site(elsewhere, client, professional, as_user):
    version = GroundRules.objects.in_force().version
    answer = as_user(professional).post(RULES, {"version": version, "next": elsewhere})
    assert answer["Location"] == RULES
