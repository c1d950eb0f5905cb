"""What somebody who writes these words into the search box asks for."""

from dataclasses import dataclass, field

from network.finnish_text import query_terms


@dataclass(frozen=True)
class Understood:
    """`terms` has for each word that counts the words that answer it; a place and languages are facts, not words."""

    words: str
    terms: list[list[str]] = field(default_factory=list)
    place: str = ""  # a municipality's code
    languages: list[str] = field(default_factory=list)  # codes
    urgent: bool = False
    for_close_ones: bool = False
    shown_also: list[str] = field(default_factory=list)  # what was looked for beside the words themselves


def understood(words: str) -> Understood:
    return Understood(words, terms=[[term] for term in query_terms(words)])
