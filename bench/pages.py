"""The pages that are measured. Another one is another line here."""

from typing import NamedTuple
from urllib.parse import quote


class Page(NamedTuple):
    """A page and its bar. One that is asked by somebody who has signed in stands beside the floor as the same person gets it.

    `most` is the most it may take, in floors of the same run, at the largest size; `growth` from the smallest size to
    the largest. `bare` is measured only as it is: there is nothing to keep. `person`: who has signed in.
    """

    name: str
    address: str
    most: float
    growth: float = 0
    bare: bool = False
    person: str = ""


ORDERER = "kuorma-tilaaja@example.org"
FLOOR = Page("floor", "/bench/floor/", 1, bare=True)
FLOOR_WITHIN = Page("floor, signed in", "/bench/floor/", 3, bare=True, person=ORDERER)
PAGES = [
    FLOOR,
    FLOOR_WITHIN,
    Page("front page", "/", 2, 1.3),
    Page("catalogue", "/palvelut/", 2, 1.3),
    Page("broad search", f"/palvelut/?q={quote('tuki')}", 5),
    Page("narrow search", f"/palvelut/?q={quote('läheisten ryhmä')}&municipality=205&audience=close-ones", 3, 2),
    Page("service", "/palvelut/kuorma-1-palvelu-500/", 2, 1.3),
    Page("suggestions", f"/palvelut/haku/?q={quote('ver')}", 2),
    Page("experts", "/kokemusasiantuntijat/", 3, bare=True),
    Page("orders", "/tilaukset/", 3, bare=True, person=ORDERER),
]
