"""What somebody who writes these words into the search box asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from network.finnish_text import STOP_WORDS, Word, words_of
from network.finnish_text.words import normalised, restored, word_of

from . import knowledge, lexicon
from .asked import Group, Understood, audience_of, essential, words_bases
from .compounds import of_compound
from .indexing import FOR_CLOSE, FOR_SOME, OF_THIS_FIELD
from .knowledge import Knowledge, Meaning

LONGEST = 200  # letters
AGE = re.compile(r"(\d{1,3})([^\W\d]*)$")
MOST_WORDS = 24
CLOSE_ONES = ("audience=close-ones", "type=close-ones")
YOUNG = ("audience=youth", "type=youth")
SAFETY, HURRY = "type=crisis", "type=emergency"


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
        self.words = self._joined([self._with_umlauts(word) for word in words_of(self.text)[:MOST_WORDS]])
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

    def _joined(self, words: list[Word]) -> list[Word]:
        """Two words that mean something when written together, as they should have been: *selviämis asema*."""
        found: list[Word] = []
        for word in words:
            if found and word.form.isalpha() and found[-1].form.isalpha():
                whole = word_of(found[-1].form + word.form)
                if self.known.means_alone(whole) and not self.known.begins(found[-1]):
                    found[-1] = whole
                    continue
            found.append(word)
        return found

    def _place_of(self, word: Word) -> str:
        return self.known.places.code_of(word) or self.known.places.nearly(word)

    def _is_urgent(self) -> bool:
        return any(phrase in self.text for phrase in lexicon.URGENT_PHRASES) or any(
            (word.base in lexicon.URGENT or word.form in lexicon.URGENT) and not self._is_habit(at)
            for at, word in enumerate(self.words)
        )

    def _is_habit(self, at: int) -> bool:
        word = self.words[at]
        return word.form in lexicon.HABITUAL or (
            word.base in lexicon.TIMES and at > 0 and self.words[at - 1].form in lexicon.HABIT
        )

    # Word by word -------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        spans = {start: (end, meaning) for start, end, meaning in self.known.found_in(self.words)}
        at = 0
        while at < len(self.words):
            word = self.words[at]
            end, meaning = spans.get(at, (at + 1, None))
            if end - at == 1 and self._is_habit(at):
                pass
            elif age := self._age_at(at):
                years, end = age
                if facts := audience_of(years):
                    self.groups.append(Group(word.form, facts=facts, meant=True))
            elif not self.place and end - at == 1 and (code := self._place_of(word)):
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
                if of_part := of_compound(word, self.known):
                    self.groups.append(self._meant([word], of_part))
                    self.shown[self.groups[-1].said] = list(of_part.shown)
                else:
                    self.groups.append(self._plain(word))
            at = max(end, at + 1)
        if self.languages:
            self.groups = [group for group in self.groups if group.said not in lexicon.SPOKEN]

    def _age_at(self, at: int) -> tuple[int, int] | None:
        """Somebody's age and where it ends, when one is told: *15-vuotias*, *15 vuotias*, *15-årig*."""
        if not (match := AGE.match(self.words[at].form)):
            return None
        years, unit = int(match[1]), match[2]
        if unit:
            return (years, at + 1) if unit in lexicon.AGES or unit.startswith("vuotia") else None
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        return (years, at + 2) if following and {following.base, following.form} & lexicon.AGES else None

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
            fact.startswith("addiction=") and fact != "addiction=tobacco"
            for i, group in enumerate(self.groups)
            for fact in (*group.facts, *group.also)
            if i not in family
        ) or bool(bases & lexicon.USING)
        asked = any(fact in CLOSE_ONES for group in self.groups for fact in group.facts)
        if not family or not (problem or bases & lexicon.WORRY) or any(word.form in lexicon.OWN for word in self.words):
            return asked
        said = {word for i in family for word in words_bases(self.groups[i].said)}
        for i in family:
            self.shown.pop(self.groups[i].said, None)
        if not said & (lexicon.CHILDREN | lexicon.PARENTS):
            self.lifts += [("audience=families", -0.1), ("vanhempi", -0.1), ("lapsi", -0.1)]
        if (said | bases) & lexicon.ELDERS:
            self.lifts.append(("audience=older-people", 0.4))
        self.lifts += [(word, 0.1) for word in sorted(said - lexicon.AMBIGUOUS_FAMILY)]
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
        if danger := [group for group in rest if SAFETY in group.facts and HURRY not in group.facts]:
            # Whoever is in danger is helped with that first.
            self.groups = [replace(group, weight=2, meant=True) for group in danger]
            self.groups.append(Group("läheinen", facts=CLOSE_ONES, required=False, meant=True))
            self.groups += [replace(group, required=False) for group in rest if group not in danger]
            self.lifts = [("type=emergency", 0.2), ("audience=families", 0.1)]
            return False
        self.groups = [
            Group("läheinen", facts=CLOSE_ONES, weight=2, meant=True),
            *(
                replace(group, meant=True, beside=True)
                if group.facts
                else replace(group, required=group.required and not words_bases(group.said) <= lexicon.USING)
                for group in rest
            ),
        ]
        if said & lexicon.CHILDREN:
            self.groups.append(Group("nuori", facts=YOUNG, weight=0.6, required=False, meant=True))
        self.shown = {"läheinen": ["läheisten tuki"]} | self.shown
        return True

    @staticmethod
    def _names_family(group: Group) -> bool:
        """Not what means something else as a whole: *odottava äiti*."""
        facts = (*group.facts, *group.also)
        alone = " " not in group.said or not facts or any(fact in CLOSE_ONES for fact in facts)
        return alone and bool(words_bases(group.said) & lexicon.FAMILY)

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
            lifts += [
                ("type=outpatient", 0.2),
                ("type=advice", 0.1),
                ("type=withdrawal", 0.1),
            ]
        if not any(fact.startswith("audience=") and fact not in CLOSE_ONES for fact in facts) and not any(
            share > 0 for _fact, share in self.lifts
        ):
            lifts.append((FOR_SOME, -0.25))
        if not close and any(fact.startswith("addiction=") for fact in facts):
            lifts.append((FOR_CLOSE, -0.28))
        if not types & {"type=training", "type=consultation", "type=experience-expert"}:
            lifts.append(("audience=professionals", -0.15))
        if facts & lexicon.WALKING_IN:
            lifts += [(fact, 0.1) for fact in lexicon.WALK_IN]
        if urgent:
            share = 0.5 if not types & {"type=emergency", "type=crisis"} else 0.25
            lifts += [("type=emergency", share), ("type=crisis", share * 0.6)]
        return lifts
