"""What the search knows beside the texts: synonyms, names of facts, places. Remembered until the database says it changed."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.db import connection

from network.finnish_text import Word, word_of, words_of
from network.models import Municipality

from ..models import Service, Synonym
from ..models.terms import Term

FACTS = {
    "type": "further_types", "audience": "audiences", "addiction": "addictions", "setting": "settings", "stage": "stages",
    "content": "components",
}  # fmt: skip
PIECES = re.compile(r"\s*[,();:]\s*|\s+(?:ja|och|and|tai|eller|or)\s+")
MOST_SYNONYMS = 12  # alternatives of one word

Keys = frozenset[str]
Phrase = tuple[str, ...]


@dataclass
class Meaning:
    """What a phrase stands for: other phrases, and facts. `shown` are those of them that may be shown to people."""

    phrases: dict[Phrase, None] = field(default_factory=dict)
    facts: dict[str, None] = field(default_factory=dict)
    shown: dict[str, None] = field(default_factory=dict)
    is_name: bool = False  # only the name of a fact, no synonym

    def take(self, other: "Meaning") -> None:
        self.phrases.update(other.phrases)
        self.facts.update(other.facts)
        self.shown.update(other.shown)


@dataclass
class Entry:
    keys: tuple[Keys, ...]  # one set for each word of the phrase
    meaning: Meaning
    form: str = ""  # a single word as it is written


def keys_of(word: Word) -> Keys:
    """What one word of a phrase is known by: its forms, but not the parts of a compound."""
    return frozenset({word.form, word.base, *(other for other in word.others if len(other) > 4)})


class Knowledge:
    """Built from the rows of the database in one go; never changed afterwards, so that threads may share it."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        self.longest = 1
        self._names()
        self._synonyms()
        self.places = Places(Municipality.objects.values_list("code", "name", "name_sv", "name_in"))

    # Building -----------------------------------------------------------------------------------------------------

    def _add(self, text: str, meaning: Meaning) -> None:
        words = words_of(text)
        if not words:
            return
        keys = tuple(keys_of(word) for word in words)
        self.longest = max(self.longest, len(keys))
        entry = Entry(keys, meaning, words[0].form if len(words) == 1 else "")
        for key in keys[0]:
            self.entries[key].append(entry)

    def _names(self) -> None:
        for fact, relation in FACTS.items():
            model = cast(type[Term], Service._meta.get_field(relation).related_model)
            for term in model._default_manager.filter(in_use=True).exclude(code="other"):
                for name in (term.name, term.name_sv, term.name_en):
                    for piece in {name, *PIECES.split(name)}:
                        if len(piece) > 2:
                            self._add(piece, Meaning(facts={f"{fact}={term.code}": None}, is_name=True))

    def _synonyms(self) -> None:
        groups = list(Synonym.objects.filter(in_use=True).order_by("pk"))
        two_way: dict[str, list[Synonym]] = defaultdict(list)
        for group in groups:
            for term in [] if group.one_way else group.words:
                two_way[term.lower()].append(group)
        for group in groups:
            meaning = Meaning(facts=dict.fromkeys(group.facts))
            for term in group.words[:1] if group.one_way else group.words:
                self._mean(meaning, term)
            if group.one_way:  # one more hop: what the target means beside
                for other in two_way[group.words[0].lower()]:
                    meaning.facts.update(dict.fromkeys(other.facts))
                    for term in other.words:
                        self._mean(meaning, term)
            for term in group.words:
                self._add(term, meaning)

    @staticmethod
    def _mean(meaning: Meaning, term: str) -> None:
        if phrase := phrase_of(term):
            meaning.phrases[phrase] = None
            meaning.shown[term] = None

    # Asking -------------------------------------------------------------------------------------------------------

    def found_in(self, words: Sequence[Word]) -> list[tuple[int, int, Meaning]]:
        """Phrases of the knowledge in the words, as (first, after the last, meaning): longest first, none twice."""
        found: list[tuple[int, int, Meaning]] = []
        keys = [keys_of(word) for word in words]
        start = 0
        while start < len(words):
            length, meaning = self._longest(keys, start, words[start].form)
            if meaning is None:
                start += 1
                continue
            found.append((start, start + length, meaning))
            start += length
        return found

    def means_alone(self, word: Word) -> bool:
        """Whether the word is all of a phrase that is known."""
        return any(len(entry.keys) == 1 for key in keys_of(word) for entry in self.entries.get(key, ()))

    def begins(self, word: Word) -> bool:
        """Whether the word begins a phrase that is known, or is one."""
        return any(key in self.entries for key in keys_of(word))

    def _longest(self, keys: Sequence[Keys], start: int, form: str) -> tuple[int, Meaning | None]:
        best, meaning = 0, None
        # A word that is known as it stands is that word, whatever else may have the same base: *teini* is no *tein*.
        for key in [form] if any(entry.form == form for entry in self.entries.get(form, ())) else keys[start]:
            for entry in self.entries.get(key, ()):
                length = len(entry.keys)
                if length < best or start + length > len(keys):
                    continue
                if all(entry.keys[i] & keys[start + i] for i in range(length)):
                    if length > best:
                        best, meaning = length, Meaning(is_name=True)
                    if meaning is not None:
                        meaning.take(entry.meaning)
                        meaning.is_name = meaning.is_name and entry.meaning.is_name
        return best, meaning


def phrase_of(term: str) -> Phrase:
    """Base forms of the words of a synonym, in order, with empty ones where a stop word stood."""
    return tuple(word.base for word in words_of(term))


class Places:
    """Names of municipalities in any case form."""

    ENDINGS = (
        "", "n", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "a", "ä", "ta", "tä", "na", "nä", "s",
        "lainen", "läinen", "laiset", "läiset", "laisille", "läisille", "laisten", "läisten",
    )  # fmt: skip

    def __init__(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        self.codes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        for code, name, name_sv, name_in in rows:
            name, swedish, within = name.lower(), name_sv.lower(), name_in.lower()
            self.names[name] = code
            stems = {name}
            for ending in ("ssa", "ssä", "lla", "llä"):
                if within.endswith(ending):
                    stems.add(within[: -len(ending)])
            for stem in stems:
                for ending in self.ENDINGS:
                    self.codes.setdefault(stem + ending, code)
            last = name[-1]
            for illative in (last + "n", "seen", "h" + last + "n"):
                self.codes.setdefault(name + illative, code)
            for form in (swedish, swedish + "s") if swedish else ():
                self.codes.setdefault(form, code)
        for short in [form for form in self.codes if len(form) < 3]:
            del self.codes[short]

    def code_of(self, word: Word) -> str:
        if word.form.removesuffix("kin") in self.codes:
            return self.codes[word.form.removesuffix("kin")]
        return self.codes.get(word.form) or ""

    def nearly(self, word: Word) -> str:
        """The code of a place whose name was typed wrong by one letter."""
        if word.known or len(word.form) < 5:
            return ""
        for form, code in self.codes.items():
            if len(form) > 4 and form[0] == word.form[0] and near(word.form, form, 1):
                return code
        return ""


def near(one: str, other: str, most: int) -> bool:
    """Whether so many letters changed, added, left out or swapped make one word the other."""
    return distance(one, other, most) <= most


def distance(one: str, other: str, most: int = 3) -> int:
    """Letters to change, add, leave out or swap with the next one; counted no further than `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


_kept: tuple[int, Knowledge] | None = None
_building = threading.Lock()


def current() -> Knowledge:
    """What is known now. The database is asked for one number each time: what pages are kept under (the catalogue's
    number) has changed with a synonym already, and a page made of what was known before would be kept under it."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM services_searchversion WHERE id = 1")
        number = (cursor.fetchone() or (0,))[0]
    with _building:
        if not (_kept and _kept[0] == number):
            _kept = (number, Knowledge())
        return _kept[1]


__all__ = ["Knowledge", "Meaning", "current", "distance", "keys_of", "near", "phrase_of", "word_of"]
