"""What the members' part is for: an association's worker is invited, corrects a listing on a phone and confirms the rest
from a mail; the coordinator reviews a newcomer's text; the page says who checked it. Mail goes through a real worker
and a real mail server, and nobody needs a script."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from network.models import Organisation, User
from network.templatetags.look import day
from services.models import ProposedEdit, Service
from services.tasks import MORNING, remind_of_confirmation
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = "diakonia@example.org"
NAME = "Diakonia Demolainen"


@pytest.fixture
def parish_services(parish, live_server, settings):
    """A parish that nobody keeps, with two listings."""
    settings.SITE_URL = live_server.url
    factories.use_region()
    Organisation.objects.filter(pk=parish.pk).update(name="Esimerkin seurakunta")
    return [
        factories.make_service(name, slug=slug, organisation=parish, municipalities=("205",), how_to_get="Soita ensin.")
        for name, slug in (("Läheisten ryhmä", "laheisten-ryhma"), ("Aamukahvila", "aamukahvila"))
    ]


@pytest.fixture
def phone(browser, live_server):
    """A phone of somebody who is not signed in; each call is another one."""
    contexts = []

    def open_page() -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False,
            is_mobile=True, has_touch=True, locale="fi-FI",
        )  # fmt: skip
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def link_in_mail(smtp_server, address: str, part: str) -> str:
    """The newest link with `part` in it that reached the address."""
    for message, recipients in reversed(list(zip(smtp_server.arrived, smtp_server.recipients, strict=True))):
        text = message.get_body(("plain",)).get_content()
        found = re.search(rf"https?://\S*{part}\S*", text)
        if recipients == [address] and found:
            return found.group()
    raise AssertionError(f"no link to {part} reached {address}")


def test_an_association_keeps_its_listings_right_with_almost_no_effort(
    desk,
    phone,
    parish_services,
    smtp_server,
    run_worker,
):
    group, cafe = parish_services

    # The coordinator names the parish's first editor.
    coordinator = desk()
    coordinator.goto("/omat/kutsut/")
    coordinator.locator("[name=addresses]").fill(WORKER)
    coordinator.locator("[name=organisation]").select_option(label="Esimerkin seurakunta")
    coordinator.locator("[name=is_editor]").check()
    coordinator.locator("main form button.btn-primary").first.click()
    expect(coordinator.locator("main .notice")).to_contain_text(WORKER)
    run_worker()

    # She joins by the link of the mail.
    page = phone()
    page.goto(link_in_mail(smtp_server, WORKER, "/kutsu/"))
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=title]").fill("diakoniatyöntekijä")
    page.locator("[name=rules_accepted]").check()
    page.locator("main form button.btn-primary").click()
    worker = User.objects.get(email=WORKER)
    assert list(worker.memberships.values_list("organisation__name", "is_editor", "title")) == [
        ("Esimerkin seurakunta", True, "diakoniatyöntekijä")
    ]

    # She corrects a listing on her phone; a newcomer's text waits, and the public page still has the old one.
    page.goto("/omat/palvelut/")
    page.get_by_role("link", name=re.compile("Läheisten ryhmä")).first.click()
    page.goto(f"/palvelut/{group.slug}/muokkaa/?osa=how")
    unfold_without_script(page, "[name=how_to_get]")
    page.locator("[name=how_to_get]").fill("Soita diakoniatoimistooon. Lähetettä ei tarvita.")
    page.locator("button[name=action][value=save]").click()
    proposal = ProposedEdit.objects.get()
    assert proposal.is_pending
    visitor = phone()
    visitor.goto(f"/palvelut/{group.slug}/")
    expect(visitor.locator("main")).to_contain_text("Soita ensin.")
    expect(visitor.locator("main")).not_to_contain_text("diakoniatoimistooon")

    # The coordinator sees what would change, corrects a word and approves.
    coordinator.goto("/tarkistettavat/")
    coordinator.get_by_role("link", name=re.compile("Läheisten ryhmä")).click()
    expect(coordinator.locator("main ins").first).to_be_visible()
    coordinator.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    coordinator.locator("[name=how_to_get]").fill("Soita diakoniatoimistoon. Lähetettä ei tarvita.")
    coordinator.locator("button[name=action][value=approve]").click()
    proposal.refresh_from_db()
    assert proposal.status == ProposedEdit.Status.CORRECTED
    assert Organisation.objects.get(name="Esimerkin seurakunta").is_trusted
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Soita diakoniatoimistoon. Lähetettä ei tarvita.")

    # The reminder comes, and one button confirms the rest without signing in.
    morning = timezone.localtime().replace(hour=MORNING, minute=0, second=0, microsecond=0)
    remind_of_confirmation.defer(timestamp=int(morning.timestamp()))
    run_worker()
    link = link_in_mail(smtp_server, WORKER, "/vahvista/")
    assert Service.objects.filter(confirmed_at__isnull=False).count() == 0
    stranger = phone()
    stranger.goto(link)
    stranger.reload()  # a scanner of mail opens it twice
    assert Service.objects.filter(confirmed_at__isnull=False).count() == 0
    stranger.locator("main form button.btn-primary").click()
    assert Service.objects.filter(confirmed_at__isnull=False).count() == 2
    assert "sessionid" not in {cookie["name"] for cookie in stranger.context.cookies()}

    today = day(timezone.localdate())
    for service in (group, cafe):
        visitor.goto(f"/palvelut/{service.slug}/")
        expect(visitor.locator("main")).to_contain_text(
            f"Tiedot tarkistettu {today}, Esimerkin seurakunta, diakoniatyöntekijä"
        )
        expect(visitor.locator("main")).not_to_contain_text(NAME)

    # The link has been used: nothing happens a second time.
    before = Service.objects.get(pk=cafe.pk).confirmed_at
    again = phone()
    again.goto(link)
    assert again.locator("main form button.btn-primary").count() == 0
    assert Service.objects.get(pk=cafe.pk).confirmed_at == before
    assert timezone.now() - before < dt.timedelta(minutes=10)


def unfold_without_script(page: Page, field: str) -> None:
    fold = page.locator("details", has=page.locator(field))
    if fold.count() and fold.first.get_attribute("open") is None:
        fold.first.locator("summary").click()
