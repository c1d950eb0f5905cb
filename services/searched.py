"""What people searched for, as the coordinator reads it: only words that were asked on enough different days."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from network.models import Municipality

from .models import Addiction, Audience, SearchCount, ServiceType
from .models.search import SearchCountQuerySet
from .models.terms import Term
from .search import knowledge, understood
from .search.understanding import CLOSE_ONES, Understood

FEW = 3  # services that are hardly an answer
MOST = 50  # words on the page
MOST_NEEDS = 25
MOST_EXAMPLES = 3  # words under a need
MOST_OF_ONE = 2  # needs that one search counts for
KINDS: dict[str, type[Term]] = {"type": ServiceType, "audience": Audience, "addiction": Addiction}
CLOSE = "audience=close-ones"


def overview() -> dict[str, Any]:
    """The page: searches that found nothing, weak ones, the most asked ones, and which needs were not met where."""
    asked: Any = SearchCount.objects.by_words()
    weak = Q(weak__gt=0) | Q(most__lte=FEW, most__gt=0)
    return {
        "empty": _rows(asked.filter(most=0)),
        "weak": _rows(asked.filter(weak, most__gt=0)),
        "asked": _rows(asked),
        "needs": needs(),
        "days": SearchCountQuerySet.DAYS,
    }


def _rows(words: QuerySet[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"synonym_url": synonym_url(row["words"])} for row in words.order_by("-times", "words")[:MOST]]


def synonym_url(words: str) -> str:
    """The form for a new group of synonyms with the words in it."""
    try:
        return f"{reverse('admin:services_synonym_add')}?{urlencode({'terms': words})}"
    except NoReverseMatch:
        return ""


def needs() -> dict[str, Any]:
    """A table of what people needed and did not find, and where: a place chosen, or named in the words.

    A need is a kind of help, or else for whom it is, or what it is about; words that none of these is known of are one
    row at the end. `places` head the columns, the whole region first; `rows` have a number or nothing for each.
    """
    missed = SearchCount.objects.shown().filter(found=0)
    names, known = dict(_names()), knowledge.current()
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for words, chosen, times in missed.values_list("words", "municipality").annotate(Sum("count")):
        meant = understood(words, known)
        for need in needs_of(meant, names) or [""]:
            counted[need][chosen or meant.place or ""] += times
            said[need][words] += times
    most = sorted(counted.items(), key=lambda one: (one[0] == "", -sum(one[1].values()), names.get(one[0], "")))
    most = most[:MOST_NEEDS]
    asked = {place for _need, places in most for place in places}
    places = [place for place in Municipality.objects.all() if place.code in asked]
    codes = ["", *(place.code for place in places)]
    return {
        "places": places,
        "rows": [
            {
                "need": names.get(need, _("Something else")),
                "words": sorted(said[need], key=lambda words: (-said[need][words], words))[:MOST_EXAMPLES],
                "cells": [cells.get(code, 0) for code in codes],
            }
            for need, cells in most
        ],
    }


def needs_of(meant: Understood, names: dict[str, str]) -> list[str]:
    """The facts that the words ask for, of the first kind that any of them has. Help for close ones is one need."""
    facts = [CLOSE if fact in CLOSE_ONES else fact for group in meant.required for fact in group.facts]
    for kind in KINDS:
        if found := [fact for fact in dict.fromkeys(facts) if fact.startswith(f"{kind}=") and fact in names]:
            return found[:MOST_OF_ONE]
    return []


def _names() -> Iterator[tuple[str, str]]:
    for kind, model in KINDS.items():
        for term in model._default_manager.all():
            yield f"{kind}={term.code}", term.local_name
