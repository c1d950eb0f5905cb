"""A coordinator reads what would change, corrects a word, approves or sends it back; two of them decide once."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from network.history import forget
from network.transitions import InvalidTransition
from services import editing, history, reviewing
from services.exchange.shapes import SERVICE
from services.models import ProposedEdit, Service
from services.versions import versions_of
from tests import factories

from .test_edit_listing import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(association) -> Service:
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association, summary="Tukea kaikille.")


@pytest.fixture
def proposal(listing, ngo_editor) -> ProposedEdit:
    found = editing.submit(listing, {"summary": "Tukea aivan kaikille.", "cost": "5 €"}, by=ngo_editor)
    assert found is not None
    return found


def address(proposal) -> str:
    return reverse("services:review", args=[proposal.pk])


def test_what_waits_is_grouped_by_organisation(as_user, coordinator, proposal, association):
    page = as_user(coordinator).get(reverse("services:review_list"))
    assert page.context["groups"] == [(association, [proposal])]


def test_the_reviewer_sees_each_part_that_would_change(as_user, coordinator, proposal):
    page = as_user(coordinator).get(address(proposal))
    parts = {part.key: part for part in page.context["differences"]}
    assert list(parts) == ["summary", "cost"]
    assert [piece for piece in parts["summary"].lines[0] if piece.kind != "same"] == [("added", "aivan ")]
    assert "<ins>" in page.content.decode()


def test_approving_publishes_tells_the_author_and_makes_trusted(as_user, coordinator, ngo_editor, proposal, association, mailbox):  # fmt: skip
    client = as_user(coordinator)
    client.post(address(proposal), typed(client.get(address(proposal))) | {"action": "approve"})
    proposal.refresh_from_db()
    association.refresh_from_db()
    assert (proposal.status, proposal.decided_by, association.is_trusted) == ("approved", coordinator, True)
    assert Service.objects.get().cost == "5 €"
    assert len(mailbox.to(ngo_editor.email)) == 1


def test_the_coordinator_may_withhold_trust(as_user, coordinator, proposal, association):
    client = as_user(coordinator)
    data = typed(client.get(address(proposal)))
    del data["trust"]
    client.post(address(proposal), data | {"action": "approve"})
    association.refresh_from_db()
    assert not association.is_trusted


def test_a_corrected_text_is_published_as_corrected(as_user, coordinator, proposal):
    client = as_user(coordinator)
    client.post(address(proposal), typed(client.get(address(proposal)), cost="6 €") | {"action": "approve"})
    proposal.refresh_from_db()
    assert (proposal.status, Service.objects.get().cost) == ("corrected", "6 €")


def test_the_history_names_the_author_and_who_let_it_through(as_user, coordinator, ngo_editor, proposal, listing):
    client = as_user(coordinator)
    client.post(address(proposal), typed(client.get(address(proposal))) | {"action": "approve"})

    def words(**eyes) -> str:
        newest = versions_of(listing)[:1]
        history.tell(SERVICE, newest, history.Eyes(editor=True, **eyes))
        return newest[0].who

    assert [name in words(coordinator=True) for name in (str(ngo_editor), str(coordinator))] == [True, True]
    assert str(listing.organisation) in words(coordinator=False)
    forget(coordinator)
    assert words(coordinator=True) == str(ngo_editor)
    forget(ngo_editor)
    assert str(ngo_editor) not in words(coordinator=True)


def test_sending_back_needs_a_reason_and_the_author_keeps_the_text(as_user, coordinator, ngo_editor, proposal, mailbox, listing):  # fmt: skip
    client = as_user(coordinator)
    data = typed(client.get(address(proposal))) | {"action": "reject"}
    assert client.post(address(proposal), data | {"reason": " "}).status_code == 409
    client.post(address(proposal), data | {"reason": "Kerro hinta tarkemmin."})
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason) == ("rejected", "Kerro hinta tarkemmin.")
    assert "Kerro hinta tarkemmin." in mailbox.to(ngo_editor.email)[0].text
    edit, author = reverse("services:edit", args=[listing.slug]), as_user(ngo_editor)
    page = author.get(f"{edit}?ehdotus={proposal.pk}")
    assert typed(page)["cost"] == ["5 €"]
    author.post(f"{edit}?ehdotus={proposal.pk}", typed(page, cost="5 € kerta") | {"action": "save"})
    assert ProposedEdit.objects.pending().get().record["cost"] == "5 € kerta"


def test_what_the_author_sent_meanwhile_is_not_decided_unread(as_user, coordinator, ngo_editor, proposal, listing):
    client = as_user(coordinator)
    data = typed(client.get(address(proposal)))
    editing.submit(listing, {"summary": "Muuta.", "cost": "5 €"}, by=ngo_editor)
    assert client.post(address(proposal), data | {"action": "approve"}).status_code == 409
    assert ProposedEdit.objects.get().is_pending


def test_what_the_reviewer_approves_next_is_what_she_was_shown(as_user, coordinator, ngo_editor, proposal, listing):
    client = as_user(coordinator)
    data = typed(client.get(address(proposal)), first_visit="Kahvit.")
    editing.submit(listing, {"summary": "Muuta.", "cost": "5 €"}, by=ngo_editor)
    page = client.post(address(proposal), data | {"action": "approve"})
    assert {part.key: part.after for part in page.context["differences"]}["summary"] == ["Muuta."]
    client.post(address(proposal), typed(page) | {"action": "approve"})
    service = Service.objects.get()
    assert (service.summary, service.cost, service.first_visit) == ("Muuta.", "5 €", "Kahvit.")


def test_a_longer_reading_takes_back_nothing_that_others_publish(as_user, coordinator, proposal, listing):
    client = as_user(coordinator)
    data = typed(client.get(address(proposal)))
    editing.submit(listing, {"first_visit": "Kahvit."}, by=coordinator)
    page = client.post(address(proposal), data | {"action": "add:contacts"})
    client.post(address(proposal), typed(page) | {"action": "approve"})
    service = Service.objects.get()
    assert (service.cost, service.first_visit) == ("5 €", "Kahvit.")


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_a_form_that_does_not_tell_what_was_read_decides_nothing(action, as_user, coordinator, proposal):
    client = as_user(coordinator)
    data = typed(client.get(address(proposal))) | {"base": ["x"], "reason": "Ei.", "action": action}
    assert client.post(address(proposal), data).status_code == 409
    assert ProposedEdit.objects.get().is_pending


def test_new_words_in_a_draft_are_not_published_unread(as_user, coordinator, ngo_editor, association):
    draft = factories.make_service(organisation=association, published=False)
    proposal, client = editing.offer(draft, by=ngo_editor), as_user(coordinator)
    data = typed(client.get(address(proposal)))
    editing.submit(draft, {"description": "Lukematta."}, by=ngo_editor)
    page = client.post(address(proposal), data | {"action": "approve"})
    assert page.status_code == 409
    assert not Service.objects.get().is_published
    client.post(address(proposal), typed(page) | {"action": "approve"})
    assert (Service.objects.get().description, Service.objects.get().is_published) == ("Lukematta.", True)


def test_a_change_of_the_public_text_meanwhile_is_told(as_user, coordinator, proposal, listing):
    editing.submit(listing, {"cost": "Maksuton.", "first_visit": "Kahvit."}, by=coordinator)
    page = as_user(coordinator).get(address(proposal))
    assert len(page.context["stale"]) == 1
    client = as_user(coordinator)
    client.post(address(proposal), typed(page) | {"action": "approve"})
    service = Service.objects.get()
    assert (service.cost, service.first_visit) == ("5 €", "Kahvit.")


def test_the_first_review_of_a_new_listing_publishes_it(as_user, coordinator, ngo_editor, association):
    draft = factories.make_service(organisation=association, published=False)
    proposal = editing.offer(draft, by=ngo_editor)
    client = as_user(coordinator)
    client.post(address(proposal), typed(client.get(address(proposal))) | {"action": "approve"})
    draft.refresh_from_db()
    assert draft.is_published


def test_nobody_else_reviews(as_user, ngo_editor, professional, outsider, proposal):
    for person in (ngo_editor, professional, outsider):
        for url in (address(proposal), reverse("services:review_list")):
            assert as_user(person).get(url).status_code == 403
        assert as_user(person).post(address(proposal), {"action": "approve"}).status_code == 403
    proposal.refresh_from_db()
    assert proposal.is_pending


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides(coordinator, proposal):
    base = editing.record_of(proposal.service)
    outcomes: list[str] = []

    def decide(action: str) -> None:
        mine = ProposedEdit.objects.get(pk=proposal.pk)
        try:
            if action == "approve":
                reviewing.approve(mine, mine.record, by=coordinator, base=base, version=1)
            else:
                reviewing.reject(mine, by=coordinator, reason="Ei.", version=1)
            outcomes.append(action)
        except InvalidTransition:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(action,)) for action in ("approve", "reject") * 3]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes).count("late") == 5
