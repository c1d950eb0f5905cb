"""Parts of the list as HTML, kept beside whole pages: for another address, another search, and who is signed in.

A row of the list is the same wherever it stands, and the filters are the same on every page of a list. Both are kept under
the catalogue's number and the clock, like pages (see `network.public_pages`), and only public facts stand in them – or, under
a key of their own, contacts that all members see, or what one member sees under a key with that member's number.
"""

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from network.models import Network
from network.public_pages import KEEPER, Kept
from network.versions import catalogue_version

from . import counts, hours
from .filters import ServiceFilter
from .hits import Hit, hits
from .models import Service
from .models.query import ServiceQuerySet
from .search import Understood
from .search.showing import looked_for

Found = tuple[int, bool]  # a service's number, and whether it answers all that was asked


@dataclass(frozen=True)
class KeptHit:
    """A row that was made before."""

    name: str
    html: SafeString
    begins_rest: bool = False


class Parts:
    """What is kept of the catalogue as it is now. Made before anything is read that the parts tell of."""

    def __init__(self) -> None:
        version = catalogue_version()
        self.now = ("part", version, hours.clock(version), get_language())

    def get(self, *key: Any) -> SafeString | None:
        found = None if settings.DEBUG else KEEPER.get(self._tag(key))
        return mark_safe(found.body.decode()) if found else None  # made by our templates

    def keep(self, html: str, *key: Any) -> SafeString:
        KEEPER.keep(self._tag(key), Kept(html.encode(), "part"))
        return mark_safe(html)

    def made(self, make: Callable[[], str], *key: Any) -> SafeString:
        found = self.get(*key)
        return self.keep(make(), *key) if found is None else found

    def _tag(self, key: tuple[Any, ...]) -> str:
        return hashlib.blake2b(repr((*self.now, *key)).encode("utf-8", "replace"), digest_size=16).hexdigest()


ORDERS = counts.Kept(200)


class Order(NamedTuple):
    """The services that answer some words, best first, and whether each answers all of them."""

    pks: "array[int]"
    whole: "array[int]"
    is_cut: bool


def in_order(asked: ServiceFilter, parts: Parts) -> ServiceQuerySet | list[Found]:
    """What a paginator takes the services of a page from. The order of an answer is kept: it is dear to work out, and is
    the same for each of its pages and for everybody."""
    if not asked.answer or not asked.answer.asked.groups or asked.answer.step == "none":
        return asked.ordered
    key = parts.now, tuple(sorted((name, str(value)) for name, value in asked.chosen.items()))
    order: Order | None = ORDERS.get(key)
    if order is None:
        ordered: Any = asked.ordered  # annotated
        found = list(ordered.values_list("pk", "whole"))
        order = Order(
            array("q", [pk for pk, _whole in found]), array("b", [whole for _pk, whole in found]), asked.is_cut
        )
        ORDERS.keep(key, order)
    asked.is_cut = order.is_cut
    return list(zip(order.pks, map(bool, order.whole), strict=True))


def rows(
    services: ServiceQuerySet | list[Found],
    network: Network,
    parts: Parts,
    *,
    place: str,
    members: bool,
    asked: Understood | None,
) -> list[Hit | KeptHit]:
    """The rows of a page. Only services whose row is not kept are fetched with all that a row tells."""
    wanted = services if isinstance(services, list) else [(pk, True) for pk in services.values_list("pk", flat=True)]
    key = (members, place, sorted(looked_for(asked)) if asked else [])
    kept = {pk: html for pk, _whole in wanted if (html := parts.get(pk, *key)) is not None}
    missing = [pk for pk, _whole in wanted if pk not in kept]
    made = {}
    if missing:
        found = Service.objects.published().with_reach().for_listing().filter(pk__in=missing)
        for hit in hits(found, network, municipality=place, members=members, asked=asked):
            html = render_to_string("components/service_hit.html", {"hit": hit})
            parts.keep(f"{hit.name}\0{html}", hit.service.pk, *key)
            made[hit.service.pk] = replace(hit, html=html)
    shown: list[Hit | KeptHit] = []
    above = False  # the row before answers all that was asked
    for pk, whole in wanted:
        begins_rest = above and not whole
        if pk in kept:
            name, row = kept[pk].split("\0", 1)
            shown.append(KeptHit(name, mark_safe(row), begins_rest))
        elif pk in made:  # else it was taken away in this moment
            shown.append(replace(made[pk], begins_rest=begins_rest))
        above = whole
    return shown
