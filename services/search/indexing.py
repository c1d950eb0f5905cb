"""Writing the words of services into the index.

Triggers leave a row in `StaleService` in the transaction of any change. `refresh()` makes those services' words anew;
every search calls it before it answers, the worker every minute, and `manage.py reindex` goes through all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models, transaction
from django.utils import translation

from network.finnish_text import STOP_WORDS, tokens, words_apart
from network.models import Organisation

from ..facts import ACCESS_FACTS, LOW_THRESHOLD
from ..models import IndexedWord, Service, ServiceText, ServiceType, ServiceWords
from ..models.terms import Term

AT_ONCE = 200  # stale services that a search brings up to date before it answers; more are the worker's
BATCH = 500
MOST_PLACES = 20  # of one word in one service
LAST_POSITION = 16_383  # PostgreSQL counts no further in a text
OF_THIS_FIELD = "field=addiction"  # a service that says which addictions it is about
FOR_SOME = "field=some"  # one that is for some people only
KINDS_OF = {"opioids": "drugs"}  # who tells of them all tells of one thing
FOR_CLOSE = "field=close"  # one that is for those close to somebody only
SOME = frozenset({"older-people", "women", "men", "students", "youth", "professionals", "people-in-debt"})
EVERYTHING = "*"  # the row of IndexedWord that tells how many services there are

# Relation → the filter's name in an address, which names its facts too.
FACTS = {
    "further_types": "type",
    "audiences": "audience",
    "addictions": "addiction",
    "stages": "stage",
    "settings": "setting",
    "aims": "aim",
    "components": "content",
    "channels": "channel",
    "languages": "language",
}
QUOTED = re.compile(r"(['\\])")


Places = list[tuple[str, ...]]  # for each place in a text the words that stand there


def places_of(text: str, language: str = "fi") -> Places:
    """The words of a text as they are indexed; nothing where a stop word stands."""
    return [place for token in tokens(text) for place in _places_of_token(token, language)]


@lru_cache(maxsize=60_000)
def _places_of_token(token: str, language: str) -> Places:
    return [
        tuple(
            dict.fromkeys(
                each[:80] for word in words if len(words) > 1 or word.form not in STOP_WORDS for each in word.all
            )
        )
        for words in words_apart(token, language)
    ]


# Names of types, of organisations and of facts stand in many services.
names_places = lru_cache(maxsize=4000)(places_of)


class Vector:
    """A tsvector being written: words with their places and the weight of what they stand in."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}
        self.next = 1

    def text(self, text: str, weight: str, language: str = "fi") -> None:
        self.words(places_of(text, language), weight)

    def name(self, text: str, weight: str, language: str = "fi") -> None:
        self.words(names_places(text, language), weight)

    def words(self, places: Places, weight: str) -> None:
        known = self.places
        for at, words in enumerate(places, self.next):
            place = f"{min(at, LAST_POSITION)}{weight}"
            for word in words:
                if (seen := known.get(word)) is None:
                    known[word] = [place]
                elif len(seen) < MOST_PLACES:
                    seen.append(place)
        self.next += len(places) + 5  # no phrase goes from one text into the next

    def fact(self, name: str, weight: str) -> None:
        seen = self.places.setdefault(name, [])
        if len(seen) < MOST_PLACES:
            seen.append(f"{min(self.next, LAST_POSITION)}{weight}")
        self.next += 1

    def __str__(self) -> str:
        return " ".join(f"{lexeme(word)}:{','.join(places)}" for word, places in self.places.items())


@lru_cache(maxsize=60_000)
def lexeme(word: str) -> str:
    """Quoted for a tsvector or a tsquery."""
    return "'" + QUOTED.sub(r"\1\1", word) + "'"


def refresh(limit: int = AT_ONCE) -> int:
    """Make the words of stale services anew; how many there were. Nothing is done when there are more than `limit`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT service_id FROM services_staleservice LIMIT %s", [limit * 20 + 1])
        waiting = cursor.fetchall()
    if not waiting or len({pk for (pk,) in waiting}) > limit or len(waiting) > limit * 20:
        return 0
    return take_up(limit * 20)


def take_up(rows: int = BATCH) -> int:
    """Index the services of so many stale rows; how many rows there were. Two at once take different ones."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM services_staleservice WHERE id IN (SELECT id FROM services_staleservice ORDER BY id LIMIT %s"
            " FOR UPDATE SKIP LOCKED) RETURNING service_id",
            [rows],
        )
        taken = [pk for (pk,) in cursor.fetchall()]
        if taken:
            index(sorted(set(taken)))
        return len(taken)


def index(pks: Sequence[int]) -> None:
    """Write the words of these services, whatever they were before."""
    names = Names()
    for start in range(0, len(pks), BATCH):
        write(list(vectors(pks[start : start + BATCH], names)))


def write(rows: list[tuple[int, Vector]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services_servicewords (service_id, vector)"
            " SELECT id, vector::tsvector FROM unnest(%s::bigint[], %s::text[]) AS made (id, vector)"
            " WHERE EXISTS (SELECT FROM services_service s WHERE s.id = made.id)"
            " ON CONFLICT (service_id) DO UPDATE SET vector = excluded.vector"
            " WHERE services_servicewords.vector <> excluded.vector",
            [[pk for pk, _vector in rows], [str(vector) for _pk, vector in rows]],
        )
        if len(rows) <= AT_ONCE:  # in bulk all are counted at the end
            cursor.execute(
                "INSERT INTO services_indexedword (word, services) SELECT DISTINCT word, 1 FROM unnest(%s::text[]) AS w (word)"
                " ON CONFLICT (word) DO NOTHING",
                [sorted({word for _pk, vector in rows for word in vector.places})],
            )


def count_words() -> None:
    """Count anew in how many services each word stands."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('count_words'))")
        cursor.execute("DELETE FROM services_indexedword")
        cursor.execute(
            "INSERT INTO services_indexedword (word, services)"
            " SELECT left(word, 80), ndoc FROM ts_stat('SELECT vector FROM services_servicewords') ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO services_indexedword (word, services) SELECT %s, count(*) FROM services_servicewords"
            " ON CONFLICT (word) DO UPDATE SET services = excluded.services",
            [EVERYTHING],
        )


def count_when_grown() -> None:
    """Count anew when there are many more or fewer services than at the last time."""
    now = ServiceWords.objects.count()
    then = IndexedWord.objects.filter(word=EVERYTHING).values_list("services", flat=True).first() or 0
    if abs(now - then) > then * 0.05:
        count_words()


class Names:
    """Names of types, facts and organisations, asked once for many services."""

    def __init__(self) -> None:
        self.terms: dict[str, dict[int, Term]] = {}
        for relation in FACTS:
            model = cast(type[Term], Service._meta.get_field(relation).related_model)
            self.terms[relation] = {term.pk: term for term in model._default_manager.all()}
        self.types = cast(dict[int, ServiceType], self.terms["further_types"])
        self.organisations: dict[int, tuple[str, ...]] = {}
        self.access: dict[str, list[tuple[str, str]]] = {}
        for fact in ACCESS_FACTS:
            self.access[fact.field] = []
            for language in ("fi", "sv", "en"):
                with translation.override(language):
                    self.access[fact.field].append((language, str(fact.yes)))

    def of_organisations(self, pks: Iterable[int]) -> None:
        missing = set(pks) - set(self.organisations)
        for pk, *names in Organisation.objects.filter(pk__in=missing).values_list("pk", "name", "name_sv", "name_en"):
            self.organisations[pk] = tuple(name for name in names if name)


COLUMNS = (
    "pk", "name", "summary", "description", "how_to_get", "keywords", "first_visit", "who_cannot_come", "organisation_id",
    "main_type_id", *(fact.field for fact in ACCESS_FACTS),
)  # fmt: skip


def vectors(pks: Sequence[int], names: Names) -> Iterator[tuple[int, Vector]]:
    """The words of each of these services, in a number of queries that does not grow with them."""
    services = list(Service.objects.filter(pk__in=pks).order_by("pk").values(*COLUMNS))
    related = {relation: _related(relation, pks) for relation in (*FACTS, "producers")}
    texts = defaultdict(list)
    for text in ServiceText.objects.filter(service__in=pks).values_list(
        "service_id", "language", "name", "summary", "description", "how_to_get"
    ):
        texts[text[0]].append(text[1:])
    producers = {pk for rows in related["producers"].values() for pk in rows}
    names.of_organisations(producers | {service["organisation_id"] for service in services} - {None})
    for service in services:
        of_this = {relation: rows.get(service["pk"], []) for relation, rows in related.items()}
        yield service["pk"], vector_of(service, of_this, texts[service["pk"]], names)


def _related(relation: str, pks: Sequence[int]) -> dict[int, list[int]]:
    field = cast("models.ManyToManyField[Any, Any]", Service._meta.get_field(relation))
    through = cast(type[models.Model], field.remote_field.through)
    other = f"{field.m2m_reverse_field_name()}_id"
    rows: dict[int, list[int]] = defaultdict(list)
    for service, term in through._default_manager.filter(service__in=pks).values_list("service_id", other):
        rows[service].append(term)
    return rows


def vector_of(
    service: dict[str, Any], related: dict[str, list[int]], texts: Sequence[tuple[str, ...]], names: Names
) -> Vector:
    """A: name, main type. B: summary, keywords, further types, facts that tell it apart. C: body. D: the rest."""
    vector = Vector()
    vector.text(service["name"], "A")
    if main := names.types.get(service["main_type_id"]):
        _term(vector, "type", main, "A")
    vector.text(service["summary"], "B")
    vector.text(service["keywords"].replace(",", " . "), "B")
    for relation, fact in FACTS.items():
        told = [names.terms[relation][pk] for pk in related[relation] if pk in names.terms[relation]]
        for term in told:
            _term(vector, fact, term, fact_weight(fact, len({KINDS_OF.get(each.code, each.code) for each in told})))
    if related["addictions"]:
        vector.fact(OF_THIS_FIELD, "A")
    audiences = {names.terms["audiences"][pk].code for pk in related["audiences"] if pk in names.terms["audiences"]}
    if audiences & SOME and "adults" not in audiences:
        vector.fact(FOR_SOME, "A")
    if "close-ones" in audiences and not audiences & {"adults", "youth", "professionals"}:
        vector.fact(FOR_CLOSE, "A")
    for field, sayings in names.access.items():
        if service[field]:
            for language, saying in sayings:
                vector.name(saying, "C", language)
    for code, field in [(fact.code, fact.field) for fact in ACCESS_FACTS]:
        if service[field]:
            vector.fact(f"access={code}", "B")
    if all(service[field] for field in (code.replace("-", "_") for code in LOW_THRESHOLD)):
        vector.fact("access=low-threshold", "A")
    for text in (service["how_to_get"], service["description"], service["first_visit"]):
        vector.text(text, "C")
    for pk in dict.fromkeys([service["organisation_id"], *related["producers"]]):
        for name in names.organisations.get(pk, ()) if pk else ():
            vector.name(name, "D")
    for language, name, *rest in texts:
        spoken = "fi" if language == "plain" else language
        vector.text(name, "B", spoken)
        for text in rest:
            vector.text(text, "C", spoken)
    return vector


def fact_weight(fact: str, told: int) -> str:
    """What a service is for alone says more of it than one of many."""
    if fact in ("type", "channel"):
        return "B"
    return "A" if told == 1 else "B" if told == 2 else "C"


def _term(vector: Vector, fact: str, term: Term, weight: str) -> None:
    vector.fact(f"{fact}={term.code}", weight)
    lower = "B" if weight == "A" else "D"
    if fact in ("type", "audience", "addiction", "setting"):
        vector.name(term.name, lower)
        vector.name(term.name_sv, "D", "sv")
        vector.name(term.name_en, "D", "en")
