"""Pictures of every page of a running portal, to look at: `.venv/bin/python -m tests.browser.shots URL FOLDER`.

Full pages at 390 and 1280 px in the light and the dark scheme, named page-width-scheme.png. Pages that the portal does
not have (those that only tests make) are left out and named.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from .chromium import start
from .pages import PAGES

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")


def take(browser: Browser, url: str, folder: Path) -> list[str]:
    """Writes the pictures; returns the names of pages that were left out."""
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(base_url=url, locale="fi-FI", reduced_motion="reduce")
    left_out = []
    for portal_page in PAGES:
        response = page.goto(portal_page.path)
        if response is None or response.status != portal_page.status:
            left_out.append(portal_page.name)
            continue
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                page.screenshot(path=folder / f"{portal_page.name}-{width}-{scheme}.png", full_page=True)
    page.close()
    return left_out


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)  # noqa: T201
        return 2
    url, folder = arguments[0], Path(arguments[1])
    with sync_playwright() as playwright:
        browser = start(playwright)
        left_out = take(browser, url, folder)
        browser.close()
    print(f"Pictures are in {folder}." + (f" Left out: {', '.join(left_out)}." if left_out else ""))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
