"""What differs between two texts, word by word, for people to read."""

import re
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

LONGEST = 4000  # tokens; longer texts are compared line by line


def mark_words(before: str, after: str) -> SafeString:
    """The text with what went in <del> and what came in <ins>, word by word; a screen reader is told in words."""
    old, new = _tokens(before), _tokens(after)
    if len(old) + len(new) > LONGEST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts = []
    for tag, a, b, c, d in _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old):
        went, came = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            parts.append(format_html("{}", went))
            continue
        if went:
            parts.append(removed(went))
        if came:
            parts.append(added(came))
    return format_html_join("", "{}", ((part,) for part in parts))


def removed(text: str) -> SafeString:
    return format_html('<del><span class="visually-hidden">{} </span>{}</del>', _("removed:"), text)


def added(text: str) -> SafeString:
    return format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', _("added:"), text)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _joined(opcodes: list[Any], old: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Changes with nothing but a space between them are one change: whole phrases read better than every other word."""
    joined: list[tuple[str, int, int, int, int]] = []
    for tag, a, b, c, d in opcodes:
        blank = tag == "equal" and joined and b < len(old) and not "".join(old[a:b]).strip()
        if joined and joined[-1][0] != "equal" and (blank or tag != "equal"):
            _tag, first, _b, third, _d = joined[-1]
            joined[-1] = ("replace", first, b, third, d)
        else:
            joined.append((tag, a, b, c, d))
    return joined
