"""axe-core: which of its rules count, and its findings as lines that can be read."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another scheme or width changes in a page that has been looked at whole.
OF_THE_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]

_axe = Axe()


def violations(page: Page, rules: list[str] = RULES, **options: Any) -> list[str]:
    """One line for each element that breaks a rule: impact, rule, element, what is wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    kind = "rule" if rules is OF_THE_LOOK else "tag"
    options = {"runOnly": {"type": kind, "values": rules}, "resultTypes": ["violations"]} | options
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:160]} – {' '.join(str(node['failureSummary']).split())}"
        for rule in found
        for node in rule["nodes"]
    ]
