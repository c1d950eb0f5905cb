"""*Omat palvelut*: an editor sees what is to be done, makes a listing, copies, moves and archives it, tells the room."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from network.models import Organisation, StatusEvent
from services import completeness, editing, own
from services.models import ProposedEdit, Service
from tests import factories

pytestmark = pytest.mark.django_db

OWN = reverse("services:own")


@pytest.fixture
def listing(association) -> Service:
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


def trust(organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(is_trusted=True)


def groups_of(response) -> dict[str, list[str]]:
    (body,) = response.context["bodies"]
    return {name: [row.service.slug for row in rows] for name, rows in body.groups}


def test_listings_stand_where_something_is_to_be_done(as_user, ngo_editor, coordinator, association, listing):
    now = timezone.now()
    factories.make_service(slug="tuore", organisation=association, confirmed_at=now)
    factories.make_service(slug="vanha", organisation=association, confirmed_at=now - dt.timedelta(days=300))
    factories.make_service(slug="luonnos", organisation=association, published=False)
    factories.make_service(slug="arkisto", organisation=association, archived_at=now)
    editing.submit(listing, {"summary": "Uusi."}, by=ngo_editor)
    factories.make_service(slug="muiden")
    assert groups_of(as_user(ngo_editor).get(OWN)) == {
        "due": ["vanha"], "waiting": ["ryhma"], "draft": ["luonnos"], "published": ["tuore"], "archived": ["arkisto"],
    }  # fmt: skip


def test_the_organisations_own_page_is_confirmed_from_the_list(as_user, ngo_editor, association):
    client, confirm = as_user(ngo_editor), reverse("services:organisation_confirm", args=[association.slug])
    page = client.get(OWN)
    (body,) = page.context["bodies"]
    assert confirm in page.content.decode()
    client.post(confirm, {f"version-{body.key}": body.version})
    association.refresh_from_db()
    assert association.confirmed_at is not None
    assert confirm not in client.get(OWN).content.decode()


def test_units_are_ones_own_and_others_are_not(as_user, ngo_editor, association, parish):
    unit = factories.make_organisation("Yksikkö", parent=association)
    bodies = [body.organisation for body in as_user(ngo_editor).get(OWN).context["bodies"]]
    assert bodies == [association, unit]


def test_the_number_of_queries_does_not_grow(as_user, ngo_editor, association, django_assert_max_num_queries, listing):
    client = as_user(ngo_editor)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(OWN)
        return len(captured)

    factories.make_contact(service=listing)
    listing.places.create(name="Talo")
    asked()
    one = asked()
    for _number in range(3):
        more = factories.make_service(organisation=association)
        factories.make_contact(service=more)
        editing.submit(more, {"summary": "Uusi."}, by=ngo_editor)
    assert asked() == one


def test_other_languages_never_count_as_missing(listing):
    parts = completeness.of_service(editing.SERVICE.defaults | editing.record_of(listing)).parts
    assert {part.section for part in parts}.isdisjoint({"sv", "en", "plain"})
    assert len(parts) == 9


def test_a_short_listing_that_points_to_its_own_page_is_enough(listing):
    factories.make_contact(service=listing, kind="web", value="https://example.org/")
    told = completeness.of_service(editing.SERVICE.defaults | editing.record_of(listing))
    assert (told.done, told.is_enough) == (3, True)


def new(organisation, **changes) -> dict:
    essentials = {"name": "Uusi ryhmä", "main_type": "peer-group", "summary": "Tukea.", "how_to_get": "Soita."}
    return essentials | {"organisation": organisation.pk, "contact": "example.org"} | changes


def keyed(client, data) -> dict:
    page = client.get(reverse("services:new"))
    return data | {"form_key": page.context["form"].initial["form_key"]}


def test_a_new_listing_asks_little_and_becomes_a_draft(as_user, ngo_editor, association):
    client = as_user(ngo_editor)
    data = keyed(client, new(association))
    client.post(reverse("services:new"), data)
    client.post(reverse("services:new"), data)  # pressed twice
    service = Service.objects.get()
    assert (service.slug, service.published_at) == ("uusi-ryhma", None)
    assert service.contacts.get().value == "https://example.org"
    assert as_user(None).get(service.get_absolute_url()).status_code == 404


def test_nobody_adds_a_listing_to_anothers_organisation(as_user, ngo_editor, professional, parish):
    client = as_user(ngo_editor)
    assert client.post(reverse("services:new"), keyed(client, new(parish))).context["form"].errors["organisation"]
    assert as_user(professional).get(reverse("services:new")).status_code == 403
    assert not Service.objects.exists()


def test_a_nearly_same_listing_warns_and_lets_go_on(as_user, ngo_editor, association):
    same = factories.make_service("Uusi ryhma", organisation=association)
    client = as_user(ngo_editor)
    data = keyed(client, new(association))
    page = client.post(reverse("services:new"), data)
    assert page.context["similar"] == [same]
    client.post(reverse("services:new"), data | {"anyway": "1"})
    assert Service.objects.count() == 2


def test_a_trusted_editor_publishes_the_draft_and_a_newcomer_sends_it(as_user, ngo_editor, association):
    draft = factories.make_service(organisation=association, published=False)
    url, client = reverse("services:edit", args=[draft.slug]), as_user(ngo_editor)
    from .test_edit_listing import typed

    client.post(url, typed(client.get(url)) | {"action": "save"})
    draft.refresh_from_db()
    assert (draft.published_at, ProposedEdit.objects.get().status) == (None, "pending")
    trust(association)
    client.post(url, typed(client.get(url)) | {"action": "save"})
    draft.refresh_from_db()
    assert draft.is_published
    assert ProposedEdit.objects.get().status == "withdrawn"


def test_a_copy_is_a_draft_with_the_same_content(as_user, ngo_editor, listing):
    factories.make_contact(service=listing)
    client = as_user(ngo_editor)
    key = {"form_key": client.get(reverse("services:own")).context["copy_key"]}
    answers = [client.post(reverse("services:duplicate", args=[listing.slug]), key) for _press in range(2)]
    client.post(reverse("services:duplicate", args=[listing.slug]))  # of no list that was opened
    assert answers[0]["Location"] == answers[1]["Location"]
    copy = Service.objects.drafts().get()
    same = {key: value for key, value in editing.record_of(copy).items() if key != "name"}
    assert same == {key: value for key, value in editing.record_of(listing).items() if key != "name"}
    assert copy.organisation == listing.organisation


def test_a_listing_moves_to_ones_own_unit_only(as_user, ngo_editor, association, listing, parish):
    unit = factories.make_organisation(parent=association)
    client, url = as_user(ngo_editor), reverse("services:move", args=[listing.slug])
    assert client.post(url, {"unit": parish.slug}).status_code == 200
    client.post(url, {"unit": unit.slug})
    listing.refresh_from_db()
    assert listing.organisation == unit


def test_moving_is_no_way_round_the_review(ngo_editor, association, listing):
    factories.make_organisation(parent=association, is_trusted=True)
    assert own.units_for(listing, ngo_editor) == []


def test_archiving_asks_why_and_is_undone(as_user, ngo_editor, listing, association):
    client, url = as_user(ngo_editor), reverse("services:archive", args=[listing.slug])
    other = factories.make_service(organisation=association)
    assert client.post(url, {}).context["form"].errors
    assert client.post(url, {"reason": "other"}).context["form"].errors["note"]
    client.post(url, {"reason": "ended", "replaced_by": f"https://example.org/palvelut/{other.slug}/"})
    listing.refresh_from_db()
    assert (listing.archive_reason, listing.replaced_by) == ("ended", other)
    client.post(reverse("services:restore", args=[listing.slug]))
    listing.refresh_from_db()
    assert listing.is_published


@pytest.mark.parametrize("trusted", [True, False])
def test_a_newcomers_note_on_archiving_is_for_the_coordinator(trusted, as_user, ngo_editor, listing, association):
    Organisation.objects.filter(pk=association.pk).update(is_trusted=trusted)
    url = reverse("services:archive", args=[listing.slug])
    as_user(ngo_editor).post(url, {"reason": "other", "note": "Rahat loppuivat."})
    listing.refresh_from_db()
    assert (listing.archive_reason, listing.archive_note) == ("other", "Rahat loppuivat." if trusted else "")
    assert ("Rahat loppuivat." in as_user(None).get(listing.get_absolute_url()).content.decode()) is trusted
    assert StatusEvent.objects.of(listing).get().note == "Rahat loppuivat."


def test_one_tap_tells_the_room(as_user, ngo_editor, listing):
    client, url = as_user(ngo_editor), reverse("services:capacity", args=[listing.slug])
    client.post(url, {"capacity": "queue"})
    listing.refresh_from_db()
    assert (listing.capacity, listing.capacity_on) == ("queue", timezone.localdate())
    client.post(url, {"capacity": "nonsense"})
    listing.refresh_from_db()
    assert listing.capacity == "queue"


def test_the_organisations_own_page_is_archived_with_a_reason_and_brought_back(
    as_user, ngo_editor, association, listing, client
):
    own, url = as_user(ngo_editor), reverse("services:organisation_archive", args=[association.slug])
    assert own.post(url, {"reason": "Loppui."}).context["form"].errors  # it has a published service
    listing.archive()
    assert own.post(url, {}).context["form"].errors["reason"]
    assert own.post(url, {"reason": "Loppui."}).status_code == 302
    assert own.post(url, {"reason": "Loppui."}).status_code == 200
    association.refresh_from_db()
    assert not association.is_active
    assert "Loppui." not in client.get(association.get_absolute_url()).content.decode()
    back = reverse("services:organisation_reopen", args=[association.slug])
    assert back in own.get(OWN).content.decode()
    own.post(back)
    association.refresh_from_db()
    assert association.is_active
    events = StatusEvent.objects.of(association).values_list("status", "by", "note")
    assert list(events) == [("closed", ngo_editor.pk, "Loppui."), ("reopened", ngo_editor.pk, "")]


def test_others_archive_no_organisation(as_user, ngo_editor, professional, parish, association):
    for name in ("organisation_archive", "organisation_reopen"):
        assert as_user(ngo_editor).post(reverse(f"services:{name}", args=[parish.slug])).status_code == 403
        assert as_user(professional).post(reverse(f"services:{name}", args=[association.slug])).status_code == 403


@pytest.mark.parametrize("name", ["duplicate", "move", "archive", "restore", "capacity"])
def test_others_do_nothing_with_a_listing(name, as_user, professional, outsider, listing):
    url = reverse(f"services:{name}", args=[listing.slug])
    for person in (professional, outsider):
        assert as_user(person).post(url, {"capacity": "room", "reason": "ended"}).status_code == 403
    assert as_user(None).post(url).status_code == 302
    assert Service.objects.values_list("archived_at", "capacity").get() == (None, "")


def test_only_the_author_takes_a_text_back(as_user, ngo_editor, listing, association):
    colleague = factories.make_user()
    factories.make_membership(colleague, association, is_editor=True)
    proposal = editing.submit(listing, {"summary": "Uusi."}, by=ngo_editor)
    url = reverse("services:proposal_withdraw", args=[proposal.pk])
    assert as_user(colleague).post(url).status_code == 404
    as_user(ngo_editor).post(url)
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_own_listings_as_a_table(as_user, ngo_editor, association):
    factories.make_service("=1+1", organisation=association, published=False)
    factories.make_service()
    text = b"".join(as_user(ngo_editor).get(reverse("services:own_csv")).streaming_content).decode("utf-8-sig")
    _head, row = text.splitlines()
    assert row.startswith("'=1+1;")
    assert "/ 9" in row
