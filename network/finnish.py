"""Finnish alphabetical order that is the same on every server, with or without ICU.

A generated, stored column holds the name with its letters replaced by ones that plain byte order sorts right:
å ä ö become { | }, which come after z. Letters that Finnish files under another letter (ü under y, é under e) do so
here too. Case is ignored. The method follows SFS 4600 as far as names of people, places and bodies need it.
"""

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower

_FILED_UNDER = {
    "åÅ": "{",
    "äÄæÆ": "|",
    "öÖøØõÕ": "}",
    "üÜ": "y",
    "éÉèÈêÊëË": "e",
    "áÁàÀâÂãÃ": "a",
    "íÍìÌîÎïÏ": "i",
    "óÓòÒôÔ": "o",
    "úÚùÙûÛ": "u",
    "ýÝ": "y",
    "çÇčČ": "c",
    "đĐ": "d",
    "ñÑŋŊ": "n",
    "šŠ": "s",
    "ŧŦ": "t",
    "žŽ": "z",
}
LETTERS = "".join(_FILED_UNDER)
SORTED_AS = "".join(letter * len(variants) for variants, letter in _FILED_UNDER.items())


class Translate(Func):
    """PostgreSQL's translate(text, from, to)."""

    function = "TRANSLATE"
    arity = 3
    output_field = models.TextField()


def finnish_order_field(source: str) -> models.GeneratedField:
    """A stored column to order by; `source` is the name of a text field of the same model.

    >>> sort_name = finnish_order_field("name")
    """
    return models.GeneratedField(
        expression=Lower(Translate(F(source), Value(LETTERS), Value(SORTED_AS))),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
