"""How well the search answers a judged collection: a catalogue, questions, and which services answer each how well.

A folder holds `catalogue.json` (the exchange format) and `queries.json`: a list of `{"id", "query", "relevant": {slug: 1 or
2}}`, with `phenomenon` or `note` telling what is hard in it; nothing relevant means that the answer should be empty.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.http import QueryDict

from network.models import Network

from ..models import Service

DEPTH = 10

Judged = dict[str, Any]
Run = dict[str, list[str]]


@dataclass(frozen=True)
class Figures:
    """Means over the questions that have an answer, and the share of the others that were answered empty."""

    questions: int
    ndcg: float
    recall: float
    empty: int
    should_be_empty: int


def read(folder: Path) -> list[Judged]:
    judged: list[Judged] = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    return judged


def ask_all(judged: Iterable[Judged]) -> Run:
    """The first services for each question, by the code of the page."""
    from ..catalogue import catalogue

    network = Network.current()
    found: Run = {}
    for each in judged:
        data = QueryDict(mutable=True)
        data["q"] = each["query"]
        found[each["id"]] = list(catalogue(data, network).ordered.values_list("slug", flat=True)[:DEPTH])
    return found


def ask_stock(judged: Iterable[Judged]) -> Run:
    """The same with PostgreSQL's own Finnish configuration, to compare with."""
    vector = (
        SearchVector("name", weight="A", config="finnish")
        + SearchVector("keywords", "summary", weight="B", config="finnish")
        + SearchVector("how_to_get", "description", weight="C", config="finnish")
    )
    found: Run = {}
    for each in judged:
        query = SearchQuery(each["query"], config="finnish", search_type="websearch")
        services = (
            Service.objects.published().annotate(stock=vector, rank=SearchRank(vector, query)).filter(stock=query)
        )
        found[each["id"]] = list(services.order_by("-rank", "pk").values_list("slug", flat=True)[:DEPTH])
    return found


def ndcg(found: list[str], relevant: dict[str, int]) -> float:
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    return _gained([relevant.get(slug, 0) for slug in found[:DEPTH]]) / _gained(best)


def _gained(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def recall(found: list[str], relevant: dict[str, int]) -> float:
    return sum(slug in relevant for slug in found[:DEPTH]) / min(DEPTH, len(relevant))


def figures(judged: Iterable[Judged], run: Run) -> Figures:
    judged = list(judged)
    answerable = [each for each in judged if each["relevant"]]
    others = [each for each in judged if not each["relevant"]]
    return Figures(
        len(answerable),
        _mean(answerable, lambda each: ndcg(run[each["id"]], each["relevant"])),
        _mean(answerable, lambda each: recall(run[each["id"]], each["relevant"])),
        sum(not run[each["id"]] for each in others),
        len(others),
    )


def _mean(judged: list[Judged], score: Callable[[Judged], float]) -> float:
    return mean(map(score, judged)) if judged else 0.0


def phenomena(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """The questions by what is hard in them."""
    by: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        by[each.get("phenomenon") or each.get("note", "").split(";")[0] or "other"].append(each)
    return by
