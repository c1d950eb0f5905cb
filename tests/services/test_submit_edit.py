"""Saving what a listing says: at once for those who are trusted, after a review for others; nobody loses anything."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from network.models import Organisation
from services import editing
from services.merging import Conflict, merge
from services.models import ProposedEdit, Service
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(association) -> Service:
    service = factories.make_service("Ryhmä", slug="ryhma", organisation=association, summary="Tukea.")
    factories.make_contact(service=service, value="040 111 1111")
    return service


def edited(thing, **changes):
    return editing.record_of(thing) | changes


def test_an_editor_of_a_trusted_organisation_publishes_at_once(ngo_editor, association, listing):
    Organisation.objects.filter(pk=association.pk).update(is_trusted=True)
    assert editing.submit(listing, edited(listing, summary="Uusi."), by=ngo_editor) is None
    listing.refresh_from_db()
    assert listing.summary == "Uusi."
    assert not ProposedEdit.objects.exists()


def test_a_unit_of_a_trusted_body_is_trusted(ngo_editor, association, listing):
    parent = factories.make_organisation(is_trusted=True)
    Organisation.objects.filter(pk=association.pk).update(parent=parent)
    assert editing.submit(listing, edited(listing, summary="Uusi."), by=ngo_editor) is None


def test_others_wait_and_the_published_text_stays(ngo_editor, listing):
    proposal = editing.submit(listing, edited(listing, summary="Uusi."), by=ngo_editor)
    listing.refresh_from_db()
    assert (listing.summary, proposal.status, proposal.record["summary"]) == ("Tukea.", "pending", "Uusi.")
    assert proposal.base["summary"] == "Tukea."


def test_the_author_has_one_proposal_that_gets_new_versions(ngo_editor, listing, mailbox, coordinator):
    first = editing.submit(listing, edited(listing, summary="Yksi."), by=ngo_editor)
    again = editing.submit(listing, edited(listing, summary="Kaksi."), by=ngo_editor)
    assert (again.pk, again.version, ProposedEdit.objects.count()) == (first.pk, 2, 1)
    editing.submit(listing, edited(listing, summary="Kaksi."), by=ngo_editor)
    assert len(mailbox.to(coordinator.email)) == 2


def test_a_proposal_that_changes_nothing_is_none(ngo_editor, listing):
    assert editing.submit(listing, editing.record_of(listing), by=ngo_editor) is None
    assert not ProposedEdit.objects.exists()


def test_what_hangs_on_a_listing_is_edited_with_it(coordinator, listing):
    hours = [{"weekday": 1, "opens": "09:00", "closes": "15:00"}]
    contact = {"kind": "phone", "value": "040 222 2222"}
    editing.submit(listing, {"opening_hours": hours, "contacts": [contact]}, by=coordinator)
    assert [contact.value for contact in listing.contacts.all()] == ["040 222 2222"]
    assert listing.opening_hours.get().weekday == 1


def test_an_edit_neither_confirms_nor_takes_a_confirmation_away(coordinator, listing):
    from django.utils import timezone

    then = timezone.now()
    Service.objects.update(confirmed_at=then, confirmed_title="Ohjaaja")
    editing.submit(listing, edited(listing, summary="Uusi."), by=coordinator)
    listing.refresh_from_db()
    assert (listing.confirmed_at, listing.confirmed_title) == (then, "Ohjaaja")


def test_changes_of_two_in_different_parts_are_both_kept(coordinator, listing):
    base = editing.record_of(listing)
    editing.submit(listing, base | {"summary": "Toisen."}, by=coordinator, base=base)
    editing.submit(listing, base | {"cost": "Maksuton."}, by=coordinator, base=base)
    listing.refresh_from_db()
    assert (listing.summary, listing.cost) == ("Toisen.", "Maksuton.")


def test_of_two_changes_in_the_same_part_the_later_is_told(coordinator, listing):
    base = editing.record_of(listing)
    editing.submit(listing, base | {"summary": "Toisen."}, by=coordinator, base=base)
    with pytest.raises(Conflict) as told:
        editing.submit(listing, base | {"summary": "Minun.", "cost": "5 €"}, by=coordinator, base=base)
    assert told.value.keys == ["summary"]
    assert (told.value.merged["summary"], told.value.merged["cost"]) == ("Minun.", "5 €")
    listing.refresh_from_db()
    assert (listing.summary, listing.cost) == ("Toisen.", "")


def hours(weekday, opens):
    return {"weekday": weekday, "opens": opens, "closes": "15:00"}


def phone(value, **more):
    return {"kind": "phone", "value": value} | more


def test_of_lists_only_the_rows_that_two_changed_are_compared(coordinator, listing):
    factories.make_contact(service=listing, value="040 999 9999")
    for weekday in (1, 2):
        listing.opening_hours.create(weekday=weekday, opens="09:00", closes="15:00")
    base = editing.record_of(listing)
    first, last = base["contacts"]
    theirs = {"contacts": [first, last | {"name": "Vaihde"}], "opening_hours": [hours(1, "10:00"), hours(2, "09:00")]}
    mine = {
        "contacts": [first | {"value": "040 2"}, phone("040 3"), last],
        "opening_hours": [hours(1, "09:00"), hours(3, "12:00")],
    }
    editing.submit(listing, base | theirs, by=coordinator, base=base)
    editing.submit(listing, base | mine, by=coordinator, base=base)
    assert [(one.value, one.name) for one in listing.contacts.all()] == [
        ("040 2", ""),
        ("040 3", ""),
        ("040 999 9999", "Vaihde"),
    ]
    told = [(one.weekday, f"{one.opens:%H:%M}") for one in listing.opening_hours.order_by("weekday")]
    assert told == [(1, "10:00"), (3, "12:00")]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ([phone("1", name="a"), phone("2")], [phone("1", name="b"), phone("2")]),  # one row, two words
        ([phone("3"), phone("2")], [phone("4"), phone("2")]),  # one number, two corrections
        ([phone("2")], [phone("1", name="b"), phone("2")]),  # taken away here, corrected there
        ([phone("2"), phone("1")], [phone("1", name="b"), phone("2")]),  # another order
    ],
)
def test_a_row_that_two_changed_is_told(mine, theirs):
    with pytest.raises(Conflict) as told:
        merge({"contacts": [phone("1"), phone("2")]}, {"contacts": mine}, {"contacts": theirs})
    assert told.value.merged["contacts"] == mine


def test_what_is_wrong_in_two_texts_together_is_told(coordinator, listing):
    base = editing.record_of(listing)
    editing.submit(listing, base | {"min_age": 18}, by=coordinator, base=base)
    with pytest.raises(Conflict) as told:
        editing.submit(listing, base | {"max_age": 15}, by=coordinator, base=base)
    assert told.value.keys == ["min_age", "max_age"]


def test_a_published_listing_keeps_its_essentials(coordinator, listing):
    with pytest.raises(ValidationError):
        editing.submit(listing, edited(listing, summary=""), by=coordinator)


def test_no_record_brings_in_an_identity_code(coordinator, listing):
    with pytest.raises(ValidationError):
        editing.submit(listing, edited(listing, description="Asiakas 010101-123N"), by=coordinator)


def test_state_and_responsibility_are_no_content(coordinator, listing, parish):
    editing.submit(listing, {"organisation": parish.slug, "archived_at": "2026-01-01T00:00:00Z"}, by=coordinator)
    listing.refresh_from_db()
    assert (listing.organisation.slug, listing.archived_at) == ("esimerkkiyhdistys", None)


def test_an_organisations_page_is_edited_the_same_way(ngo_editor, association):
    proposal = editing.submit(association, edited(association, what_we_do="Autamme."), by=ngo_editor)
    assert proposal.organisation == association
    association.refresh_from_db()
    assert association.what_we_do == ""


def test_the_text_of_a_draft_is_saved_at_once_and_offered_later(ngo_editor, listing):
    Service.objects.update(published_at=None)
    listing.refresh_from_db()
    assert editing.submit(listing, edited(listing, summary="Uusi."), by=ngo_editor) is None
    listing.refresh_from_db()
    assert (listing.summary, listing.published_at) == ("Uusi.", None)
    proposal = editing.offer(listing, by=ngo_editor)
    assert proposal.record["summary"] == "Uusi."


@pytest.mark.django_db(transaction=True)
def test_many_at_once_end_in_one_consistent_state(coordinator, listing):
    base = editing.record_of(listing)
    outcomes: list[str] = []

    def edit(number: int) -> None:
        try:
            editing.submit(listing, base | {"summary": f"Teksti {number}."}, by=coordinator, base=base)
            outcomes.append(f"Teksti {number}.")
        except Conflict:
            outcomes.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    listing.refresh_from_db()
    assert len(outcomes) == 12
    assert [one for one in outcomes if one] == [listing.summary]
