"""The browser that the tests and the pictures are made with: the system's own Chromium, driven by Playwright."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

# Nothing but the tests' own requests may leave the browser.
_QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


class NoChromium(RuntimeError):
    pass


def path() -> str:
    """CHROMIUM, or the system's. NoChromium tells how to get one."""
    asked = os.environ.get("CHROMIUM", "")
    found = shutil.which(asked) if asked else shutil.which("chromium") or shutil.which("/usr/bin/chromium")
    if not found:
        missing = f"CHROMIUM is {asked}, which is no program here." if asked else "There is no program `chromium`."
        raise NoChromium(f"{missing} Install it (apt-get install chromium), or set CHROMIUM to where it is.")
    return found


def start(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=path(), args=["--no-sandbox", *_QUIET])
