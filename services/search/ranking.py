"""Which services answer a question, and in what order: tsqueries over lexemes, and a score of our own.

For each thing asked for, a service gets a share between 0 and 1 of what that thing is worth; rare things are worth more.
Where a word stands counts (name, summary, body, the rest), and a synonym counts a little less than the word itself.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection, models
from django.db.models import Expression, F

from .asked import Group, Understood
from .indexing import EVERYTHING, lexeme
from .knowledge import Phrase
from .lexicon import GENERIC, RELATED, WEAK

WEIGHTS = "{0.1,0.4,0.6,1.0}"  # D, C, B, A
FIRST_HIT = 1.64493406685  # ts_rank divides by this
SYNONYM, FACT, GOES_WITH, PART, NEAR = 0.7, 0.9, 0.3, 0.45, 0.12
ENOUGH = 0.5  # how soon more places stop counting
MEANT, LETTERS = 1.0, 0.8  # what has a meaning is worth more than what only has letters
LITERAL = 0.25  # beside: for the very word, where it has a meaning as well
# A service must answer so much of what is asked for when not all is; more of what only has letters.
MEANT_SHARE, LETTERS_SHARE = 0.5, 0.55


class Lexemes(SearchQuery):
    """A tsquery of lexemes that were analysed already."""

    def __init__(self, text: str) -> None:
        super().__init__(text, config="simple", search_type="raw")
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, *_how: Any, **_more: Any) -> Any:
        return "%s::tsquery", [self.text]


def one(word: str, weights: str = "") -> str:
    return f"{lexeme(word)}:{weights}" if weights else lexeme(word)


def any_of(words: Iterable[str], weights: str = "") -> str:
    return " | ".join(one(word, weights) for word in dict.fromkeys(words) if word)


def all_of(words: Iterable[str], weights: str = "") -> str:
    return "(" + " & ".join(one(word, weights) for word in dict.fromkeys(words) if word) + ")"


def phrase_query(phrase: Phrase, weights: str = "") -> str:
    """The words one after another, with as many places between as there were stop words."""
    from network.finnish_text import STOP_WORDS

    text, gap = "", 0
    for word in phrase:
        gap += 1
        if word and word not in STOP_WORDS:
            text += f" <{gap}> {one(word, weights)}" if text else one(word, weights)
            gap = 0
    return f"({text})" if text else ""


def group_query(group: Group, weights: str = "") -> str:
    """What answers one thing that is asked for; with weights only where it stands in parts of those."""
    single = [*group.exact, *group.facts, *(phrase[0] for phrase in group.phrases if len(phrase) == 1)]
    longer = [phrase_query(phrase, weights) for phrase in group.phrases if len(phrase) > 1]
    together = [all_of(parts, weights) for parts in group.parts]
    return " | ".join(filter(None, [any_of(single, weights), *longer, *together]))


def wider_query(group: Group) -> str:
    """What nearly answers it: facts that go with it, related ones, and single parts of a compound."""
    related = [other for fact in group.facts for other in RELATED.get(fact, ())]
    parts = [part for parts in group.parts for part in parts if part not in WEAK | GENERIC] if group.known else []
    return " | ".join(filter(None, [group_query(group), any_of([*group.also, *related, *parts])]))


def all_query(asked: Understood, *, weights: str = "") -> str:
    return " & ".join(f"({query})" for group in asked.demanded if (query := group_query(group, weights)))


def any_query(asked: Understood, *, wider: bool = False) -> str:
    form = wider_query if wider else group_query
    return " | ".join(f"({query})" for group in asked.required if (query := form(group)))


def counts(asked: Understood) -> Mapping[str, int]:
    """In how many services each of the words stands; with all services under `EVERYTHING`."""
    words = {
        word
        for group in asked.groups
        for word in (*group.exact, *group.facts, *group.also, *(p for ps in group.parts for p in ps))
    }
    words |= {phrase[0] for group in asked.groups for phrase in group.phrases if len(phrase) == 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, services FROM services_indexedword WHERE word = ANY(%s)", [[*words, EVERYTHING]])
        return dict(cursor.fetchall())


def worth(group: Group, known: Mapping[str, int]) -> float:
    """More for what is rare; most for what stands nowhere."""
    everything = max(known.get(EVERYTHING, 0), 1)
    standing: list[float] = [
        known.get(word, 0)
        for word in (*group.exact, *group.facts, *(phrase[0] for phrase in group.phrases if len(phrase) == 1))
    ]
    # Parts of a compound have to stand together: far rarer than each of them.
    standing += [everything * math.prod(known.get(part, 0) / everything for part in parts) for parts in group.parts]
    value = math.log(1 + everything / (max(standing, default=0) + 0.5)) / math.log(1 + everything / 0.5)
    value = MEANT * (1 + value) if group.meant and (group.facts or any(standing)) else value * LETTERS
    return value * group.weight * (1 if group.required or group.weight > 1 else 0.3)


def enough(asked: Understood, values: Sequence[float]) -> float:
    """How much a service must answer when not all is answered. What only stands beside is enough by itself."""
    beside = [value for group, value in zip(asked.groups, values, strict=True) if group.required and group.beside]
    required = [value for group, value in zip(asked.groups, values, strict=True) if group.required]
    # One thing of which it is known what it means is enough, however much is said beside it.
    meant = [
        value
        for group, value in zip(asked.groups, values, strict=True)
        if group.required and group.meant and group.facts
    ]
    share = MEANT_SHARE if any(group.required and group.meant for group in asked.groups) else LETTERS_SHARE
    return min(share * sum(beside or required), max(meant, default=math.inf))


class Score(Expression):
    """A service's score for a question, as one SQL expression over its vector."""

    output_field = models.FloatField()

    def __init__(self, asked: Understood, values: Sequence[float]) -> None:
        super().__init__()
        self.asked, self.values = asked, values
        self.vector: Any = F("words__vector")

    def get_source_expressions(self) -> list[Any]:
        return [self.vector]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.vector,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, _none = compiler.compile(self.vector)
        sql, params = ["0"], []

        def rank(words: Iterable[str], share: float) -> list[str]:
            listed = list(dict.fromkeys(word for word in words if word))
            if not listed:
                return []
            params.append(any_of(listed))
            return [f"{share * FIRST_HIT * len(listed):.4f} * ts_rank('{WEIGHTS}', {column}, %s::tsquery)"]

        def holds(query: str, share: float) -> list[str]:
            if not query:
                return []
            params.append(query)
            return [f"{share:.4f} * ({column} @@ %s::tsquery)::int"]

        for group, value in zip(self.asked.groups, self.values, strict=True):
            found = rank(group.exact, 1)
            found += rank((phrase[0] for phrase in group.phrases if len(phrase) == 1), SYNONYM)
            for phrase in group.phrases:
                if len(phrase) > 1:
                    found += holds(phrase_query(phrase), SYNONYM * 0.6)
            found += rank(group.facts, FACT)
            found += rank(group.also, GOES_WITH)
            found += rank((other for fact in group.facts for other in RELATED.get(fact, ())), NEAR)
            for parts in group.parts:
                found += holds(all_of(parts), PART)
                found += rank((part for part in parts if part not in WEAK | GENERIC), NEAR)
            if found:
                sql.append(f"{value:.4f} * (1 - {ENOUGH} / ({ENOUGH} + {' + '.join(found)}))")
            if group.meant and not group.tells_of_access and (said := rank(group.exact, 1)):
                sql.append(f"{LITERAL:.4f} * (1 - {ENOUGH} / ({ENOUGH} + {said[0]}))")
        for fact, share in self.asked.lifts:  # a negative share brings down
            sql += rank([fact], share)
        return " + ".join(sql), params


class Share(Expression):
    """How much of what is asked for a service answers at all: the worth of the things it answers."""

    output_field = models.FloatField()

    def __init__(self, asked: Understood, values: Sequence[float], *, wider: bool) -> None:
        super().__init__()
        self.asked, self.values, self.wider = asked, values, wider
        self.vector: Any = F("words__vector")

    get_source_expressions = Score.get_source_expressions
    set_source_expressions = Score.set_source_expressions

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, _none = compiler.compile(self.vector)
        sql, params = ["0"], []
        for group, value in zip(self.asked.groups, self.values, strict=True):
            if group.required and (query := wider_query(group) if self.wider else group_query(group)):
                sql.append(f"{value:.4f} * ({column} @@ %s::tsquery)::int")
                params.append(query)
        return " + ".join(sql), params


class Whole(Expression):
    """Whether a service answers all that is asked for."""

    output_field = models.BooleanField()

    def __init__(self, asked: Understood) -> None:
        super().__init__()
        self.query = all_query(asked)
        self.vector: Any = F("words__vector")

    get_source_expressions = Score.get_source_expressions
    set_source_expressions = Score.set_source_expressions

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, _none = compiler.compile(self.vector)
        return (f"({column} @@ %s::tsquery)", [self.query]) if self.query else ("(1 = 1)", [])
