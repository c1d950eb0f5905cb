"""What a page must not do while it is open: break the content security policy, log an error, ask another host."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

# Seen by the page itself; what the console says of it differs between versions of the browser.
_REPORT_POLICY = """
addEventListener("securitypolicyviolation", event =>
  console.error(`policy broken: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}`))
"""


class Watch:
    """`faults` has one line for each thing that went wrong; `requests` all addresses that were asked."""

    def __init__(self, page: Page, portal: str) -> None:
        self.host = urlsplit(portal).netloc
        self.faults: list[str] = []
        self.requests: list[Request] = []
        page.add_init_script(_REPORT_POLICY)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url} {request.failure}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)
        if urlsplit(request.url).netloc != self.host:
            self.faults.append(f"asked another host: {request.url}")
        if request.resource_type in ("script", "xhr", "fetch", "websocket", "ping"):
            self.faults.append(f"a page that needs no script asked for {request.resource_type} {request.url}")
