"""What somebody who writes these words into the search box asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from network.finnish_text import STOP_WORDS, Word, words_of
from network.finnish_text.words import normalised, restored, word_of

from . import knowledge, lexicon
from .knowledge import Knowledge, Meaning, Phrase

LONGEST = 200  # letters
MOST_WORDS = 24
CLOSE_ONES = ("audience=close-ones", "type=close-ones")


@dataclass(frozen=True)
class Group:
    """One thing that is asked for, and all that answers it.

    `exact`: the words themselves. `phrases`: what means the same. `facts`: what is known of a service. `parts`: parts of a
    compound, which must all stand in a text. `required` ones must be answered; the others only help the order.
    """

    said: str
    exact: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    facts: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    required: bool = True
    known: bool = True  # some dictionary or the network's own list knows it
    meant: bool = False  # a synonym or a fact is behind it, not only letters

    @property
    def alternatives(self) -> list[str]:
        return [*self.exact, *(" ".join(filter(None, phrase)) for phrase in self.phrases), *self.facts]


@dataclass(frozen=True)
class Understood:
    """`terms` has for each word that counts the words that answer it; a place and languages are facts, not words."""

    words: str
    groups: tuple[Group, ...] = ()
    place: str = ""  # a municipality's code
    languages: tuple[str, ...] = ()  # codes
    urgent: bool = False
    for_close_ones: bool = False
    shown_also: tuple[str, ...] = ()  # what was looked for beside the words themselves
    lifts: tuple[tuple[str, float], ...] = ()  # facts that bring a service up without being asked for

    @property
    def terms(self) -> list[list[str]]:
        return [group.alternatives for group in self.groups]

    @property
    def required(self) -> list[Group]:
        return [group for group in self.groups if group.required]

    def __bool__(self) -> bool:
        return bool(self.groups or self.place or self.languages)


def understood(words: str) -> Understood:
    """Never fails, whatever is written; empty when no word counts."""
    return _understood(normalised(words)[:LONGEST].strip(), knowledge.current())


@lru_cache(maxsize=500)
def _understood(text: str, known: Knowledge) -> Understood:
    return Reading(text, known).result()


@dataclass
class Reading:
    """One reading of a question, word by word."""

    text: str
    known: Knowledge
    words: list[Word] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    place: str = ""
    languages: list[str] = field(default_factory=list)
    shown: dict[str, None] = field(default_factory=dict)

    def result(self) -> Understood:
        self.words = [self._with_umlauts(word) for word in words_of(self.text)[:MOST_WORDS]]
        urgent = self._is_urgent()
        self._read()
        close = self._for_close_ones()
        self._settle(urgent)
        return Understood(
            self.text,
            tuple(self.groups),
            self.place,
            tuple(dict.fromkeys(self.languages)),
            urgent,
            close,
            tuple(word for word in self.shown if word.lower() not in self.text)[:4],
            tuple(self._lifts(close)),
        )

    def _with_umlauts(self, word: Word) -> Word:
        """As a last resort: a word that nothing knows may have been written without its dots."""
        if word.known or any(key in self.known.entries for key in knowledge.keys_of(word)) or self._place_of(word):
            return word
        return word_of(found) if (found := restored(word.form)) else word

    def _place_of(self, word: Word) -> str:
        return self.known.places.code_of(word) or self.known.places.nearly(word)

    def _is_urgent(self) -> bool:
        return any(phrase in self.text for phrase in lexicon.URGENT_PHRASES) or any(
            word.base in lexicon.URGENT or word.form in lexicon.URGENT for word in self.words
        )

    # Word by word -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        spans = {start: (end, meaning) for start, end, meaning in self.known.found_in(self.words)}
        at = 0
        while at < len(self.words):
            word = self.words[at]
            end, meaning = spans.get(at, (at + 1, None))
            if not self.place and end - at == 1 and (code := self._place_of(word)):
                self.place = code
            elif end - at == 1 and (language := lexicon.LANGUAGES.get(word.form) or lexicon.LANGUAGES.get(word.base)):
                self.languages.append(language)
            elif meaning is not None:
                if not (end - at == 1 and meaning.is_name and word.base in lexicon.WEAK):
                    self.groups.append(self._meant(self.words[at:end], meaning))
                    if not meaning.is_name:
                        self.shown.update(meaning.shown)
            elif word.form not in STOP_WORDS and word.base not in STOP_WORDS and len(word.form) > 1:
                self.groups.append(self._plain(word))
            at = max(end, at + 1)
        if self.languages:
            self.groups = [group for group in self.groups if group.said not in lexicon.SPOKEN]

    def _meant(self, words: Sequence[Word], meaning: Meaning) -> Group:
        said = " ".join(word.form for word in words)
        own = tuple(word.base for word in words)
        exact, parts = (self._exact(words[0]), words[0].parts) if len(words) == 1 else ((), ())
        phrases = [phrase for phrase in meaning.phrases if phrase != own]
        if len(words) > 1:
            phrases.insert(0, own)
        return Group(
            said,
            exact,
            tuple(phrases[: knowledge.MOST_SYNONYMS]),
            tuple(meaning.facts),
            (parts,) if len(parts) > 1 else (),
            meant=True,
        )

    def _plain(self, word: Word) -> Group:
        """A word that nothing is known of but its letters; the parts of a compound may have a meaning of their own."""
        parts = tuple(part for part in word.parts if part not in lexicon.WEAK) or word.parts
        weak = word.base in lexicon.WEAK
        return Group(word.form, self._exact(word), parts=(parts,) if parts else (), required=not weak, known=word.known)

    @staticmethod
    def _exact(word: Word) -> tuple[str, ...]:
        return tuple(dict.fromkeys((word.base, *word.others)))

    # All of it together -------------------------------------------------------------------------------------------

    def _for_close_ones(self) -> bool:
        """Family words beside drinking, using or gambling: those who ask are the close ones."""
        bases = {word.base for word in self.words}
        family = [i for i, group in enumerate(self.groups) if self._names_family(group)]
        problem = any(
            fact.startswith("addiction=") for i, group in enumerate(self.groups) for fact in group.facts if i not in family
        )
        asked = any(fact in CLOSE_ONES for group in self.groups for fact in group.facts)
        if not family or not (problem or bases & lexicon.WORRY) or any(word.form in lexicon.OWN for word in self.words):
            return asked
        facts = [*CLOSE_ONES]
        said = {word for i in family for word in words_bases(self.groups[i].said)}
        if said & lexicon.CHILDREN:
            facts += ["audience=families"]
        rest = [group for i, group in enumerate(self.groups) if i not in family]
        self.groups = [
            Group("läheinen", ("läheinen", "omainen"), facts=tuple(facts), meant=True),
            *rest,
        ]
        self.shown = {"läheisten tuki": None} | self.shown
        return True

    @staticmethod
    def _names_family(group: Group) -> bool:
        return bool(words_bases(group.said) & lexicon.FAMILY)

    def _settle(self, urgent: bool) -> None:
        """What helps the order only, when something else tells what is asked for."""
        strong = any(group.meant for group in self.groups)
        settled = []
        for group in self.groups:
            bases = words_bases(group.said)
            soft = bases <= lexicon.WEAK or bases <= lexicon.WORRY or (urgent and bases <= lexicon.URGENT)
            if soft and (strong or len(self.groups) > 1) and any(one is not group for one in self.groups):
                group = replace(group, required=False)
            settled.append(group)
        if settled and not any(group.required for group in settled):
            settled = [replace(group, required=True) for group in settled]
        self.groups = settled

    def _lifts(self, close: bool) -> list[tuple[str, float]]:
        facts = {fact for group in self.groups for fact in group.facts}
        lifts: list[tuple[str, float]] = []
        problem = any(fact.startswith("addiction=") for fact in facts)
        if problem and not any(fact.startswith("type=") for fact in facts - set(CLOSE_ONES)):
            lifts += [("type=outpatient", 0.25), ("type=advice", 0.2)]
        return lifts


def words_bases(said: str) -> set[str]:
    return {word_of(form).base for form in said.split()}
