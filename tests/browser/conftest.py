"""What every browser test stands on.

`portal`     the address of a running portal: production settings, gunicorn, a database of its own (`server.py`), filled
             once by `data.fill`. Tests only look at it; one that changes rows by the pages puts them back.
`browser`    one Chromium for the whole process.
`open_page`  `open_page(width=390, javascript=False, role="coordinator", …)` opens a page in a context of its own, signed in as one
             of `data.CAST` when a role is given (the sign-in form is used once a role). Relative addresses work: `page.goto("/palvelut/")`.
             A test that signs out signs in by itself (`sign_in`), since the others of that role share the session.
`page`       what most tests need: `open_page()`.
`desk`       `desk(width=…)` is a page of the signed-in coordinator on the `live_server`, whose rows the test itself makes.
`visit`      `visit(page, PortalPage)` goes there and checks the status.

`axe.violations(page)` asks axe. `watching.Watch(page, portal)` collects what a page must not do.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .. import factories
from ..conftest import show_second_factor
from . import chromium
from .data import CAST
from .pages import PortalPage

ROOT = Path(__file__).resolve().parents[2]

# The console says which part of the content security policy a page broke.
REPORT_POLICY = (
    "addEventListener('securitypolicyviolation', broken => console.error('policy', broken.violatedDirective))"
)

OpenPage = Callable[..., Page]

PATIENCE = 30_000  # milliseconds; a machine that has much else to do is slow, not wrong
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        yield browser
        browser.close()


def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of all its processes: each has a folder of its own in it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("portal")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    log = folder / "log"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "BROWSER_TEST_FOLDER": str(folder_of_the_run(tmp_path_factory)),
        "SITE_URL": url,
        "SECRET_KEY": "for-tests-only-and-long-enough-to-be-taken-for-a-real-one",
        "DEBUG": "0",
        "DEMO": "0",
        "LOG_FORMAT": "plain",
    }
    command = [sys.executable, "-m", "tests.browser.server", url]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True
        ) as server,
    ):
        assert server.stdin is not None
        assert server.stdout is not None
        if "ready\n" not in iter(server.stdout.readline, ""):
            server.wait()
            pytest.fail(f"The portal for the browser tests did not start:\n{log.read_text()[-4000:]}", pytrace=False)
        yield url
        server.stdin.close()
        server.wait(timeout=120)


@pytest.fixture(scope="session")
def signed_in(portal: str, browser: Browser) -> Callable[[str], Any]:
    """`signed_in(role)`: the cookies of a person of the cast, got through the sign-in form once."""
    states: dict[str, Any] = {}

    def state(role: str) -> Any:
        if role not in states:
            context = browser.new_context(base_url=portal)
            page = context.new_page()
            sign_in(page, CAST[role])
            expect(page.locator("header form button"), f"{role} signs in").to_have_count(1)
            states[role] = context.storage_state()
            context.close()
        return states[role]

    return state


_unused_codes = iter(factories.RECOVERY_CODES)


def sign_in(page: Page, address: str, password: str = factories.PASSWORD) -> None:
    """Through the form, as a person does it; stays on the form when it is opened at an address with `next`.

    A coordinator's second step is done with a recovery code: one of the app's works once in half a minute.
    """
    if "/tili/kirjaudu/" not in page.url:
        page.goto("/tili/kirjaudu/")
    page.locator("input[name=login]").fill(address)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()
    if "/tili/kaksivaiheinen/" in page.url:
        page.locator("input[name=code]").fill(next(_unused_codes))
        page.locator("main form button").first.click()


@pytest.fixture
def open_page(portal: str, browser: Browser, signed_in: Callable[[str], Any]) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def open_one(
        *, width: int = 1280, height: int = 844, javascript: bool = True, role: str = "", **options: Any
    ) -> Page:
        if role:
            options["storage_state"] = signed_in(role)
        context = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            **{"reduced_motion": "reduce", "locale": "fi-FI"} | options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def visit() -> Callable[..., None]:
    def go(page: Page, portal_page: PortalPage, language: str = "fi") -> None:
        response = page.goto(portal_page.in_language(language))
        assert response is not None
        assert response.status == portal_page.status, f"{portal_page.name} answered {response.status}"

    return go


@pytest.fixture
def desk(live_server, coordinator, browser):
    """`desk(width=…, scheme=…)` is a page of the signed-in coordinator that gathers complaints in `page.complaints`."""
    client = Client()
    client.force_login(coordinator)
    show_second_factor(client, coordinator)
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    contexts = []

    def open_page(width=1280, scheme="light", **options):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="fi-FI",
            **options,
        )
        contexts.append(context)
        context.add_cookies([session | {"url": live_server.url}])
        context.add_init_script(REPORT_POLICY)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: said.type in {"error", "warning"} and page.complaints.append(said.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(live_server.url) or page.complaints.append(asked.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
