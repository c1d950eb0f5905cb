"""Finnish text as the search reads it. One package for both sides: what is indexed and what is asked.

`analyse(text)` gives the words of a text as an index keeps them. `query_terms(words)` gives those of a question that
count. The dictionaries behind it are files made at set-up (`manage.py build_words`).
"""

from .dictionary import WordsMissing
from .words import Word, word_of, words_apart, words_of

STOP_WORDS = frozenset(
    ["ja", "tai", "sekä", "että", "jos", "kun", "kuin", "vaan", "vain", "niin", "myös", "on", "ole", "olla", "oli", "ovat", "olen", "olet", "olisi", "ei", "en", "et", "eivät", "mikä", "mitä", "mistä", "missä", "mihin", "minne", "kuka", "kenelle", "kenen", "miten", "milloin", "joka", "jota", "jossa", "se", "sitä", "sen", "tämä", "tätä", "tässä", "minä", "minun", "minua", "mun", "mulla", "minulla", "minulle", "sinä", "hän", "hänen", "hänelle", "me", "meidän", "meillä", "te", "he", "oma", "omaan", "omasta", "täällä", "tänne", "täältä", "siellä", "jo", "nyt", "vielä", "voi", "voin", "voiko", "voinko", "saa", "saan", "saako", "saada", "saisi", "haluta", "tarvita", "tarvitsen", "pitää", "pitäisi", "täytyä", "mennä", "tulla", "päästä", "lähellä", "kanssa", "varten", "aina", "kaikki", "joku", "jokin", "jotain", "jonkun", "liikaa", "paljon", "todella", "kovasti", "i", "och", "att", "för", "av", "på", "är", "en", "ett", "the", "a", "an", "of", "for", "to", "in", "and", "is", "my", "me", "i'm", "do", "how", "where", "what", "can", "with", "jag", "min", "mitt", "har", "om", "till", "the", "ku", "ihan"]
)


def analyse(text: str, language: str = "fi") -> list[str]:
    """The words of a text as an index keeps them: base forms, the parts of compounds and words behind derived ones."""
    return [each for word in words_of(text, language) for each in word.all]


def query_terms(words: str) -> list[str]:
    """Base forms of the words of a question that count, in order."""
    found = words_of(words[:500])
    return [word.base for word in found if word.form not in STOP_WORDS and word.base not in STOP_WORDS]


__all__ = ["STOP_WORDS", "Word", "WordsMissing", "analyse", "query_terms", "word_of", "words_apart", "words_of"]
