"""What ordering is for: a librarian who knows no expert asks by topic on a phone; two experts see it, one proposes another
time, the librarian takes it, both calendars have it; afterwards both tell how it went, and the season's figures show it.
Nobody needs a script, and nobody sees a profile that is hidden from her."""

import datetime as dt
import re

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from experts import answers, endings
from experts.models import ActivitySettings, ExpertTheme, FeeState, Order, OrderFeedback, OrderSession
from network.models import Message
from tests import factories
from tests.conftest import show_second_factor
from tests.experts.factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone_of(browser, live_server, settings):
    """`phone_of(person)`: the phone of somebody who is signed in."""
    settings.SITE_URL = live_server.url
    contexts = []

    def open_page(person) -> Page:
        client = Client()
        client.force_login(person)
        if person.coordinates_experts:
            show_second_factor(client, person)
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


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def been(order: Order) -> None:
    """The day has been."""
    over = tomorrow(days=-1)
    OrderSession.objects.filter(order=order).update(starts_at=over, ends_at=over + dt.timedelta(hours=1))
    assert endings.finish_all() == 1


def earlier_tasks() -> None:
    """Four of this season that both sides have told of: one more, and figures are shown."""
    profile = make_profile(None)
    for number in range(4):
        offer = make_offer(make_order(wish=tomorrow(days=20 + number)), profile)
        answers.accept(offer, answers.alternatives(offer)[0], by=None)
        been(offer.order)
        order = Order.objects.get(pk=offer.order_id)
        for side, own in (("orderer", None), ("expert", offer)):
            endings.give_feedback(order, side=side, offer=own, went=3, again=3)


def how_it_went(page: Page) -> list[str]:
    """Of the season's figures: what orderers and experts have said, or that it is not shown."""
    page.goto("/kokemusasiantuntijat/luvut/")
    assert fits(page)
    labels = [gettext("How it went, 1–5 (%(side)s)") % {"side": gettext(side)} for side in ("orderers", "experts")]
    return [page.locator("tr", has=page.locator("th", has_text=label)).locator("td").inner_text() for label in labels]


def test_a_librarian_who_knows_no_expert_gets_one(phone_of, professional, expert, expert_coordinator, region):
    earlier_tasks()
    coordinator = phone_of(expert_coordinator)
    assert how_it_went(coordinator) == [gettext("under 5")] * 2
    ActivitySettings.objects.update(sending="at-once")
    theme = ExpertTheme.objects.all()[0]
    other = factories.make_user("toinen@example.org", name="Toinen (demo)")
    make_profile(expert, shown_name="Kaisu", themes=[theme], shown_to="coordinators")
    make_profile(other, shown_name="Veikko", themes=[theme], shown_to="coordinators")

    librarian = phone_of(professional)
    librarian.goto("/")
    librarian.locator("main a[href='/kokemusasiantuntijat/pyyda/']").click()
    assert librarian.locator("[name=wished]").input_value() == ""  # nobody in particular
    assert fits(librarian)
    librarian.locator("[name=topic]").fill("Miten kohdata asiakas, joka käyttää päihteitä")
    librarian.locator("[name=themes]").first.check()
    librarian.locator("[name=day_1]").fill(f"{tomorrow(days=14):%Y-%m-%d}")
    librarian.locator("[name=clock_1]").fill("10:00")
    librarian.locator("[name=municipality]").select_option(label="Kajaani")
    for name, words in {"place": "Kirjasto", "fee": "120", "travel": "Kilometrikorvaus", "meals": "Kahvi", "payer": "Kirjasto"}.items():  # fmt: skip
        librarian.locator(f"[name={name}]").fill(words)
    librarian.locator("main form button.btn-primary").last.click()
    expect(librarian).to_have_url(re.compile(r"/tilaukset/\d+/"))
    order = Order.objects.latest("pk")

    # Both see it among what waits for them; one proposes another time.
    for person in (expert, other):
        page = phone_of(person)
        page.goto("/tilaukset/")
        expect(page.locator(f"main a[href='/tilaukset/{order.pk}/']")).to_have_count(1)
    page.goto(f"/tilaukset/{order.pk}/")
    assert fits(page)
    proposal = page.locator("form[action*='/ehdota-aikaa/']")
    page.locator("details.more", has=proposal).locator("summary").click()
    day = tomorrow(13, days=15)
    proposal.locator("[name=counter-day_1]").fill(f"{day:%Y-%m-%d}")
    proposal.locator("[name=counter-clock_1]").fill("13:00")
    proposal.locator("button").click()
    expect(proposal).to_have_count(0)

    librarian.goto(f"/tilaukset/{order.pk}/")
    assert fits(librarian)
    assert [name for name in ("Kaisu", "Veikko") if name in librarian.content()] == []  # hidden experts, not agreed yet
    press(librarian, "ota-aika")
    expect(librarian.locator("main")).to_contain_text("Veikko")
    order.refresh_from_db()
    assert (order.status, order.sessions.get().starts_at) == ("accepted", day)
    assert (FeeState.objects.get(offer__order=order).amount, order.travel) == (120, "Kilometrikorvaus")
    entries = Message.objects.exclude(calendar="").filter(event=f"order-agreed:{order.pk}")
    assert {entry.address for entry in entries} == {professional.email, other.email}
    assert not any(address in entry.calendar for entry in entries for address in (professional.email, other.email))

    been(order)
    for telling in (librarian, page):
        telling.goto(f"/tilaukset/{order.pk}/")
        telling.locator("[name=feedback-went][value='5']").check()
        telling.locator("[name=feedback-again][value='4']").check()
        telling.locator("[name=feedback-comment]").fill("Hyvä tilaisuus.")
        press(telling, "palaute")
        expect(telling.locator("[name=feedback-went]")).to_have_count(0)
    given = OrderFeedback.objects.filter(order=order).values_list("side", "went", "again")
    assert set(given) == {("orderer", 5, 4), ("expert", 5, 4)}
    assert how_it_went(coordinator) == ["3,4", "3,4"]
