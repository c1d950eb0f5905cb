"""Every page: accessible, quiet, whole on a narrow window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .axe import violations
from .pages import PAGES, PortalPage

every_page = pytest.mark.parametrize("portal_page", PAGES, ids=lambda page: page.name)


@every_page
def test_axe_finds_nothing_in_either_scheme_on_phone_and_desktop(
    page: Page, visit: Callable[..., None], portal_page: PortalPage
) -> None:
    visit(page, portal_page)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"{scheme} {width}: {line}" for line in violations(page)]
    assert found == []
