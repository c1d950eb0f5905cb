"""An invitation: to one address, once, for a while, with no more rights than its giver has."""

import datetime as dt
import re
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from network import invitations, memberships
from network.models import GroundRules, Invitation, MemberRole, Membership, Organisation, StatusEvent, User
from network.models.ground_rules import rules_to_accept
from network.own_data import requests
from network.transitions import InvalidTransition
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "newcomer@example.org"


@pytest.fixture
def invitation(association) -> Invitation:
    return factories.make_invitation(ADDRESS, organisation=association, is_editor=True)


def link(invitation: Invitation) -> str:
    return f"/kutsu/{invitations.link_token(invitation)}/"


def typed(**more: str) -> dict[str, str]:
    version = str(GroundRules.objects.in_force().version)
    return {"name": "Uusi Ihminen", "rules_accepted": "on", "rules_version": version} | more


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


# Answering ----------------------------------------------------------------------------------------------------------


def test_a_newcomer_gets_an_account_a_membership_and_is_signed_in(invitation, association, client):
    answer = client.post(link(invitation), typed(title="Ohjaaja", level="worker"))
    assert answer.status_code == 302
    person = User.objects.get(email=ADDRESS)
    membership = person.memberships.get()
    assert (person.name, person.language, person.is_staff) == ("Uusi Ihminen", "fi", False)
    assert (membership.organisation, membership.title, membership.level) == (association, "Ohjaaja", "worker")
    assert (membership.is_editor, membership.is_contact_person) == (True, False)
    assert who(client) == str(person.pk)
    assert not person.has_usable_password()
    assert rules_to_accept(person) is None
    invitation.refresh_from_db()
    assert invitation.accepted_by == person


def test_a_newcomer_may_choose_a_password(invitation, client):
    client.post(link(invitation), typed(password="kolme vihreää kuusta"))
    assert User.objects.get(email=ADDRESS).check_password("kolme vihreää kuusta")


def test_opening_the_link_changes_nothing(invitation, client):
    assert client.get(link(invitation)).status_code == 200
    assert client.head(link(invitation)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"rules_accepted": ""}, {"password": "lyhyt"}, {"rules_version": "0"}])
def test_what_is_missing_is_asked_for_and_nothing_is_made(invitation, client, wrong):
    answer = client.post(link(invitation), typed(title="Ohjaaja") | wrong)
    assert answer.status_code == 200
    assert "Ohjaaja" in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_link_works_once(invitation, client):
    client.post(link(invitation), typed())
    for ask in (Client().get, Client().post):
        assert ask(link(invitation)).status_code == 410
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_a_revoked_or_expired_link_opens_nothing(association, coordinator, client):
    revoked = factories.make_invitation(organisation=association)
    invitations.revoke(revoked, by=coordinator)
    now = timezone.now()
    expired = factories.make_invitation(
        organisation=association, created_at=now - dt.timedelta(days=31), expires_at=now - dt.timedelta(seconds=1)
    )
    for one in (revoked, expired):
        assert client.post(link(one), typed()).status_code == 410
        with pytest.raises(InvalidTransition):
            invitations.accept(one, name="x")
    assert who(client) is None


@pytest.mark.parametrize("token", ["1", "1:abc", "x", "9999999999999999999999:a"])
def test_a_guessed_link_is_none(invitation, client, token):
    assert client.get(f"/kutsu/{token}/").status_code == 404
    assert client.get(f"/kutsu/{invitation.pk}:{link(invitation).split(':')[1][:-3]}/").status_code == 404


def test_somebody_else_who_is_signed_in_does_not_get_it(invitation, professional, as_user):
    client = as_user(professional)
    answer = client.post(link(invitation), typed())
    assert answer.status_code == 200
    assert ADDRESS not in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert professional.memberships.count() == 1


def test_an_account_that_exists_gets_the_membership_but_is_not_signed_in(invitation, client):
    person = factories.make_user(ADDRESS, name="Entinen Nimi", language="sv")
    answer = client.post(link(invitation), typed(name="Toinen Nimi", password="kolme vihreää kuusta"))
    assert answer.status_code == 302
    assert who(client) is None
    person.refresh_from_db()
    assert (person.name, person.language) == ("Entinen Nimi", "sv")
    assert person.check_password(factories.PASSWORD)
    assert person.memberships.get().is_editor


def test_an_account_that_is_signed_in_gets_the_membership(invitation, as_user):
    person = factories.make_user(ADDRESS)
    as_user(person).post(link(invitation), typed())
    assert person.memberships.get().organisation == invitation.organisation


def test_a_coordinator_signs_in_first(association, coordinator, client, as_user):
    invitation = factories.make_invitation(coordinator.email, organisation=association)
    answer = client.post(link(invitation), typed())
    assert answer.status_code == 200
    assert "/tili/kirjaudu/" in answer.content.decode()
    assert who(client) is None
    assert not coordinator.memberships.exists()
    as_user(coordinator).post(link(invitation), typed())
    assert coordinator.memberships.exists()


def test_a_closed_account_is_refused_calmly(invitation, client):
    factories.make_user(ADDRESS, is_active=False)
    for ask in (client.get, client.post):
        assert ask(link(invitation)).status_code == 410
    with pytest.raises(InvalidTransition):
        invitations.accept(invitation)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not Membership.objects.exists()


def test_a_membership_that_stands_keeps_its_words_and_gets_the_rights(invitation, association):
    person = factories.make_user(ADDRESS)
    factories.make_membership(person, association, title="Johtaja", is_contact_person=True)
    invitations.accept(invitation, title="Ohjaaja")
    membership = person.memberships.get()
    assert (membership.title, membership.is_editor, membership.is_contact_person) == ("Johtaja", True, True)


def test_an_ended_membership_does_not_come_back(invitation, association):
    person = factories.make_user(ADDRESS)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    factories.make_membership(person, association, since=None, until=yesterday)
    invitations.accept(invitation)
    assert [one.until for one in person.memberships.order_by("pk")] == [yesterday, None]


def test_who_was_invited_to_nothing_tells_what_she_stands_for(client):
    invitation = factories.make_invitation(ADDRESS, role=MemberRole.objects.get(code="student"))
    assert client.post(link(invitation), typed()).status_code == 200
    client.post(link(invitation), typed(function="Etsivä nuorisotyö"))
    membership = Membership.objects.get(person__email=ADDRESS)
    assert (membership.function, membership.role.code) == ("Etsivä nuorisotyö", "student")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_once_one_succeeds():
    invitation = factories.make_invitation(ADDRESS, organisation=factories.make_organisation())
    answers, start = [], threading.Barrier(4)

    def press() -> None:
        own = Invitation.objects.get(pk=invitation.pk)
        start.wait()
        try:
            answers.append(invitations.accept(own, name="Uusi").pk)
        except InvalidTransition:
            answers.append(0)
        connection.close()

    threads = [threading.Thread(target=press) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 0, 0, User.objects.get(email=ADDRESS).pk]
    assert Membership.objects.count() == 1


# Inviting -----------------------------------------------------------------------------------------------------------


def invite(client: Client, **more: object) -> object:
    return client.post("/omat/kutsut/", {"addresses": ADDRESS, "language": "fi"} | more)


def test_an_editor_invites_a_colleague_by_mail(ngo_editor, association, as_user, client, mailbox):
    invite(as_user(ngo_editor), organisation=association.pk, is_editor="on")
    invitation = Invitation.objects.get()
    assert (invitation.organisation, invitation.is_editor, invitation.invited_by) == (association, True, ngo_editor)
    assert [one.address for one in mailbox] == [ADDRESS]
    address = re.search(r"https?://[^/]+(/kutsu/\S+)", mailbox[0].text).group(1)
    assert client.post(address, typed()).status_code == 302
    assert User.objects.get(email=ADDRESS).memberships.get().is_editor


def test_an_editor_invites_to_a_unit_but_to_no_other_organisation(ngo_editor, association, parish, as_user, mailbox):
    unit = factories.make_organisation(parent=association)
    client = as_user(ngo_editor)
    for organisation in (parish.pk, "", 999999):
        assert invite(client, organisation=organisation).status_code == 200
    assert not Invitation.objects.exists()
    invite(client, organisation=unit.pk)
    assert Invitation.objects.get().organisation == unit
    with pytest.raises(PermissionDenied):
        invitations.invite(ADDRESS, by=ngo_editor, organisation=parish)


def test_members_invite_nobody(expert, professional, outsider, association, as_user):
    for person in (expert, professional, outsider):
        assert invite(as_user(person), organisation=association.pk).status_code == 403
    assert not Invitation.objects.exists()


def test_a_coordinator_invites_a_pasted_list_and_gets_back_what_is_wrong(
    coordinator, association, as_user, mailbox, ngo_editor
):
    factories.make_invitation("waits@example.org", organisation=association)
    text = f"Maija <maija@example.org>, ville@example.org\nei-osoite\nwaits@example.org; {ngo_editor.email}"
    answer = invite(as_user(coordinator), addresses=text, organisation=association.pk)
    outcome = answer.context["outcome"]
    assert outcome.invited == ["maija@example.org", "ville@example.org"]
    assert outcome.members == [ngo_editor.email]
    assert outcome.waiting == ["waits@example.org"]
    assert outcome.malformed == ["ei-osoite"]
    assert answer.context["form"]["addresses"].value() == "ei-osoite"
    assert len(mailbox) == 2


def test_sent_twice_the_list_invites_once(coordinator, association, as_user, mailbox):
    for _n in range(2):
        invite(as_user(coordinator), addresses="a@example.org A@Example.org", organisation=association.pk)
    assert Invitation.objects.count() == len(mailbox) == 1


def test_a_coordinator_invites_to_the_network_alone_but_without_rights(coordinator, as_user):
    assert not invite(as_user(coordinator), is_editor="on").context["form"].is_valid()
    assert not Invitation.objects.exists()
    invite(as_user(coordinator))
    assert Invitation.objects.get().organisation is None


def test_a_coordinator_names_a_member_editor_by_inviting(coordinator, association, expert, as_user, mailbox):
    invite(as_user(coordinator), addresses=expert.email, organisation=association.pk, is_editor="on")
    assert expert.memberships.get().is_editor
    assert [one.address for one in mailbox] == [expert.email]
    assert not Invitation.objects.exists()


def test_an_editor_gives_no_rights_to_herself(ngo_editor, association, as_user):
    invite(as_user(ngo_editor), addresses=ngo_editor.email, organisation=association.pk, is_contact_person="on")
    assert not ngo_editor.memberships.get().is_contact_person


def test_an_invitation_is_revoked_and_sent_again(invitation, ngo_editor, as_user, client, mailbox):
    own = as_user(ngo_editor)
    Invitation.objects.update(
        created_at=timezone.now() - dt.timedelta(days=40), expires_at=timezone.now() - dt.timedelta(days=10)
    )
    own.post(f"/omat/kutsut/{invitation.pk}/uudelleen/")
    own.post(f"/omat/kutsut/{invitation.pk}/uudelleen/")
    assert len(mailbox.to(ADDRESS)) == 2
    assert client.get(link(invitation)).status_code == 200
    own.post(f"/omat/kutsut/{invitation.pk}/peru/")
    assert client.get(link(invitation)).status_code == 410
    own.post(f"/omat/kutsut/{invitation.pk}/uudelleen/")
    assert len(mailbox.to(ADDRESS)) == 2


def test_another_organisations_invitation_is_not_an_editors_to_touch(parish, ngo_editor, as_user):
    invitation = factories.make_invitation("theirs@example.org", organisation=parish)
    client = as_user(ngo_editor)
    assert "theirs@example.org" not in client.get("/omat/kutsut/").content.decode()
    for what in ("peru", "uudelleen"):
        assert client.post(f"/omat/kutsut/{invitation.pk}/{what}/").status_code == 404
        assert client.get(f"/omat/kutsut/{invitation.pk}/{what}/").status_code == 405
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_an_expired_invitation_gives_way_to_a_new_one(association, coordinator):
    now = timezone.now()
    factories.make_invitation(
        ADDRESS, organisation=association, created_at=now - dt.timedelta(days=9), expires_at=now - dt.timedelta(days=1)
    )
    invitations.invite(ADDRESS, by=coordinator, organisation=association)
    assert Invitation.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_invited_at_once_by_two_an_address_gets_one_invitation():
    organisation = factories.make_organisation()
    people = [factories.make_user(is_staff=True) for _n in range(3)]
    results, start = [], threading.Barrier(3)

    def press(person: User) -> None:
        start.wait()
        try:
            invitations.invite(ADDRESS, by=person, organisation=organisation)
            results.append(True)
        except invitations.IsWaiting:
            results.append(False)
        connection.close()

    threads = [threading.Thread(target=press, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_new_address_used_at_once_make_one_account():
    both = [factories.make_invitation(ADDRESS, organisation=factories.make_organisation()) for _n in range(2)]
    answers, start = [], threading.Barrier(2)

    def press(invitation: Invitation) -> None:
        client = Client()
        start.wait()
        answers.append(client.post(link(invitation), typed()).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert User.objects.get(email=ADDRESS).memberships.count() == 2


# Not more than is meant well ------------------------------------------------------------------------------------------


def test_an_editor_sends_so_many_invitations_a_day(ngo_editor, association, as_user, mailbox, monkeypatch):
    monkeypatch.setattr(invitations, "EDITORS_A_DAY", 3)
    client = as_user(ngo_editor)
    answer = invite(client, addresses="a@example.org b@example.org", organisation=association.pk)
    client.post(f"/omat/kutsut/{Invitation.objects.first().pk}/uudelleen/")
    answer = invite(client, addresses="c@example.org d@example.org", organisation=association.pk)
    assert answer.context["outcome"].too_many == ["c@example.org", "d@example.org"]
    assert answer.context["form"]["addresses"].value() == "c@example.org\nd@example.org"
    assert (len(mailbox), Invitation.objects.count()) == (3, 2)


def test_a_coordinator_sends_so_many_lists_an_hour(coordinator, association, as_user, mailbox, monkeypatch):
    monkeypatch.setattr(invitations, "LISTS_AN_HOUR", 1)
    invite(as_user(coordinator), addresses="a@example.org", organisation=association.pk)
    invite(as_user(coordinator), addresses="b@example.org", organisation=association.pk)
    assert [one.address for one in mailbox] == ["a@example.org"]


def test_one_invitation_is_sent_again_so_many_times_a_day(invitation, coordinator, as_user, mailbox):
    for _n in range(invitations.TIMES_A_DAY + 2):
        assert as_user(coordinator).post(f"/omat/kutsut/{invitation.pk}/uudelleen/").status_code == 302
    assert len(mailbox) == invitations.TIMES_A_DAY


# When the inviter's rights end ----------------------------------------------------------------------------------------


@pytest.fixture
def handed_out(ngo_editor, association) -> Invitation:
    return invitations.invite(ADDRESS, by=ngo_editor, organisation=association, is_editor=True)


def states_of(invitation: Invitation) -> list[str]:
    return list(StatusEvent.objects.of(invitation).values_list("status", flat=True))


@pytest.mark.parametrize("how", ["end", "rights", "erase"])
def test_with_an_editors_rights_her_waiting_invitations_end(how, handed_out, ngo_editor, coordinator, client):
    membership = ngo_editor.memberships.get()
    if how == "end":
        memberships.end(membership, by=coordinator)
    elif how == "rights":
        memberships.give_rights(membership, by=coordinator, is_editor=False, is_contact_person=True)
    else:
        requests.erase(ngo_editor, by=ngo_editor)
    assert states_of(handed_out) == ["revoked"]
    assert client.post(link(handed_out), typed()).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("how", ["day", "closed"])
def test_rights_that_end_without_a_verb_shut_the_link_at_once_and_the_night_revokes_it(
    how, handed_out, ngo_editor, client
):
    if how == "day":
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        ngo_editor.memberships.update(since=None, until=yesterday)
    else:
        User.objects.filter(pk=ngo_editor.pk).update(is_active=False)
    assert client.post(link(handed_out), typed()).status_code == 410
    with pytest.raises(InvalidTransition):
        invitations.accept(Invitation.objects.get(pk=handed_out.pk))
    assert invitations.revoke_without_rights() == 1
    assert invitations.revoke_without_rights() == 0
    assert states_of(handed_out) == ["revoked"]


def test_what_an_editor_may_still_give_stays(handed_out, ngo_editor, association, coordinator, parish):
    factories.make_membership(ngo_editor, parish, is_editor=True)
    memberships.end(ngo_editor.memberships.get(organisation=parish), by=coordinator)
    assert states_of(handed_out) == []
    assert invitations.is_open(handed_out)


# Lists as people paste them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "addresses", "malformed"),
    [
        ("a@example.org", ["a@example.org"], []),
        ("A@Example.ORG\n a@example.org ,", ["a@example.org"], []),
        ("a@example.org, b@example.org; c@example.org", ["a@example.org", "b@example.org", "c@example.org"], []),
        ("a@example.org b@example.org", ["a@example.org", "b@example.org"], []),
        ("Maija <a@example.org>", ["a@example.org"], []),
        ("Meikäläinen, Maija <a@example.org>; b@example.org", ["a@example.org", "b@example.org"], []),
        ('"Meikäläinen, Maija" <a@example.org>, kissa', ["a@example.org"], ["kissa"]),
        ("b@example.org, Maija <a@example.org>", ["b@example.org", "a@example.org"], []),
        ("A <a@example.org> B <b@example.org>", ["a@example.org", "b@example.org"], []),
        ("a@@example.org\n<rikki\n@", [], ["a@@example.org", "<rikki", "@"]),
        ("", [], []),
    ],
)
def test_a_list_is_read_as_people_paste_it(text, addresses, malformed):
    assert invitations.addresses_in(text) == (addresses, malformed)


@given(st.text(alphabet="a@.<>,;: \n\"'ä", max_size=60))
def test_any_text_is_read_without_an_error(text):
    addresses, _malformed = invitations.addresses_in(text)
    assert all(address.count("@") == 1 for address in addresses)


@pytest.mark.parametrize("sign", ["<", ">", "a@", ",", " ", "a ", "a@b.c "])
def test_a_long_list_is_read_fast(sign):
    started = timezone.now()
    invitations.addresses_in(sign * (20_000 // len(sign)))
    assert timezone.now() - started < dt.timedelta(seconds=5)


def test_too_many_at_once_are_given_back(coordinator, as_user):
    text = "\n".join(f"p{number}@example.org" for number in range(invitations.MOST_AT_ONCE + 1))
    answer = invite(as_user(coordinator), addresses=text)
    assert answer.context["form"]["addresses"].value() == text
    assert not Invitation.objects.exists()


def test_the_list_of_invitations_costs_the_same_with_many(coordinator, as_user, association, django_assert_num_queries):
    assert Organisation.objects.count() == 1
    client = as_user(coordinator)
    factories.make_invitation(organisation=association)
    client.get("/omat/kutsut/")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/omat/kutsut/")
    for _n in range(3):
        factories.make_invitation(organisation=association, invited_by=coordinator)
    with django_assert_num_queries(len(one)):
        client.get("/omat/kutsut/")


def test_who_was_taken_off_today_can_be_invited_again_today(association, ngo_editor, expert):
    memberships.end(expert.memberships.get(), by=ngo_editor)
    outcome = invitations.invite_all(expert.email, by=ngo_editor, organisation=association, is_editor=True)
    assert outcome.invited == [expert.email]
    invitations.accept(Invitation.objects.get(email=expert.email))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert [one.is_editor for one in expert.memberships.current(tomorrow)] == [True]


def test_who_begins_later_is_a_member_already(association, ngo_editor, outsider):
    begins = timezone.localdate() + dt.timedelta(days=9)
    factories.make_membership(outsider, association, since=begins)
    assert invitations.invite_all(outsider.email, by=ngo_editor, organisation=association).members == [outsider.email]
