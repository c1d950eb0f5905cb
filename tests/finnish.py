"""Finnish order in Python, to hold the database's against."""

from network.finnish import LETTERS, SORTED_AS

_TABLE = str.maketrans(LETTERS, SORTED_AS)


def finnish_key(text: str) -> str:
    return text.translate(_TABLE).lower()
