"""What a page tells of an answer: the words that matched, marked where they stand."""

import re
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
    words = looked_for(asked) if asked else frozenset()
    if not words:
        return conditional_escape(text)
    pieces, last = [], 0
    for match in WORD.finditer(text):
        if any(set(word.all) & words for word in words_of(match.group())):
            pieces += [conditional_escape(text[last : match.start()]), format_html("<mark>{}</mark>", match.group())]
            last = match.end()
    return mark_safe("".join([*pieces, conditional_escape(text[last:])]))
