"""Whom a bulletin is meant for, beside what the ground floor knows: each part of the code may narrow it.

    @audiences.narrows
    def in_groups(bulletin: Bulletin) -> Q | None:
        …a condition on people; None: this part does not narrow it

An app's own stand in its `bulletins.py`, which its AppConfig imports when it is ready.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from .models import Bulletin

Narrow = Callable[["Bulletin"], Q | None]

NARROW: list[Narrow] = []


def narrows(narrow: Narrow) -> Narrow:
    NARROW.append(narrow)
    return narrow


def conditions(bulletin: "Bulletin") -> list[Q]:
    return [found for narrow in NARROW if (found := narrow(bulletin)) is not None]
