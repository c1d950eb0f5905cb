"""What a page tells of an answer: the words that matched, marked where they stand."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from network.finnish_text import words_of

from .asked import Understood

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@lru_cache(maxsize=500)
def looked_for(asked: Understood) -> frozenset[str]:
    """Base forms that mark a word of a text as the reason why it was found."""
    found = {word for group in asked.groups for word in group.exact}
    found |= {word for group in asked.groups for phrase in group.phrases for word in phrase if len(phrase) == 1}
    return frozenset(found | {word for group in asked.groups for parts in group.parts for word in parts})


def marked(text: str, asked: Understood | None) -> SafeString:
    """The text as HTML, with its words that answer the question in <mark>."""
    return mark_words(text, looked_for(asked) if asked else frozenset())


def mark_words(text: str, words: frozenset[str]) -> SafeString:
    """The text as HTML, with its words that have one of these base forms in <mark>."""
    pieces, last = [], 0
    for start, end in places_of(text, words):
        pieces += [conditional_escape(text[last:start]), format_html("<mark>{}</mark>", text[start:end])]
        last = end
    return mark_safe("".join([*pieces, conditional_escape(text[last:])]))


def places_of(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where words that have one of these base forms stand in the text, one after the other."""
    for match in WORD.finditer(text) if words else ():
        if any(set(word.all) & words for word in words_of(match.group())):
            yield match.span()
