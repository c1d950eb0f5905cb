"""What somebody who writes these words into the search box asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from network.finnish_text import STOP_WORDS, Word, words_of
from network.finnish_text.words import normalised, restored, word_of

from . import knowledge, lexicon
from .indexing import FOR_SOME, OF_THIS_FIELD
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
    also: tuple[str, ...] = ()  # facts that go with it, but are not enough
    parts: tuple[tuple[str, ...], ...] = ()
    weight: float = 1.0
    required: bool = True
    beside: bool = False  # answers too, but less than what is asked for: drinking, when a close one asks
    known: bool = True  # some dictionary or the network's own list knows it
    sure: bool = True  # … as a whole, not only its parts
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
    rest: str = ""  # the words without those of the place and the languages
    lifts: tuple[tuple[str, float], ...] = ()  # facts that bring a service up without being asked for

    @property
    def terms(self) -> list[list[str]]:
        return [group.alternatives for group in self.groups]

    @property
    def required(self) -> list[Group]:
        return [group for group in self.groups if group.required]

    @property
    def demanded(self) -> list[Group]:
        """Those that a whole answer has."""
        return [group for group in self.required if not group.beside]

    def __bool__(self) -> bool:
        return bool(self.groups or self.place or self.languages)


def understood(words: str, known: Knowledge | None = None) -> Understood:
    """Never fails, whatever is written; empty when no word counts. Who reads many gives what is known, asked for once."""
    return _understood(normalised(words)[:LONGEST].strip(), known or knowledge.current())


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
    shown: dict[str, list[str]] = field(default_factory=dict)  # said → what it means, in words that may be shown
    lifts: list[tuple[str, float]] = field(default_factory=list)
    facts_said: set[str] = field(default_factory=set)  # words that name the place or a language

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
            tuple(self._shown_also()),
            " ".join(word for word in self.text.split() if word.strip(",.?!") not in self.facts_said),
            tuple(self._lifts(close, urgent)),
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
                self.facts_said.add(word.form)
            elif end - at == 1 and (language := lexicon.LANGUAGES.get(word.form) or lexicon.LANGUAGES.get(word.base)):
                self.languages.append(language)
                self.facts_said.add(word.form)
            elif meaning is not None and not (end - at == 1 and meaning.is_name and word.base in lexicon.WEAK):
                self.groups.append(self._meant(self.words[at:end], meaning))
                if not meaning.is_name:
                    self.shown[self.groups[-1].said] = list(meaning.shown)
            elif word.form not in STOP_WORDS and word.base not in STOP_WORDS and len(word.form) > 1:
                if of_head := self._of_head(word):
                    self.groups.append(self._meant([word], of_head))
                    self.shown[self.groups[-1].said] = list(of_head.shown)
                else:
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
        facts, also = essential(list(meaning.facts))
        return Group(
            said,
            exact,
            tuple(phrases[: knowledge.MOST_SYNONYMS]),
            facts,
            also,
            (parts,) if len(parts) > 1 else (),
            meant=not (len(words) == 1 and words[0].base in lexicon.DOUBTFUL),
        )

    def _of_head(self, word: Word) -> Meaning | None:
        """What the last part of a compound means that means nothing as a whole: *nettipeliriippuvuus* is *peliriippuvuus*."""
        for part in sorted(set(word.parts), key=len, reverse=True):
            if word.base.endswith(part) and part not in lexicon.WEAK | lexicon.GENERIC | lexicon.DOUBTFUL:
                for _start, _end, meaning in self.known.found_in([word_of(part)]):
                    if meaning.facts:
                        return meaning
        return None

    def _plain(self, word: Word) -> Group:
        """A word that nothing is known of but its letters; the parts of a compound may have a meaning of their own."""
        parts = tuple(part for part in word.parts if part not in lexicon.WEAK) or word.parts
        weak = word.base in lexicon.WEAK
        return Group(
            word.form,
            self._exact(word),
            parts=(parts,) if parts else (),
            required=not weak,
            known=word.known,
            sure=word.known and word.whole,
        )

    @staticmethod
    def _exact(word: Word) -> tuple[str, ...]:
        return tuple(dict.fromkeys((word.base, *word.others)))

    # All of it together -------------------------------------------------------------------------------------------

    def _for_close_ones(self) -> bool:
        """Family words beside drinking, using or gambling: those who ask are the close ones."""
        bases = {word.base for word in self.words}
        family = [i for i, group in enumerate(self.groups) if self._names_family(group)]
        problem = any(
            fact.startswith("addiction=")
            for i, group in enumerate(self.groups)
            for fact in (*group.facts, *group.also)
            if i not in family
        )
        asked = any(fact in CLOSE_ONES for group in self.groups for fact in group.facts)
        if not family or not (problem or bases & lexicon.WORRY) or any(word.form in lexicon.OWN for word in self.words):
            return asked
        said = {word for i in family for word in words_bases(self.groups[i].said)}
        for i in family:
            self.shown.pop(self.groups[i].said, None)
        if not said & (lexicon.CHILDREN | lexicon.PARENTS):
            self.lifts.append(("audience=families", -0.1))
        if said & lexicon.CHILDREN:
            self.lifts += [
                ("audience=families", 0.12),
                ("audience=youth", 0.12),
                ("type=youth", 0.12),
                ("vanhempi", 0.12),
            ]
        if said & lexicon.PARENTS:
            self.lifts += [("audience=families", 0.2), ("lapsi", 0.15), ("aikuinen", 0.05)]
        rest = [group for i, group in enumerate(self.groups) if i not in family]
        self.groups = [
            Group("läheinen", facts=CLOSE_ONES, weight=2, meant=True),
            *(replace(group, meant=True, beside=True) if group.facts else group for group in rest),
        ]
        self.shown = {"läheinen": ["läheisten tuki"]} | self.shown
        return True

    @staticmethod
    def _names_family(group: Group) -> bool:
        return bool(words_bases(group.said) & lexicon.FAMILY)

    def _settle(self, urgent: bool) -> None:
        """What helps the order only, when something else tells what is asked for."""
        for soft in (lexicon.WEAK | STOP_WORDS, lexicon.WORRY, lexicon.URGENT if urgent else frozenset()):
            settled = [
                replace(group, required=False) if words_bases(group.said) <= soft else group for group in self.groups
            ]
            if any(group.required for group in settled):
                self.groups = settled
        if not any(group.required for group in self.groups):
            self.groups = [replace(group, required=True) for group in self.groups]

    def _shown_also(self) -> list[str]:
        """Up to three words for each thing asked for, none of which was said, in whatever form."""
        seen = {word.base for word in self.words}
        found = []
        for meanings in self.shown.values():
            new = 0
            for each in meanings:
                bases = frozenset(word.base for word in words_of(each))
                if new < 3 and not bases <= seen:
                    found.append(each)
                    seen |= bases
                    new += 1
        return found[:4]

    def _lifts(self, close: bool, urgent: bool) -> list[tuple[str, float]]:
        """What brings a service up or down that nobody has asked for in so many words."""
        facts = {fact for group in self.groups for fact in (*group.facts, *group.also)}
        lifts = [*self.lifts, (OF_THIS_FIELD, 0.1)]
        types = {fact for fact in facts if fact.startswith("type=")} - set(CLOSE_ONES)
        if any(fact.startswith("addiction=") for fact in facts) and not types:
            lifts += [("type=outpatient", 0.15), ("type=advice", 0.1)]
        if not any(fact.startswith("audience=") and fact not in CLOSE_ONES for fact in facts) and not any(
            share > 0 for _fact, share in self.lifts
        ):
            lifts.append((FOR_SOME, -0.25))
        if not types & {"type=training", "type=consultation", "type=experience-expert"}:
            lifts.append(("audience=professionals", -0.15))
        if any(fact.startswith("access=") for fact in facts):
            lifts += [(fact, 0.1) for fact in lexicon.WALK_IN]
        if urgent:
            lifts += [("type=emergency", 0.5), ("type=crisis", 0.3)]
        return lifts


def essential(facts: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts of which one is enough, and those that only go with them: *huumevieroitus* is withdrawal first, then drugs."""
    types = {fact.removeprefix("type=") for fact in facts if fact.startswith("type=")}
    also = [fact for fact in facts if types and fact.startswith("addiction=") and fact[10:] not in types]
    near = [fact for fact in facts if fact.startswith("~")]
    enough = [fact for fact in facts if fact not in also and fact not in near]
    also += [fact[1:] for fact in near if fact[1:] not in enough]
    return tuple(enough), tuple(dict.fromkeys(also))


def words_bases(said: str) -> set[str]:
    return {word_of(form).base for form in said.split()}
