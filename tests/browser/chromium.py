"""The browser that the tests and the pictures are made with: the system's own Chromium, driven by Playwright."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

# Nothing but the tests' own requests may leave the browser.
_QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip

PROGRAMS = ["chromium-headless-shell", "chromium", "/usr/bin/chromium"]


class NoChromium(RuntimeError):
    pass


def path() -> str:
    """CHROMIUM, or the system's: the one without a window first, which takes half the time. NoChromium tells how to get one."""
    asked = os.environ.get("CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [asked] if asked else PROGRAMS)), None)
    if not found:
        missing = f"CHROMIUM is {asked}, which is no program here." if asked else "There is no Chromium."
        raise NoChromium(f"{missing} Install it (apt-get install {PROGRAMS[0]}), or set CHROMIUM to where it is.")
    return found


def start(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=path(), args=["--no-sandbox", *_QUIET])
