"""Anybody may ask to join; a coordinator answers; the screen never tells who is known."""

import pytest
from django.core.exceptions import ValidationError

from network import joining
from network.models import GroundRules, Invitation, JoinRequest, RulesAcceptance
from network.models.ground_rules import rules_to_accept
from network.people.forms import JoinForm
from network.transitions import InvalidTransition
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/verkosto/liity/"


def typed(**more: object) -> dict[str, object]:
    return {
        "name": "Pyytäjä",
        "email": "Asking@Example.org",
        "function": "Etsivä nuorisotyö",
        "why": "Haluan mukaan.",
        "rules_accepted": "on",
        "rules_version": GroundRules.objects.in_force().version,
        "form_key": JoinForm.fresh_key(),
    } | more


def test_a_request_waits_and_the_coordinators_are_told(client, coordinator, mailbox):
    answer = client.post(PAGE, typed())
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    asked = JoinRequest.objects.get()
    assert (asked.email, asked.name, asked.function) == ("asking@example.org", "Pyytäjä", "Etsivä nuorisotyö")
    assert asked.rules == GroundRules.objects.in_force()
    assert list(JoinRequest.objects.waiting()) == [asked]
    assert [one.address for one in mailbox] == [coordinator.email]
    assert asked.get_absolute_url() in mailbox[0].text


def test_sent_twice_it_is_one(client, coordinator, mailbox):
    form = typed()
    assert client.post(PAGE, form).url == client.post(PAGE, form).url
    assert JoinRequest.objects.count() == len(mailbox) == 1


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(client, coordinator, professional, mailbox):
    factories.make_join_request(email="waits@example.org")
    answers = [
        client.post(PAGE, typed(email=address))
        for address in ("new@example.org", professional.email, coordinator.email, "waits@example.org")
    ]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert {one.address for one in mailbox} == {coordinator.email}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "ei-osoite"},
        {"function": ""},
        {"rules_accepted": ""},
        {"rules_version": "0"},
        {"rules_version": "kissa"},
        {"why": "Asiakkaani 131052-308T tarvitsee apua."},
        {"why": "x" * 2001},
        {"organisation": "999999"},
        {"homepage_of_sender": "https://example.org/"},
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost_or_made(client, wrong):
    answer = client.post(PAGE, typed(title="Ohjaaja") | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert 'value="Ohjaaja"' in answer.content.decode()
    assert not JoinRequest.objects.exists()


def test_new_ground_rules_are_shown_before_they_are_accepted(client, coordinator):
    form = typed()
    newer = GroundRules.objects.create(version=2, body="Uudet pelisäännöt")
    newer.publish(by=coordinator)
    answer = client.post(PAGE, form)
    assert "Uudet pelisäännöt" in answer.content.decode()
    assert not JoinRequest.objects.exists()
    client.post(PAGE, typed())
    assert JoinRequest.objects.get().rules == newer


def test_organisations_that_have_ended_are_not_offered(client, association):
    ended = factories.make_organisation(active_until="2020-01-01")
    client.post(PAGE, typed(organisation=ended.pk))
    assert not JoinRequest.objects.exists()
    client.post(PAGE, typed(organisation=association.pk))
    assert JoinRequest.objects.get().organisation == association


def test_one_client_asks_five_times_an_hour(client):
    statuses = [client.post(PAGE, typed()).status_code for _n in range(6)]
    assert statuses == [302] * 5 + [200]


# The coordinator's answer -------------------------------------------------------------------------------------------


def url(asked: JoinRequest) -> str:
    return f"/omat/liittymiset/{asked.pk}/"


def test_an_approved_person_gets_an_invitation(coordinator, association, as_user, mailbox):
    asked = factories.make_join_request(organisation=association, language="sv")
    form = {"approve-organisation": association.pk, "approve-is_editor": "on", "approve": "1"}
    assert as_user(coordinator).post(url(asked), form).status_code == 302
    asked.refresh_from_db()
    invitation = Invitation.objects.get()
    assert asked.invitation == invitation
    assert (invitation.email, invitation.organisation, invitation.is_editor) == (asked.email, association, True)
    assert [(one.address, one.language) for one in mailbox] == [(asked.email, "sv")]
    assert not JoinRequest.objects.waiting().exists()


def test_who_stands_for_a_function_becomes_a_member_for_it(coordinator):
    asked = factories.make_join_request(function="Etsivä nuorisotyö")
    assert joining.approve(asked, by=coordinator).function == "Etsivä nuorisotyö"


def test_an_organisation_that_was_told_stands_until_it_is_added(coordinator):
    asked = factories.make_join_request(function="", organisation_name="Uusi yhdistys")
    assert joining.approve(asked, by=coordinator).function == "Uusi yhdistys"


def test_an_editor_of_nothing_is_refused(coordinator, as_user):
    asked = factories.make_join_request()
    assert as_user(coordinator).post(url(asked), {"approve": "1", "approve-is_editor": "on"}).status_code == 200
    with pytest.raises(ValidationError):
        joining.approve(asked, by=coordinator, is_editor=True)
    asked.refresh_from_db()
    assert asked.approved_at is None


def test_a_member_who_asks_again_is_approved_without_another_invitation(coordinator, expert, association, mailbox):
    asked = factories.make_join_request(email=expert.email, organisation=association)
    assert joining.approve(asked, by=coordinator, organisation=association) is None
    asked.refresh_from_db()
    assert asked.approved_at is not None
    assert len(mailbox) == 0


def test_a_declined_person_reads_why(coordinator, as_user, mailbox):
    asked = factories.make_join_request()
    client = as_user(coordinator)
    assert client.post(url(asked), {"decline": "1", "decline-reason": ""}).status_code == 200
    client.post(url(asked), {"decline": "1", "decline-reason": "Verkosto on toisella alueella."})
    asked.refresh_from_db()
    assert asked.declined_at is not None
    assert [one.address for one in mailbox] == [asked.email]
    assert "Verkosto on toisella alueella." in mailbox[0].text
    assert not Invitation.objects.exists()


def test_a_request_is_answered_once(coordinator, association, as_user, mailbox):
    asked = factories.make_join_request(organisation=association)
    stale = JoinRequest.objects.get()
    joining.decline(asked, by=coordinator, reason="Ei nyt.")
    with pytest.raises(InvalidTransition):
        joining.approve(stale, by=coordinator, organisation=association)
    answer = as_user(coordinator).post(url(asked), {"approve": "1", "approve-organisation": association.pk})
    assert answer.status_code == 200
    assert not Invitation.objects.exists()
    assert len(mailbox) == 1


def test_nobody_else_reads_or_answers_requests(professional, ngo_editor, outsider, as_user):
    asked = factories.make_join_request()
    for person in (professional, ngo_editor, outsider):
        client = as_user(person)
        for address in ("/omat/liittymiset/", url(asked)):
            assert client.get(address).status_code == 403
        assert client.post(url(asked), {"decline": "1", "decline-reason": "x"}).status_code == 403
    assert JoinRequest.objects.waiting().exists()


# Ground rules -------------------------------------------------------------------------------------------------------


def test_a_member_is_asked_softly_to_accept_new_rules(professional, coordinator, as_user):
    client = as_user(professional)
    assert rules_to_accept(professional) is not None
    client.post("/verkosto/pelisaannot/", {"version": "1"})
    client.post("/verkosto/pelisaannot/", {"version": "1"})
    assert rules_to_accept(professional) is None
    GroundRules.objects.create(version=2, body="Uudet").publish(by=coordinator)
    assert rules_to_accept(professional).version == 2
    assert client.get("/palvelut/").status_code == 200
    client.post("/verkosto/pelisaannot/", {"version": "1"})  # the page was opened before
    assert rules_to_accept(professional).version == 2
    assert RulesAcceptance.objects.count() == 1


def test_a_draft_of_the_rules_is_seen_by_nobody(client):
    GroundRules.objects.create(version=2, body="Luonnos uusiksi säännöiksi")
    assert "Luonnos uusiksi" not in client.get("/verkosto/pelisaannot/").content.decode()
    assert "Luonnos uusiksi" not in client.get(PAGE).content.decode()


def test_a_visitor_accepts_nothing(client):
    assert client.post("/verkosto/pelisaannot/", {"version": "1"}).status_code == 403
    assert not RulesAcceptance.objects.exists()


def test_a_network_without_rules_can_be_joined(client):
    GroundRules.objects.all().delete()
    form = typed_without_rules()
    assert client.post(PAGE, form).status_code == 302
    assert JoinRequest.objects.get().rules is None


def typed_without_rules() -> dict[str, object]:
    return {"name": "P", "email": "p@example.org", "function": "Nuorisotyö", "form_key": JoinForm.fresh_key()}


def test_a_long_name_of_an_organisation_that_is_not_in_the_list_is_shortened(coordinator, mailbox):
    asked = factories.make_join_request(organisation_name="Yhdistys " * 16, function="")
    invitation = joining.approve(asked, by=coordinator)
    assert invitation.function.startswith("Yhdistys Yhdistys")
    assert len(invitation.function) == 100
