"""Bulletins to the people of groups; see `network.audiences`."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from network.audiences import narrows
from network.models import Bulletin


@narrows
def in_groups(bulletin: Bulletin) -> Q | None:
    """Who belongs to any of the chosen groups now."""
    found = [Q(Exists(group.people().filter(pk=OuterRef("pk")))) for group in bulletin.to_groups.all()]
    return reduce(or_, found) if found else None
