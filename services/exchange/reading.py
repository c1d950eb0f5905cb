"""From a file to what JSON says, with a clear problem when it is not JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from .problems import CatalogueError, Problems, shortened

LARGEST = 100_000_000  # bytes; ten thousand services are about fifteen million


def read_file(path: Path) -> Any:
    """The JSON value of a UTF-8 file; `-` is standard input. Raises CatalogueError when there is none."""
    problems = Problems(path.name)
    try:
        content = _bytes(path)
        if len(content) > LARGEST:
            problems.add("", "", f"the file is larger than {LARGEST // 1_000_000} MB")
            raise CatalogueError(problems)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add("", "", f"the file is not UTF-8: byte {error.start + 1} cannot be read")
    except OSError as error:
        problems.add("", "", f"the file cannot be read: {error.strerror or error}")
    else:
        return parse(text, problems)
    raise CatalogueError(problems)


def _bytes(path: Path) -> bytes:
    """At most one byte more than LARGEST: what is too large is not read to its end, and a pipe tells no size."""
    if str(path) == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def parse(text: str, problems: Problems) -> Any:
    """The JSON value of a text. A key that stands twice in one object is a problem, as one of them would be lost."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _value in pairs]
            for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
                problems.add(
                    shortened(found["slug"]) if "slug" in found else "", shortened(key), "the key is there twice"
                )
        return found

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        problems.add("", "", f"the file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        problems.add("", "", "the file is not a catalogue: its objects and lists are nested too deep")
    except ValueError as error:
        problems.add("", "", f"the file cannot be read: {shortened(str(error), 200)}")
    if problems:
        raise CatalogueError(problems)
    return value


def _no_such_number(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")
