"""The state of the catalogue's list: what is asked, how its heading says it, and the same as a table."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Municipality, Network
from network.versions import catalogue_version

from .counts import Kept
from .filters import Offered, ServiceFilter, load_offered
from .models import ReadySearch, Service


def catalogue(data: QueryDict, network: Network, offered: Offered | None = None) -> ServiceFilter:
    """The filtered catalogue: published listings only, for everyone alike, so that a link shows all the same list.

    What nobody has confirmed for very long is left out, unless `old=1` asks for it.
    """
    return ServiceFilter(data, Service.objects.published().with_reach(), offered or load_offered(), network)


READY = Kept(4)


def count_found(searches: list[ReadySearch], network: Network) -> None:
    """Tells each ready-made search how many services it finds now, as `found`: counted anew when the catalogue or the day
    has changed."""
    key = catalogue_version(), timezone.localdate(), tuple(search.pk for search in searches)
    found = READY.get(key)
    if found is None:
        found = found_by(searches, network)
        READY.keep(key, found)
    for search in searches:
        search.found = found[f"search_{search.pk}"]


def found_by(searches: list[ReadySearch], network: Network) -> dict[str, int]:
    """All of them in one statement."""
    offered = load_offered()
    counts = {
        f"search_{search.pk}": Count(
            "pk", filter=Q(pk__in=catalogue(QueryDict(search.query), network, offered).qs.values("pk"))
        )
        for search in searches
    }
    return Service.objects.published().aggregate(**counts) if counts else {}


def empty_result(asked: ServiceFilter) -> dict[str, Any]:
    """What to say when nothing was found, and what to try."""
    words, address = asked.chosen.get("q"), reverse("services:list")
    if not asked.chips():
        title = _("No services have been added yet")
        return {
            "title": title,
            "text": _("When an organisation tells of its service, you find it here."),
            "actions": [],
        }
    actions = [(address, _("See all services")), (reverse("services:guided"), _("Answer three short questions"))]
    if asked.chosen.get("municipality"):
        actions.insert(0, (asked.address_without("municipality", ""), _("Search the whole region")))
    if words and len(asked.chips()) > 1:
        actions.insert(0, (f"{address}?{urlencode({'q': words})}", _("Search with the words alone")))
    title = _("We found no service for “%(words)s”") % {"words": words} if words else _("We found no service like this")
    return {"title": title, "text": _("Try the whole region, fewer filters or just one word."), "actions": actions}


def read_from_words(asked: ServiceFilter) -> list[str]:
    """The place and the languages that the words name, as the reader calls them; not a place that the filter overrules."""
    meant = asked.answer.asked if asked.answer else None
    if not meant:
        return []
    languages = dict(asked.offered.choices["language"])
    said = [str(languages[code]) for code in meant.languages if code in languages]
    if meant.place and not asked.chosen.get("municipality"):
        places = dict(asked.offered.choices["municipality"])
        name = places.get(meant.place) or Municipality.objects.get(code=meant.place).local_name
        said.insert(0, str(name))
    return said


def heading(catalogue: ServiceFilter) -> str:
    """“Services in Espoo”, in the reader's language; plain “Services” when no municipality is chosen."""
    code = catalogue.chosen.get("municipality")
    if not code:
        return _("Services")
    place = Municipality.objects.get(code=code)
    return _("Services %(in_place)s") % {"in_place": place.in_words}


def csv_head() -> list[str]:
    return [
        _("Service"), _("Organisation"), _("Where"), _("Summary"), _("How to get the service"),
        _("How you get in"), _("Contacts"), _("Last checked"), _("Address of the page"),
    ]  # fmt: skip


def csv_rows(services: Iterable[Service], network: Network) -> Iterator[list[str]]:
    whole = network.local("region_name_whole").text
    for service in services:
        own = service.own_contacts(list(service.places.all()))
        contacts = [contact for contact in own if not contact.members_only]
        facts = [str(fact.label) for fact in service.access_facts if fact.value is not None]
        checked = f"{timezone.localdate(service.confirmed_at):%Y-%m-%d}" if service.confirmed_at else ""
        yield [
            as_text(cell)
            for cell in (
                service.text.name,
                str(service.organisation),
                service.place_label or whole,
                service.text.summary,
                service.text.how_to_get,
                ", ".join(facts),
                ", ".join(contact.display for contact in contacts),
                checked,
                settings.SITE_URL + service.get_absolute_url(),
            )
        ]


def csv_lines(rows: Iterable[list[str]], head: list[str] | None = None) -> Iterator[str]:
    """The table as text, head first, with the mark that tells a spreadsheet it is UTF-8."""
    yield "\ufeff"
    writer = csv.writer(_Lines(), delimiter=";")
    yield writer.writerow(head or csv_head())
    for row in rows:
        yield writer.writerow(row)


class _Lines:
    """A file that hands every line back to the one who writes it."""

    def write(self, line: str) -> str:
        return line


def as_text(cell: str) -> str:
    """A spreadsheet runs a cell that starts like a formula; an apostrophe makes it text."""
    return "'" + cell if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n") else cell
