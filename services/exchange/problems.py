"""What is wrong with a file: each problem says which record, which field and why."""

from collections.abc import Iterator
from typing import NamedTuple

SHOWN = 500  # a file that is wrong throughout does not need a million lines to say so


class Problem(NamedTuple):
    record: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


class Problems:
    """Collects what is wrong with one file; all of it is counted and the first 500 are kept."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.kept: list[Problem] = []
        self.count = 0

    def add(self, record: str, field: str, reason: str) -> None:
        self.count += 1
        if len(self.kept) < SHOWN:
            self.kept.append(Problem(record, field, reason))

    def __bool__(self) -> bool:
        return self.count > 0

    def lines(self) -> Iterator[str]:
        for problem in self.kept:
            yield f"{self.file}: {problem}"
        if self.count > len(self.kept):
            yield f"{self.file}: … and {self.count - len(self.kept)} more"


class CatalogueError(Exception):
    """The file cannot be loaded; nothing in the database has changed."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("\n".join(problems.lines()))
        self.problems = problems


class Spot:
    """A place in the file where something may be wrong: a record and, inside it, a path.

    `fields` are the keys at this place that have a problem already, so that no second one is told of their absence.
    """

    def __init__(
        self, problems: Problems, record: str, path: str = "", outer: "tuple[Spot, str] | None" = None
    ) -> None:
        self.problems = problems
        self.record = record
        self.path = path
        self.outer = outer
        self.fields: set[str] = set()

    def inside(self, key: str) -> "Spot":
        return Spot(self.problems, self.record, f"{self.path}.{key}" if self.path else key, (self, key))

    def inside_item(self, number: int) -> "Spot":
        """An item of this list, counted from 0."""
        return Spot(self.problems, self.record, f"{self.path}[{number}]", (self, str(number)))

    def wrong(self, reason: str, field: str = "") -> None:
        self.problems.add(self.record, f"{self.path}.{field}" if self.path and field else self.path or field, reason)
        self.fields.add(field)
        outer = self.outer
        while outer:
            spot, key = outer
            spot.fields.add(key)
            outer = spot.outer


def shortened(value: object, length: int = 60) -> str:
    """A value as a problem quotes it; a long one is cut."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "replace").decode().replace("\0", "\\0").replace("\n", " ")
    return text if len(text) <= length else text[:length] + "…"
