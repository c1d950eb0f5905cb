"""Finding services by words, step by step: all the words, words that are nearly so, any of the words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection

from network.finnish_text import word_of

from . import indexing, knowledge, ranking
from .asked import Understood
from .understanding import understood

if TYPE_CHECKING:
    from ..models.query import ServiceQuerySet

    Way = Callable[["ServiceQuerySet"], "ServiceQuerySet"]

MOST_RANKED = 1000
MOST_MENDED, LONGEST_MENDED = 8, 40  # words of a question, and letters of one, that may have been typed wrong
FEW = 10  # fewer than these are followed by what nearly answers


@dataclass(frozen=True)
class Answer:
    """`services` are annotated with `rank` and `whole`; `step` is “all”, “any”, “typo” or “none”.

    `again` finds among other services what the same step finds of the same words.
    """

    services: "ServiceQuerySet"
    step: str
    again: "Way"
    did_you_mean: str = ""
    asked: Understood = field(default_factory=lambda: Understood(""))


def answer(queryset: "ServiceQuerySet", words: str) -> Answer:
    """The services of the queryset that answer the words, by the first step that finds any."""
    indexing.refresh()
    asked = understood(words)
    if not asked:
        return Answer(nothing(queryset), "none", nothing, asked=asked)
    if not asked.groups:
        way = partial(by_facts, asked)
        return Answer(way(queryset), "all", way, asked=asked)
    known = ranking.counts(asked)
    if found := all_words(queryset, asked, known):
        return Answer(found(queryset), "all", found, asked=asked)
    corrected, meant = correct(asked)
    if meant:
        of_corrected = ranking.counts(corrected)
        found = all_words(queryset, corrected, of_corrected) or any_words(queryset, corrected, of_corrected)
        if found:
            return Answer(found(queryset), "typo", found, meant, corrected)
    if found := any_words(queryset, asked, known):
        return Answer(found(queryset), "any", found, meant, asked)
    return Answer(nothing(queryset), "none", nothing, meant, asked)


def nothing(queryset: "ServiceQuerySet") -> "ServiceQuerySet":
    return queryset.none_ranked()


def narrowed(asked: Understood, queryset: "ServiceQuerySet") -> "ServiceQuerySet":
    """A place and a language are never looked for in texts."""
    if asked.place:
        queryset = queryset.in_municipality(asked.place)
    if asked.languages:
        queryset = queryset.described_by("languages", *asked.languages)
    return queryset


def by_facts(asked: Understood, queryset: "ServiceQuerySet") -> "ServiceQuerySet":
    return narrowed(asked, queryset).annotate_rank(asked, [])


def all_words(queryset: "ServiceQuerySet", asked: Understood, known: Mapping[str, int]) -> "Way | None":
    """Those that answer all of it; when they are few, after them what answers much of it or nearly. None if none does."""
    values = [ranking.worth(group, known) for group in asked.groups]
    found = len(whole(asked, values, queryset).order_by().values_list("pk")[:FEW])
    if not found:
        return None
    return partial(whole, asked, values) if found == FEW else partial(some, asked, values, True)


def any_words(queryset: "ServiceQuerySet", asked: Understood, known: Mapping[str, int]) -> "Way | None":
    """Those that answer enough of what is asked for: letters that happen to be the same are not enough."""
    alone = len(asked.required) < 2
    if alone and not any(group.meant and group.facts for group in asked.required):
        return None
    # A single thing of which it is known what it means is answered by what is near to it.
    way = partial(some, asked, [ranking.worth(group, known) for group in asked.groups], alone)
    return way if way(queryset).exists() else None


def whole(asked: Understood, values: list[float], queryset: "ServiceQuerySet") -> "ServiceQuerySet":
    found = narrowed(asked, queryset).filter(words__vector=ranking.Lexemes(ranking.all_query(asked)))
    return found.annotate_rank(asked, values)


def some(asked: Understood, values: list[float], wider: bool, queryset: "ServiceQuerySet") -> "ServiceQuerySet":
    found = narrowed(asked, queryset).filter(words__vector=ranking.Lexemes(ranking.any_query(asked, wider=wider)))
    found = found.annotate_rank(asked, values)
    share, enough = ranking.Share(asked, values, wider=wider), ranking.enough(asked, values)
    return found.annotate(share=share).filter(share__gte=enough - 0.001)


def most_promising(queryset: "ServiceQuerySet", answer: Answer) -> "ServiceQuerySet":
    """The same queryset when it has at most `MOST_RANKED` services; else those that have the words in their names,
    types and summaries, filled up with others. The score is reckoned for these only."""
    plain = queryset.order_by().values_list("pk", flat=True)
    some = list(plain[: MOST_RANKED + 1])
    if len(some) <= MOST_RANKED or not answer.asked.groups:
        return queryset
    strong = ranking.all_query(answer.asked, weights="AB")
    best = list(plain.filter(words__vector=ranking.Lexemes(strong))[:MOST_RANKED])
    chosen = list(dict.fromkeys([*best, *some]))[:MOST_RANKED]
    return queryset.filter(pk__in=chosen)


def correct(asked: Understood) -> tuple[Understood, str]:
    """The question with words that nothing knows replaced by the nearest that the index has, and how it then reads."""
    doubtful = [
        group.said
        for group in asked.groups
        if not group.sure and not group.meant and 3 < len(group.said) <= LONGEST_MENDED
    ]
    words = asked.words
    for said, nearest in nearest_words(doubtful[:MOST_MENDED]).items():
        words = words.replace(said, nearest)
    return (understood(words), words) if words != asked.words else (asked, "")


def nearest_words(doubtful: list[str]) -> dict[str, str]:
    """For each of these the word of the index or of a synonym that differs least, by one letter or in long words two.

    Asked in one query, however many they are; those that nothing is near to are left out.
    """
    if not doubtful:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT said, word FROM unnest(%s::text[]) AS asked (said), LATERAL"
            " (SELECT word FROM services_indexedword WHERE word %% said AND word !~ '[=~*]' AND services > 0"
            " ORDER BY similarity(word, said) DESC LIMIT 30) AS alike",
            [list(dict.fromkeys(doubtful))],
        )
        alike: dict[str, list[str]] = defaultdict(list)
        for said, word in cursor.fetchall():
            alike[said].append(word)
    entries = knowledge.current().entries
    return {said: found for said in doubtful if (found := nearest(said, [*alike[said], *entries]))}


def nearest(said: str, words: Iterable[str]) -> str:
    most = 1 if len(said) < 8 else 2
    ranked = sorted(
        (far, word)
        for word in dict.fromkeys(words)
        if word[:1] == said[:1] and (far := knowledge.distance(said, word, most)) <= most
    )
    return next((word for _far, word in ranked if word_of(word).base), "")


__all__ = ["Answer", "answer"]
