"""What ordering is for: a librarian who knows no expert asks by topic on a phone; two experts see it, one proposes another
time, the librarian takes it, both calendars have it; afterwards both tell how it went. Nobody needs a script."""

import datetime as dt
import re

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Page, expect

from experts import endings
from experts.models import ActivitySettings, ExpertTheme, FeeState, Order, OrderFeedback, OrderSession
from network.models import Message
from tests import factories
from tests.experts.factories import make_profile, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone_of(browser, live_server, settings):
    """`phone_of(person)`: the phone of somebody who is signed in."""
    settings.SITE_URL = live_server.url
    contexts = []

    def open_page(person) -> Page:
        client = Client()
        client.force_login(person)
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False,
            is_mobile=True, has_touch=True, locale="fi-FI",
        )  # fmt: skip
        name = configured.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def press(page: Page, verb: str) -> None:
    """The button of the form that does this on an order's page."""
    form = page.locator(f"main form[action*='/{verb}/']").first
    if not form.is_visible():
        page.locator("details.more", has=form).locator("summary").first.click()
    form.locator("button").last.click()


def test_a_librarian_who_knows_no_expert_gets_one(phone_of, professional, expert, region):
    ActivitySettings.objects.update(sending="at-once")
    theme = ExpertTheme.objects.all()[0]
    other = factories.make_user("toinen@example.org", name="Toinen (demo)")
    make_profile(expert, shown_name="Kaisu", themes=[theme])
    make_profile(other, shown_name="Veikko", themes=[theme])

    librarian = phone_of(professional)
    librarian.goto("/")
    librarian.locator("main a[href='/kokemusasiantuntijat/pyyda/']").click()
    assert librarian.locator("[name=wished]").input_value() == ""  # nobody in particular
    librarian.locator("[name=topic]").fill("Miten kohdata asiakas, joka käyttää päihteitä")
    librarian.locator("[name=themes]").first.check()
    librarian.locator("[name=day_1]").fill(f"{tomorrow(days=14):%Y-%m-%d}")
    librarian.locator("[name=clock_1]").fill("10:00")
    librarian.locator("[name=municipality]").select_option(label="Kajaani")
    for name, words in {"place": "Kirjasto", "fee": "120", "travel": "Kilometrikorvaus", "meals": "Kahvi", "payer": "Kirjasto"}.items():  # fmt: skip
        librarian.locator(f"[name={name}]").fill(words)
    librarian.locator("main form button.btn-primary").last.click()
    expect(librarian).to_have_url(re.compile(r"/tilaukset/\d+/"))
    order = Order.objects.get()

    # Both see it among what waits for them; one proposes another time.
    for person in (expert, other):
        page = phone_of(person)
        page.goto("/tilaukset/")
        expect(page.locator(f"main a[href='/tilaukset/{order.pk}/']")).to_have_count(1)
    page.goto(f"/tilaukset/{order.pk}/")
    proposal = page.locator("form[action*='/ehdota-aikaa/']")
    page.locator("details.more", has=proposal).locator("summary").click()
    day = tomorrow(13, days=15)
    proposal.locator("[name=counter-day_1]").fill(f"{day:%Y-%m-%d}")
    proposal.locator("[name=counter-clock_1]").fill("13:00")
    proposal.locator("button").click()
    expect(proposal).to_have_count(0)

    librarian.goto(f"/tilaukset/{order.pk}/")
    assert librarian.evaluate("document.documentElement.scrollWidth") <= 390
    press(librarian, "ota-aika")
    expect(librarian.locator("main")).to_contain_text("Veikko")
    order.refresh_from_db()
    assert (order.status, order.sessions.get().starts_at) == ("accepted", day)
    assert (FeeState.objects.get().amount, order.travel) == (120, "Kilometrikorvaus")
    entries = Message.objects.exclude(calendar="")
    assert {entry.address for entry in entries} == {professional.email, other.email}
    assert not any(address in entry.calendar for entry in entries for address in (professional.email, other.email))

    # The day has been; both tell how it went.
    over = tomorrow(days=-1)
    OrderSession.objects.update(starts_at=over, ends_at=over + dt.timedelta(hours=1))
    assert endings.finish_all() == 1
    for telling in (librarian, page):
        telling.goto(f"/tilaukset/{order.pk}/")
        telling.locator("[name=feedback-went][value='5']").check()
        telling.locator("[name=feedback-again][value='4']").check()
        telling.locator("[name=feedback-comment]").fill("Hyvä tilaisuus.")
        press(telling, "palaute")
        expect(telling.locator("[name=feedback-went]")).to_have_count(0)
    assert set(OrderFeedback.objects.values_list("side", "went", "again")) == {("orderer", 5, 4), ("expert", 5, 4)}
