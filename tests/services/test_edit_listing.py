"""Editing a listing in the browser: one form that keeps what is typed, shows it beforehand and publishes or sends it."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from network.models import Organisation
from services import editing
from services.models import ProposedEdit, Service
from tests import factories

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send of the page's edit form, nothing pressed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.inside, self.select, self.area = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.inside = "edit" in (told.get("class") or "").split()
        name = told.get("name")
        if not self.inside:
            return
        if tag == "input" and name and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.data.setdefault(name, []).append(told.get("value") or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in told:
            self.data.setdefault(self.select, []).append(told.get("value") or "")
        elif tag == "textarea":
            self.area = name
            self.data.setdefault(name, [""])

    def handle_data(self, data):
        if self.inside and self.area:
            self.data[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def typed(response, **changes) -> dict:
    data = Fields(response.content.decode()).data
    data = {name: [value.removeprefix("\n") for value in values] for name, values in data.items()}
    return data | {name: value if isinstance(value, list) else [value] for name, value in changes.items()}


@pytest.fixture
def listing(association) -> Service:
    service = factories.make_service(
        "Ryhmä", slug="ryhma", organisation=association, summary="Tukea.", cost="Maksuton."
    )
    factories.make_contact(service=service, value="040 111 1111")
    place = service.places.create(name="Talo", street_address="Katu 1")
    factories.make_contact(place=place, value="040 333 3333")
    service.opening_hours.create(weekday=1, opens="09:00", closes="15:00")
    service.opening_hours.create(place=place, weekday=2, opens="10:00", closes="12:00")
    service.opening_exceptions.create(first_day="2026-12-24", last_day="2026-12-26", note="Joulu")
    service.visits.create(date="2026-12-01", venue="Tori")
    service.seasons.create(first_day="2026-09-01", last_day="2026-12-01", weekday=3)
    service.texts.create(language="sv", name="Grupp")
    return service


@pytest.fixture
def trusted(association):
    Organisation.objects.filter(pk=association.pk).update(is_trusted=True)


def address(listing) -> str:
    return reverse("services:edit", args=[listing.slug])


def test_sending_the_form_as_it_is_changes_nothing(as_user, ngo_editor, listing, trusted):
    before = editing.record_of(listing)
    client = as_user(ngo_editor)
    answer = client.post(address(listing), typed(client.get(address(listing))) | {"action": "save"})
    assert answer.status_code == 302
    assert editing.record_of(listing) == before


def test_an_editor_corrects_a_number_and_hours(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    page = client.get(address(listing))
    data = typed(page, **{"contacts-0-value": "040 222 2222", "opening_hours-0-weekday": "1-5"})
    client.post(address(listing), data | {"action": "save"})
    record = editing.record_of(listing)
    assert record["contacts"][0]["value"] == "040 222 2222"
    assert [row["weekday"] for row in record["opening_hours"]] == [1, 2, 3, 4, 5]
    assert record["places"][0]["contacts"][0]["value"] == "040 333 3333"


def test_adding_a_row_keeps_what_is_typed_and_saves_nothing(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), summary="Kesken", cost="")
    page = client.post(address(listing), data | {"action": "add:contacts"})
    assert page.status_code == 200
    again = typed(page)
    assert (again["summary"], again["contacts-count"]) == (["Kesken"], ["3"])
    assert Service.objects.get().summary == "Tukea."
    again |= {"contacts-2-kind": ["web"], "contacts-2-value": ["example.org/ryhma"]}
    client.post(address(listing), again | {"action": "save"})
    assert Service.objects.get().contacts.get(kind="web").value == "https://example.org/ryhma"


def test_a_removed_row_goes_and_a_blank_one_is_nothing(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), **{"contacts-0-remove": "on", "opening_exceptions-0-first_day": "", "opening_exceptions-0-last_day": "", "opening_exceptions-0-note": ""})  # fmt: skip
    client.post(address(listing), data | {"action": "save"})
    assert not listing.contacts.exists()
    assert not listing.opening_exceptions.exists()


def test_errors_stand_at_their_fields_and_nothing_is_lost(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), **{"contacts-0-value": "ei numero", "how_to_get": "", "description": "Asiakas 010101-123N", "cost": "Uusi hinta"})  # fmt: skip
    page = client.post(address(listing), data | {"action": "save"})
    assert page.status_code == 200
    fields = [field for field, _error in page.context["form"].errors]
    assert fields == ["id_contacts-0-value", "id_how_to_get", "id_description"]
    assert typed(page)["cost"] == ["Uusi hinta"]
    assert Service.objects.get().cost == "Maksuton."


def test_the_preview_is_the_public_page_and_saves_nothing(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), summary="Aivan uusi lause.")
    page = client.post(address(listing), data | {"action": "preview"})
    assert "services/service_detail.html" in [template.name for template in page.templates]
    assert "Aivan uusi lause." in page.content.decode()
    assert Service.objects.get().summary == "Tukea."


def test_from_the_preview_on_what_was_typed_is_saved(as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), summary="Aivan uusi lause.")
    page = client.post(address(listing), data | {"action": "preview"})
    html = page.content.decode().replace("notice notice-wait no-print", "edit")
    client.post(address(listing), Fields(html).data | {"action": "save"})
    assert Service.objects.get().summary == "Aivan uusi lause."


def test_an_editor_of_a_newcomer_sends_it_for_review(as_user, ngo_editor, listing):
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), summary="Uusi.", note="Korjasin.")
    client.post(address(listing), data | {"action": "save"})
    proposal = ProposedEdit.objects.get()
    assert (proposal.record["summary"], proposal.note, Service.objects.get().summary) == (
        "Uusi.",
        "Korjasin.",
        "Tukea.",
    )
    assert typed(client.get(address(listing)))["summary"] == ["Uusi."]


def test_of_two_editors_the_later_sees_both_texts_and_loses_nothing(as_user, ngo_editor, coordinator, listing, trusted):
    first, second = as_user(ngo_editor), as_user(coordinator)
    one, other = first.get(address(listing)), second.get(address(listing))
    first.post(address(listing), typed(one, summary="Ensimmäisen.", first_visit="Kahvit.") | {"action": "save"})
    page = second.post(address(listing), typed(other, summary="Toisen.", cost="5 €") | {"action": "save"})
    assert page.status_code == 409
    (conflict,) = page.context["conflicts"]
    assert (conflict.before, conflict.after) == (["Ensimmäisen."], ["Toisen."])
    again = typed(page)
    assert (again["summary"], again["cost"], again["first_visit"]) == (["Toisen."], ["5 €"], ["Kahvit."])
    second.post(address(listing), again | {"choose-summary": ["theirs"], "action": "save"})
    service = Service.objects.get()
    assert (service.summary, service.cost, service.first_visit) == ("Ensimmäisen.", "5 €", "Kahvit.")


def test_two_windows_of_one_author_lose_nothing(as_user, ngo_editor, listing):
    client = as_user(ngo_editor)
    one, other = client.get(address(listing)), client.get(address(listing))
    client.post(address(listing), typed(one, summary="Yksi.") | {"action": "save"})
    page = client.post(address(listing), typed(other, summary="Kaksi.") | {"action": "save"})
    assert page.status_code == 409
    client.post(address(listing), typed(page) | {"choose-summary": ["theirs"], "action": "save"})
    assert ProposedEdit.objects.get().record["summary"] == "Yksi."


def test_a_name_that_another_listing_has_nearly_is_asked_about(as_user, ngo_editor, listing, trusted):
    same = factories.make_service("Päihdepoliklinikka", organisation=listing.organisation)
    client = as_user(ngo_editor)
    data = typed(client.get(address(listing)), name="Päihdepoliklinikat")
    page = client.post(address(listing), data | {"action": "save"})
    assert page.context["similar"] == [same]
    assert Service.objects.get(slug="ryhma").name == "Ryhmä"
    client.post(address(listing), typed(page) | {"anyway": "1"})
    assert Service.objects.get(slug="ryhma").name == "Päihdepoliklinikat"


def test_a_name_that_another_organisation_has_nearly_is_asked_about(as_user, coordinator, association):
    same = factories.make_organisation("Kainuun Vertaistuki ry")
    factories.make_organisation("Kainuun Vertaistuki ry, yksikkö", parent=association)
    client, page = as_user(coordinator), reverse("services:organisation_edit", args=[association.slug])
    asked = client.post(page, typed(client.get(page), name="Kainuun vertaistuki") | {"action": "save"})
    assert asked.context["similar"] == [same]
    client.post(page, typed(asked) | {"anyway": "1"})
    association.refresh_from_db()
    assert association.name == "Kainuun vertaistuki"


def test_others_may_not(as_user, professional, expert, outsider, listing, parish):
    stranger = factories.make_user()
    factories.make_membership(stranger, parish, is_editor=True)
    for person in (professional, expert, outsider, stranger):
        client = as_user(person)
        assert client.get(address(listing)).status_code == 403
        assert client.post(address(listing), {"action": "save", "summary": "x"}).status_code == 403
    Service.objects.update(published_at=None)
    assert as_user(stranger).get(address(listing)).status_code == 404
    assert as_user(None).get(address(listing)).status_code == 302
    assert Service.objects.get().summary == "Tukea."


@pytest.mark.parametrize("base", [[], ["x"], "foreign"])
def test_a_form_that_does_not_tell_its_beginning_overwrites_nothing(base, as_user, ngo_editor, listing, trusted):
    client = as_user(ngo_editor)
    if base == "foreign":
        base = typed(client.get(address(factories.make_service(organisation=listing.organisation))))["base"]
    data = typed(client.get(address(listing)), summary="Uusi.") | {"base": base}
    Service.objects.filter(slug="ryhma").update(cost="Toisen hinta.")
    again = client.post(address(listing), data | {"action": "add:contacts"})
    assert typed(again)["base"] == [""]
    page = client.post(address(listing), typed(again) | {"action": "save"})
    assert page.status_code == 409
    assert {part.key for part in page.context["conflicts"]} == {"summary", "cost"}
    client.post(address(listing), typed(page) | {"choose-cost": ["theirs"], "action": "save"})
    service = Service.objects.get(slug="ryhma")
    assert (service.summary, service.cost) == ("Uusi.", "Toisen hinta.")


def test_an_organisations_page_is_edited_the_same_way(as_user, ngo_editor, association, trusted):
    client, url = as_user(ngo_editor), reverse("services:organisation_edit", args=[association.slug])
    data = typed(client.get(url), what_we_do="Autamme.", **{"links-count": "1", "links-0-title": "Blogi", "links-0-url": "https://example.org/"})  # fmt: skip
    page = client.post(url, data | {"action": "preview"})
    assert "Autamme." in page.content.decode()
    client.post(url, data | {"action": "save"})
    association.refresh_from_db()
    assert (association.what_we_do, association.links.get().title) == ("Autamme.", "Blogi")


def test_an_organisations_page_is_closed_to_others(as_user, professional, association):
    url = reverse("services:organisation_edit", args=[association.slug])
    assert as_user(professional).get(url).status_code == 403
    assert as_user(professional).post(url, {"action": "save"}).status_code == 403
