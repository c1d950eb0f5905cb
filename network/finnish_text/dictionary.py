"""The dictionaries: inflected form → base form, in files that all processes share.

simplemma's own lists are read once, at set-up, and written as one MARISA trie a language. The web server maps the files
into memory and never makes them: see `manage.py build_words`.
"""

import contextlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import marisa_trie
import simplemma
from django.conf import settings
from simplemma.strategies.dictionaries import dictionary_factory, frontcode

LANGUAGES = ("fi", "sv", "en")
OWN_BASE_FORMS = frozenset({"työ"})  # the list has it as a dialect's *te*
LAYOUT = 1  # how the files are written; another number, and they are built anew


class WordsMissing(Exception):
    """The dictionaries are not there: `manage.py build_words` makes them."""


def path_of(language: str) -> Path:
    return Path(settings.WORDS_DIR) / f"{language}-{simplemma.__version__}-{LAYOUT}.marisa"


def are_there() -> bool:
    return all(path_of(language).exists() for language in LANGUAGES)


def build() -> list[str]:
    """Make the files that are missing; the languages made. Whoever reads meanwhile sees a whole file or none."""
    made = [language for language in LANGUAGES if not path_of(language).exists()]
    for language in made:
        path = path_of(language)
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            marisa_trie.BytesTrie(_entries(language), order=marisa_trie.LABEL_ORDER).save(str(part))
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        for old in path.parent.glob(f"{language}-*.marisa"):
            if old != path:
                old.unlink(missing_ok=True)
    if made:
        _trie.cache_clear()
    return made


def _entries(language: str) -> Iterator[tuple[str, bytes]]:
    """Each form with what makes its base form of it: how many bytes to take off the end, and what to add.

    Read record by record: the whole list as a dictionary would take 700 MB.
    """
    data = dictionary_factory._read_decompressed(language)
    backwards, _count, start = frontcode._read_header(data)
    same, last_form, last_base = 0, b"", b""
    for _at, form, base in frontcode._iter_records(data, start):
        if backwards:
            form, base = form[::-1], base[::-1]
        if base != last_base or len(form) <= same or form[: same + 1] != last_form[: same + 1]:
            same = min(len(form), len(base))
            while not form.startswith(base[:same]):
                same -= 1
        last_form, last_base = form, base
        with contextlib.suppress(UnicodeDecodeError):
            yield form.decode(), bytes([len(form) - same]) + base[same:]


@cache
def _trie(language: str) -> Any:
    path = path_of(language)
    if not path.exists():
        raise WordsMissing(f"{path} is missing. Run: manage.py build_words")
    return marisa_trie.BytesTrie().mmap(str(path))


def load() -> None:
    """Map the files at the start of a process, so that no first visitor waits. WordsMissing when they are not there."""
    for language in LANGUAGES:
        _trie(language).get("a")


def base_form(form: str, language: str = "fi") -> str:
    """The base form of a word in lower case, or nothing when the dictionary does not know it."""
    if language == "fi" and form in OWN_BASE_FORMS:
        return form
    for spelt in (form, form.capitalize()):
        if found := _trie(language).get(spelt):
            code, whole = found[0], spelt.encode()
            return str((whole[: len(whole) - code[0]] + code[1:]).decode()).lower()
    return ""
