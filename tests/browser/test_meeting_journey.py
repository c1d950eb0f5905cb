"""What meetings are for: the coordinator's whole month at the desk. Next month's meeting from last month's, a member's
proposal on its agenda, invitations to members and to two guests without accounts, answers from the mail, a meeting that
moves and one that is cancelled, minutes on one page, published for members and for all. Mail goes through a real worker
and a real mail server."""

import datetime as dt
import re

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from meetings import inviting
from meetings.models import ActionItem, Meeting, MeetingGuest, Minutes, Participation
from tests.meetings import factories

from .test_ngo_journey import link_in_mail

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/hallinta/meetings/meeting/"
LINK = "https://teams.example.org/liity/salainen"
GUESTS = ["eka@example.org", "toka@example.org"]


@pytest.fixture
def phone_of(browser, live_server, settings):
    """`phone_of(person)`: a phone without scripts, signed in; without a person one that is not."""
    settings.SITE_URL = live_server.url
    contexts = []

    def open_page(person=None) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False, is_mobile=True, has_touch=True, locale="fi-FI")  # fmt: skip
        contexts.append(context)
        if person:
            client = Client()
            client.force_login(person)
            name = configured.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def last_month(professional):
    professional.name = "Maija Virta"
    professional.save()
    meeting = factories.make_meeting(days=-25, is_public=True, invited_at=timezone.now(), join_link=LINK)
    for place, (title, minutes) in enumerate([("Kuulumiset", 20), ("Seuraava tapaaminen", 10)], 1):
        factories.make_item(meeting, title, position=place, minutes=minutes, publicity="public")
    return meeting


def chosen(desk: Page, meeting: Meeting, action: str) -> None:
    """An action of the desk's list for one meeting."""
    desk.goto(LIST)
    desk.locator(f"input.action-select[value='{meeting.pk}']").check()
    desk.select_option("select[name=action]", action)
    desk.locator(".actions button").click()
    desk.wait_for_selector(".notice-success")


def main_button(page: Page) -> None:
    page.locator("main form button.btn-primary").first.click()


def calendars_to(smtp_server, address: str) -> list[Calendar]:
    """The files that reached the address, oldest first, each from its alternative part; the attachment is the same."""
    found = []
    for letter in smtp_server.arrived:
        parts = [part for part in letter.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
        if letter["To"] == address and parts:
            one, other = (Calendar.from_ical(part.get_payload(decode=True)) for part in parts)
            assert one.to_ical() == other.to_ical()
            found.append(one)
    return found


def told(calendar: Calendar) -> tuple[str, str, int, str]:
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])


def test_a_month_of_meetings(desk, phone_of, last_month, professional, expert, coordinator, smtp_server, run_worker):
    other = factories.make_meeting("Aamukahvit", days=20, kind="coffee")
    inviting.invite(other, by=coordinator)

    # Next month's from last month's in two presses: the link, the clock and the agenda are there.
    page = desk()
    page.goto(LIST)
    page.locator("#result_list").get_by_role("link", name=last_month.title, exact=True).click()
    page.locator(f"form[action$='/{last_month.pk}/seuraava/'] button").click()
    meeting = Meeting.objects.get(copied_from=last_month)
    expect(page).to_have_url(re.compile(f"{LIST}{meeting.pk}/change/"))
    expect(page.locator("#id_join_link")).to_have_value(LINK)
    assert (meeting.is_draft, timezone.localtime(meeting.starts_at).hour) == (True, 13)
    chosen(page, meeting, "publish")

    # A member proposes; the coordinator takes it with minutes.
    maija = phone_of(professional)
    maija.goto(f"/tapaamiset/{meeting.pk}/ehdota/")
    maija.locator("[name=title]").fill("Läheisten ryhmä")
    maija.locator("#id_description").fill("Kajaanista puuttuu ryhmä.")
    maija.locator("[name=minutes]").fill("25")
    main_button(maija)
    page.goto("/hallinta/")
    page.locator(f"a[href='{LIST}?state=proposals']").click()
    page.locator("#result_list").get_by_role("link", name=meeting.title, exact=True).click()
    page.locator(f"a[href='/tapaamiset/{meeting.pk}/jarjesta/']").first.click()
    page.locator("#ehdotukset ~ ul a.btn-secondary").click()
    page.locator("[name=verb][value=accept]").check()
    page.locator("[name=minutes]").fill("30")
    main_button(page)
    expect(page.locator("#esityslista ~ ol")).to_contain_text("30 min")

    # Dragged with a mouse to its place.
    page.locator("ol[data-drag] > li").nth(2).drag_to(page.locator("ol[data-drag] > li").nth(0), target_position={"x": 20, "y": 5})  # fmt: skip
    expect(page.locator("ol[data-drag] > li").nth(0)).to_contain_text("1. Läheisten ryhmä")

    # Two guests at the desk, and the message before it is sent.
    page.goto(f"{LIST}{meeting.pk}/change/")
    page.locator("#guests-heading").click()
    page.locator("#guests-group .add-row a").click()
    for number, address in enumerate(GUESTS):
        page.fill(f"#id_guests-{number}-name", f"Vieras Vierailija {number}")
        page.fill(f"#id_guests-{number}-email", address)
    page.locator("button[name=_tell]").click()
    expect(page.locator(".preview")).to_contain_text("Läheisten ryhmä")
    assert not Participation.objects.filter(meeting=meeting, invited_at__isnull=False).exists()
    main_button(page)
    run_worker()
    invited = {person: calendars_to(smtp_server, person.email)[-1] for person in (professional, expert)}
    assert all(LINK in calendar.walk("VEVENT")[0]["DESCRIPTION"] for calendar in invited.values())

    # Answers from the mail, without signing in; a scanner that opens the links answers nothing.
    stranger = phone_of()
    stranger.goto(link_in_mail(smtp_server, expert.email, "/tapaamiset/vastaus/"))
    for address, answer in [
        (expert.email, "coming"),
        *((guest, "coming") for guest in GUESTS),
        (professional.email, "maybe"),
    ]:
        stranger.goto(link_in_mail(smtp_server, address, "/tapaamiset/vastaus/"))
        assert not {one.answer for one in asked(meeting, address)} - {"invited"}
        stranger.locator(f"[name=answer][value={answer}]").check()
        if address == GUESTS[0]:
            stranger.locator("[name=name_may_be_published]").check()
        main_button(stranger)
        assert {one.answer for one in asked(meeting, address)} == {answer}

    # It moves by a day in everybody's calendar; the other one goes out of them.
    meeting.refresh_from_db()
    later = timezone.localtime(meeting.starts_at) + dt.timedelta(days=1)
    page.goto(f"{LIST}{meeting.pk}/change/")
    page.fill("#id_starts_at", f"{later:%Y-%m-%dT%H:%M}")
    page.fill("#id_ends_at", f"{later + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.locator("button[name=_tell]").click()
    main_button(page)
    chosen(page, other, "cancel")
    run_worker()
    for address in [professional.email, expert.email, *GUESTS]:
        files = [one for one in calendars_to(smtp_server, address) if told(one)[1] == meeting.uid]
        assert [told(one) for one in files] == [("REQUEST", meeting.uid, sequence, "CONFIRMED") for sequence in (0, 1)]
        assert files[1].walk("VEVENT")[0]["DTSTART"].dt == later
    gone = [told(one) for one in calendars_to(smtp_server, expert.email) if told(one)[1] == other.uid]
    assert gone == [("REQUEST", other.uid, 0, "CONFIRMED"), ("CANCEL", other.uid, 1, "CANCELLED")]

    # During the meeting: who is there and what was said, on one page; an hour later it is published.
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now - dt.timedelta(hours=2), ends_at=now, first_day=timezone.localdate(), last_day=timezone.localdate())  # fmt: skip
    page.goto(f"/tapaamiset/{meeting.pk}/muistio/kirjoita/")
    main_button(page)
    page.locator("button[name=all][value=remote]").click()
    one = Participation.objects.get(meeting=meeting, person=professional)
    page.locator(f"button[name=mark][value='p{one.pk}:present']").click()
    item = meeting.items.get(title="Läheisten ryhmä")
    part = page.locator(f"#item-{item.pk}")
    part.locator("textarea").fill(
        "Virran mukaan ryhmää on kysytty, puh. 040 000 1234.\nPäätös: Perustetaan läheisten ryhmä.\nTehtävä: Kysytään tilaa (Maija Virta, 31.12.2030)"
    )
    part.locator("[name=do][value=save]").click()
    expect(page.locator("#rekisteri ~ ul")).to_contain_text("Perustetaan läheisten ryhmä.")
    item.publicity = "public"
    item.save(update_fields=["publicity"])
    page.locator(f"main a[href='/tapaamiset/{meeting.pk}/muistio/julkaise/']").click()
    main_button(page)
    expect(page).to_have_url(re.compile(f"/tapaamiset/{meeting.pk}/muistio/(#virhe)?$"))
    assert Minutes.objects.get().status == "published"
    assert ActionItem.objects.get().owner == professional

    stranger.goto(f"/tapaamiset/{meeting.pk}/muistio/")
    main = stranger.locator("main")
    expect(main).to_contain_text("Perustetaan läheisten ryhmä.")
    expect(main).to_contain_text("Vieras Vierailija 0")  # who allowed it
    for hidden in ("Virran", "Virta", "040 000 1234", LINK, "Vierailija 1"):
        expect(main).not_to_contain_text(hidden)
    maija.goto(f"/tapaamiset/{meeting.pk}/muistio/")
    maija.locator("details", has_text="Maija Virta").locator("summary").first.click()
    expect(maija.locator("main")).to_contain_text("040 000 1234")
    assert page.complaints == []


def asked(meeting: Meeting, address: str) -> list[Participation | MeetingGuest]:
    people = Participation.objects.filter(meeting=meeting, person__email=address)
    return [*people, *MeetingGuest.objects.filter(meeting=meeting, email=address)]
