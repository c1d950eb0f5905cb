"""What people searched for, as the coordinator reads it: only words that were asked on enough different days."""

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from network.models import Municipality

from .models import SearchCount
from .models.search import SearchCountQuerySet
from .search import understood

FEW = 3  # services that are hardly an answer
MOST = 50  # words on the page
MOST_NEEDS = 25


def overview() -> dict[str, Any]:
    """The page: searches that found nothing, weak ones, the most asked ones, and where what was not found."""
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
    """A table of the words that found nothing and where they were asked: a place chosen, or named in the words.

    `places` head its columns, the whole region first; `rows` have a number or nothing for each.
    """
    missed = SearchCount.objects.shown().filter(found=0)
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for words, chosen, times in missed.values_list("words", "municipality").annotate(Sum("count")):
        counted[words][chosen or understood(words).place or ""] += times
    most = sorted(counted.items(), key=lambda one: (-sum(one[1].values()), one[0]))[:MOST_NEEDS]
    asked = {place for _words, places in most for place in places}
    places = [place for place in Municipality.objects.all() if place.code in asked]
    codes = ["", *(place.code for place in places)]
    return {
        "places": places,
        "rows": [{"words": words, "cells": [cells.get(code, 0) for code in codes]} for words, cells in most],
    }
