"""Finding services by words, step by step: all the words, any of them, words that are nearly so."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models.query import ServiceQuerySet


@dataclass(frozen=True)
class Answer:
    """`services` are annotated with `rank`; `step` is “all”, “any”, “typo” or “none”."""

    services: "ServiceQuerySet"
    step: str
    did_you_mean: str = ""


def answer(queryset: "ServiceQuerySet", words: str) -> Answer:
    found = queryset.matching(words)
    return Answer(found, "all" if found.exists() else "none")
