"""What was asked, as the search understood it: the things asked for, a place, languages."""

from dataclasses import dataclass

from network.finnish_text import word_of

from .knowledge import Phrase


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
    def tells_of_access(self) -> bool:
        """How one gets in: of a referral a text speaks whether one is needed or not."""
        return any(fact.startswith("access=") for fact in self.facts)

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


def essential(facts: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts of which one is enough, and those that only go with them: *huumevieroitus* is withdrawal first, then drugs."""
    types = {fact.removeprefix("type=") for fact in facts if fact.startswith("type=")}
    also = [fact for fact in facts if types and fact.startswith("addiction=") and fact[10:] not in types]
    near = [fact for fact in facts if fact.startswith("~")]
    enough = [fact for fact in facts if fact not in also and fact not in near]
    also += [fact[1:] for fact in near if fact[1:] not in enough]
    return tuple(enough), tuple(dict.fromkeys(also))


def audience_of(years: int) -> tuple[str, ...]:
    """Whom services for somebody of this age are for; nothing of those who are simply adults."""
    if years < 25:
        return ("audience=youth", "type=youth")
    return ("audience=older-people",) if years >= 65 else ()


def words_bases(said: str) -> set[str]:
    return {word_of(form).base for form in said.split()}
