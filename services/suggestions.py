"""What the search box offers while somebody types: services, kinds of help, places and organisations. Never people."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.models import Network
from network.models.confirmable import hidden_before

from .filters import Choices, load_offered

LEAST, LONGEST = 2, 60  # letters
MOST = {"type": 3, "place": 3, "service": 5, "organisation": 3}
LOOKED_AT = 20  # names, of which the same thing may have several

# As `search_normal` of the database says it.
_PLAIN = str.maketrans(
    "ÅÄÁÀÂÃåäáàâãÖØÓÒÔÕöøóòôõÉÈÊËéèêëÜÚÙÛüúùûÍÌÎÏíìîïŠšŽž", "AAAAAAaaaaaaOOOOOOooooooEEEEeeeeUUUUuuuuIIIIiiiiSsZz"
)
_BETWEEN = re.compile(r"[!-/:-@\[-`{-~\s–—“”’]+")


class Suggestion(NamedTuple):
    label: str
    url: str
    detail: str = ""


@dataclass
class Suggestions:
    label: str
    options: list[Suggestion]


def normal(text: str) -> str:
    return _BETWEEN.sub(" ", text.translate(_PLAIN).lower()).strip()


def suggestions(words: str) -> list[Suggestions]:
    """Grouped, empty groups left out; nothing for less than two letters. One query beside what is remembered."""
    start = normal(words)[:LONGEST]
    if len(start) < LEAST:
        return []
    choices, found = load_offered().choices, _named(start)
    groups = [
        Suggestions(_("Kinds of help"), _terms("type", choices["type"], start)),
        Suggestions(_("Places"), _terms("municipality", choices["municipality"], start)),
        Suggestions(_("Services"), _first(found, "service")),
        Suggestions(_("Organisations"), _first(found, "organisation")),
    ]
    return [group for group in groups if group.options]


def _terms(name: str, choices: Choices, start: str) -> list[Suggestion]:
    most = MOST["place" if name == "municipality" else name]
    address = reverse("services:list")
    known = [
        Suggestion(str(label), f"{address}?{urlencode({name: code})}")
        for code, label in choices
        if code and any(normal(str(label))[at:].startswith(start) for at in _starts(normal(str(label))))
    ]
    return known[:most]


def _starts(text: str) -> list[int]:
    """Where its words begin."""
    return [0, *(match.end() for match in re.finditer(" ", text))]


STATEMENT = """
(SELECT 'service', s.slug, coalesce(nullif(t.name, ''), s.name),
    CASE WHEN %(language)s = 'sv' THEN coalesce(nullif(o.name_sv, ''), o.name)
         WHEN %(language)s = 'en' THEN coalesce(nullif(o.name_en, ''), o.name) ELSE o.name END, f.starts
FROM services_searchstart f JOIN services_service s ON s.id = f.service_id
JOIN network_organisation o ON o.id = s.organisation_id
LEFT JOIN services_servicetext t ON t.service_id = s.id AND t.language = %(language)s
WHERE f.service_id IS NOT NULL AND f.starts LIKE %(start)s
    AND s.published_at IS NOT NULL AND s.archived_at IS NULL
    AND (s.confirmed_at IS NULL OR s.confirmed_at >= %(hidden)s OR s.kept_in_search)
ORDER BY f.starts LIMIT %(most)s)
UNION ALL
(SELECT 'organisation', o.slug, CASE WHEN %(language)s = 'sv' THEN coalesce(nullif(o.name_sv, ''), o.name)
         WHEN %(language)s = 'en' THEN coalesce(nullif(o.name_en, ''), o.name) ELSE o.name END, '', f.starts
FROM services_searchstart f JOIN network_organisation o ON o.id = f.organisation_id
WHERE f.organisation_id IS NOT NULL AND f.starts LIKE %(start)s AND o.merged_into_id IS NULL
    AND (o.active_from IS NULL OR o.active_from <= %(day)s) AND (o.active_until IS NULL OR o.active_until >= %(day)s)
ORDER BY f.starts LIMIT %(most)s)"""


def _named(start: str) -> dict[str, list[Suggestion]]:
    """Published services and working organisations of which a name has a word that begins so."""
    now = timezone.now()
    safe = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    parameters: dict[str, Any] = {
        "start": f"{safe}%",
        "language": (get_language() or "fi")[:2],
        "hidden": hidden_before(Network.current(), now),
        "day": timezone.localdate(now),
        "most": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        rows = cursor.fetchall()
    found: dict[str, list[Suggestion]] = {"service": [], "organisation": []}
    # Names that begin so come before names that have it further on.
    for kind, slug, name, detail, _starts in sorted(
        rows, key=lambda row: (not normal(row[2]).startswith(start), row[4])
    ):
        address = reverse("services:detail" if kind == "service" else "organisation_detail", args=[slug])
        found[kind].append(Suggestion(name, address, detail))
    return found


def _first(found: dict[str, list[Suggestion]], kind: str) -> list[Suggestion]:
    return list({one.url: one for one in found[kind]}.values())[: MOST[kind]]
