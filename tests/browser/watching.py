"""What a page must not do while it is open: break the content security policy, log an error, ask another host."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

# Told by the page itself; what the console says of it differs between versions of the browser.
_REPORT_POLICY = """
addEventListener("securitypolicyviolation", event =>
  console.error(`policy broken: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}`))
"""
_OURS = re.compile(r"/js/(suggest|minutes|agenda)\.")
_SCRIPTED = {"script", "xhr", "fetch", "websocket", "eventsource", "ping"}


class Watch:
    """`faults` has one line for each thing that went wrong, `requests` everything that was asked.

    Pages of the portal need no script, and have none but the search box's and those of the pages on which an agenda is put in order and minutes are written; `scripts=True` is for the admin, whose own are let through.
    """

    def __init__(self, page: Page, portal: str, *, scripts: bool = False) -> None:
        self.page = page
        self.host = urlsplit(portal).netloc
        self.scripts = scripts
        self.faults: list[str] = []
        self.requests: list[Request] = []
        page.add_init_script(_REPORT_POLICY)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failure)

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser logs the status of an error page; that one line is not a fault of the page.
        is_own_status = message.location.get("url") == self.page.url and "Failed to load resource" in message.text
        if message.type == "error" and not is_own_status:
            self.faults.append(f"console: {message.text}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # given up because the next page was opened
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)
        if urlsplit(request.url).netloc != self.host:
            self.faults.append(f"asked another host: {request.url}")
        if request.resource_type in _SCRIPTED and not self.scripts and not _OURS.search(request.url):
            self.faults.append(f"asked for a {request.resource_type}: {request.url}")
