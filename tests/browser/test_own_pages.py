"""Pages of people who are signed in: accessible, quiet, whole on a narrow window, easy to hit with a finger.

One visit each, since there are many and each is looked at in the four ways that matter most.
"""

from collections.abc import Callable

import pytest

from .axe import violations
from .conftest import OpenPage
from .pages import OWN, PortalPage
from .test_pages import LOOKS, OUTSIDE, SMALL_TARGETS, unfold
from .watching import Watch


@pytest.mark.parametrize("portal_page", OWN, ids=lambda page: page.name)
def test_a_page_of_ones_own_is_accessible_quiet_whole_and_easy_to_hit(
    open_page: OpenPage, portal: str, visit: Callable[..., None], portal_page: PortalPage
) -> None:
    page = open_page(role=portal_page.role)
    watch = Watch(page, portal)
    visit(page, portal_page)
    found = watch.faults[:]  # before axe runs: it is a script that the page did not bring
    unfold(page)
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"{scheme} {width}: {line}" for line in violations(page)]
        found += [f"{width} px: {line}" for line in page.evaluate(SMALL_TARGETS)]
    page.set_viewport_size({"width": 320, "height": 640})
    found += [f"320 px: {line}" for line in page.evaluate(OUTSIDE)]
    assert found == []
