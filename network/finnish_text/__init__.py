"""Finnish text as the search reads it. One module for both sides: what is indexed and what is asked."""

import re

WORD = re.compile(r"\w+")


def analyse(text: str) -> list[str]:
    """The words of a text as the index keeps them: base forms and the parts of compounds."""
    return [word.lower() for word in WORD.findall(text)]


def query_terms(words: str) -> list[str]:
    """The words of a question that count."""
    return analyse(words)
