"""The coordinator's desk in a browser: no barrier, nothing that the security policy refuses, no script needed."""

import datetime as dt

import pytest

from network.models import Bulletin, Message, Municipality, UrgentLine
from services.models import OpeningHours, Service, ServicePlace, ServiceText, ServiceType, Visit
from tests import factories
from tests.meetings import factories as meetings

from . import axe

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/hallinta/"
LISTS = [
    "services/service/", "services/service/?state=published&q=ryhm%C3%A4&o=1", "services/service/?q=nothingtofind", "services/serviceplace/",
    "services/servicetype/", "services/audience/", "services/readysearch/", "network/organisation/", "network/user/",
    "network/membership/", "network/urgentline/", "network/statement/", "network/unittype/", "network/competence/",
    "network/municipality/", "network/wellbeingcounty/", "network/bulletin/", "network/message/", "meetings/meeting/",
]  # fmt: skip
LOOKS = [(1280, "light", axe.RULES), (1280, "dark", axe.OF_THE_LOOK), (390, "dark", axe.OF_THE_LOOK)]
FORMS = [
    "services/service/add/", "services/servicetype/add/", "network/organisation/add/", "network/user/add/",
    "network/membership/add/", "network/network/1/change/", "password_change/", "meetings/meeting/add/",
]  # fmt: skip


@pytest.fixture
def full_service(coordinator):
    """A listing with one of everything that hangs on it, and a page of the history."""
    factories.use_region()
    parent = factories.make_organisation("Esimerkin hyvinvointialue", kind="wellbeing-county")
    organisation = factories.make_organisation(
        "Esimerkkiyhdistys ry", parent=parent, municipality=Municipality.objects.first()
    )
    factories.make_contact(organisation=organisation)
    factories.make_membership(
        factories.make_user("member@example.org", name="Jäsen (demo)"), organisation, is_editor=True
    )
    service = factories.make_service("Läheisten ryhmä", organisation=organisation, municipalities=("205",))
    place = ServicePlace.objects.create(service=service, name="Kirjasto", municipality_id="205")
    factories.make_contact(service=service, members_only=True)
    factories.make_contact(place=place)
    OpeningHours.objects.create(service=service, place=place, weekday=2, opens=dt.time(9), closes=dt.time(12))
    Visit.objects.create(service=service, date=dt.date(2026, 11, 3), venue="Tori")
    service.seasons.create(first_day=dt.date(2026, 9, 1), last_day=dt.date(2026, 12, 1), weekday=2)
    service.opening_exceptions.create(place=place, first_day=dt.date(2026, 12, 24), last_day=dt.date(2026, 12, 26))
    ServiceText.objects.create(service=service, language="sv", name="Grupp för närstående")
    factories.make_bulletin(sent=False, body="# Otsikko\n\n- kohta\n\n> lainaus")
    Message.objects.create(event="test:1", address="a@example.org", language="fi", subject="Aihe")
    factories.make_service("Vanha ryhmä").archive()
    factories.make_service("Luonnos", published=False)
    return service


def addresses(service: Service) -> list[str]:
    own = f"services/service/{service.pk}/"
    organisation = f"network/organisation/{service.organisation_id}/"
    person = service.organisation.memberships.get().person_id
    meeting = meetings.make_meeting()
    meetings.make_item(meeting, "Kohta", minutes=10)
    bulletin, message = f"network/bulletin/{Bulletin.objects.get().pk}/", Message.objects.get().pk
    line, word = UrgentLine.objects.first().pk, ServiceType.objects.first().pk
    return [
        "", *LISTS, *FORMS, f"{own}change/", f"{own}delete/", f"{own}history/", f"{organisation}change/", f"{organisation}delete/",
        f"network/user/{person}/change/", f"network/user/{person}/delete/", f"network/urgentline/{line}/change/",
        f"meetings/meeting/{meeting.pk}/change/", f"{bulletin}change/", f"{bulletin}preview/", f"network/message/{message}/change/",
        f"services/servicetype/{word}/change/", f"services/serviceplace/{service.places.get().pk}/change/",
    ]  # fmt: skip


def unfold(page):
    """Open every fold, so that what is in it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")


@pytest.mark.parametrize("part", range(3))  # of all the pages, for processes beside each other
def test_no_page_of_the_desk_has_a_barrier_or_breaks_the_security_policy(desk, full_service, part):
    page = desk()
    found = {}
    for address in addresses(full_service)[part::3]:
        answer = page.goto(DESK + address)
        assert answer.status == 200, address
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        unfold(page)
        wrong = [*page.complaints]
        for width, scheme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wrong += [f"{width} {scheme}: {line}" for line in axe.violations(page, rules)]
            wrong += [f"{wider} px wider than {width} px"] if wider > 0 else []
        page.complaints.clear()
        if wrong:
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_with_errors_has_no_barrier_and_ties_each_error_to_its_field(desk, full_service, scheme):
    page = desk(scheme=scheme)
    page.goto(f"{DESK}services/service/{full_service.pk}/change/")
    page.fill("#id_summary", "")
    with page.expect_navigation():
        page.click("button[name=_save]")
    assert page.locator("#virhe").is_visible()
    assert axe.violations(page) == []
    field = page.locator("#id_summary")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}").is_visible()
    page.click("#virhe a")
    assert page.evaluate("document.activeElement.id") == "id_summary"
    assert page.complaints == []


def test_another_row_is_added_by_script_and_saved(desk, full_service):
    page = desk()
    page.goto(f"{DESK}services/service/{full_service.pk}/change/")
    page.click("#contacts-heading")
    page.click("#contacts-group .add-row a")
    assert axe.violations(page) == []
    page.select_option("#id_contacts-2-kind", "phone")
    page.fill("#id_contacts-2-value", "040 000 1111")
    page.click("button[name=_save]")
    page.wait_for_selector(".notice-success")
    assert sorted(full_service.contacts.values_list("value", flat=True)) == ["040 000 0000", "040 000 1111"]
    assert page.complaints == []


def test_a_coordinator_adds_and_publishes_a_listing_without_scripts_and_by_keyboard(desk, full_service):
    page = desk(390, java_script_enabled=False)
    page.goto(f"{DESK}services/service/add/")
    page.fill("#id_name", "Päiväkahvila")
    page.fill("#id_summary", "Kahvia ja seuraa.")
    page.fill("#id_how_to_get", "Tule käymään.")
    page.select_option("#id_main_type", index=1)
    page.select_option("#id_organisation", str(full_service.organisation_id))
    page.click("#contacts-heading")
    page.select_option("#id_contacts-0-kind", "phone")
    page.fill("#id_contacts-0-value", "040 000 2222")
    page.focus("button[name=_save]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-success")
    page.goto(f"{DESK}services/service/?q=kahvila")
    page.focus("input.action-select")
    page.keyboard.press("Space")
    page.select_option("select[name=action]", "publish")
    page.focus(".actions button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-success")
    assert Service.objects.published().get(slug="paivakahvila").contacts.get().value == "040 000 2222"
