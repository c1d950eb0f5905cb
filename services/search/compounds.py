"""What a compound means that no list has as a whole."""

from dataclasses import replace

from network.finnish_text.words import Word, word_of

from . import lexicon
from .knowledge import Knowledge, Meaning


def of_compound(word: Word, known: Knowledge) -> Meaning | None:
    """By its last part, by what stands before a part that says little, by others of its kind, or by what it ends in."""
    for way in (_of_head, _of_modifier, _of_kin, _of_end):
        if meaning := way(word, known):
            return meaning
    return None


def _of_head(word: Word, known: Knowledge) -> Meaning | None:
    """What the last part of a compound means that means nothing as a whole: *nettipeliriippuvuus* is *peliriippuvuus*."""
    for part in sorted(set(word.parts), key=len, reverse=True):
        if word.base.endswith(part) and part not in lexicon.WEAK | lexicon.GENERIC | lexicon.DOUBTFUL:
            for _start, _end, meaning in known.found_in([word_of(part)]):
                if meaning.facts:
                    return _with_modifier(word, known, meaning)
    return None


def _with_modifier(word: Word, known: Knowledge, meaning: Meaning) -> Meaning:
    """What stands before the last part tells of what it is about: *kamavieroitus*."""
    about = [
        fact
        for part in word.parts[:-1]
        for _start, _end, found in known.found_in([word_of(part)])
        for fact in found.facts
        if fact.startswith("addiction=")
    ]
    return replace(meaning, facts=meaning.facts | {f"~{fact}": None for fact in about}) if about else meaning


def _of_modifier(word: Word, known: Knowledge) -> Meaning | None:
    """What comes before a last part that says little means: *turvakotipaikka* is *turvakoti*."""
    for cut in range(len(word.form) - 3, 4, -1):
        first, last = word.form[:cut], word.form[cut:]
        if last not in lexicon.PLACES_OF_HELP_SWEDISH and word_of(last).base not in lexicon.PLACES_OF_HELP:
            continue
        for modifier in (first, first.removesuffix("s")):
            for _start, _end, meaning in known.found_in([word_of(modifier)]):
                if meaning.facts and word_of(modifier).base not in lexicon.DOUBTFUL:
                    return meaning
    return None


def _of_kin(word: Word, known: Knowledge) -> Meaning | None:
    """What a compound means whose last part is of the same kind: *turvatalo* is *turvakoti*."""
    for kind in lexicon.KINDS:
        for last in kind:
            first = word.base.removesuffix(last)
            if first == word.base or len(first) < 3:
                continue
            for other in kind:
                for _start, _end, meaning in known.found_in([word_of(first + other)]):
                    if other != last and meaning.facts and not meaning.is_name:
                        return meaning
    return None


def _of_end(word: Word, known: Knowledge) -> Meaning | None:
    """What a word ends in that no dictionary has as a whole: *yöpäivystys* is *päivystys*."""
    if word.known:
        return None
    for cut in range(2, len(word.form) - 5):
        last = word_of(word.form[cut:])
        if last.known and last.base not in lexicon.WEAK | lexicon.GENERIC | lexicon.DOUBTFUL:
            for _start, _end, meaning in known.found_in([last]):
                if meaning.facts and not meaning.is_name:
                    return meaning
    return None
