"""*Kuka voi auttaa…*: organisations and people by what they know, and where the network has nobody."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from network.models import Competence, Municipality, Organisation, User

from . import visible

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MOST = 50  # organisations, and people, on the page


@dataclass
class Help:
    organisations: list[Organisation]
    people: list[dict[str, Any]]


def competences(words: str, code: str) -> Any:
    """Those of the code, and those whose name in any language has all the words."""
    found = Competence.objects.all()
    if code:
        found = found.filter(code=code)
    for word in words.split()[:10]:
        found = found.filter(Q(name__icontains=word) | Q(name_sv__icontains=word) | Q(name_en__icontains=word))
    return found


def who_can_help(words: str, code: str, reader: "User | AnonymousUser") -> Help:
    """By word or choice. Only people whom the reader may see by name are looked for at all.

    An organisation is found by what it says of itself too: “Ask us about”.
    """
    known = list(competences(words, code).values_list("pk", flat=True))
    having = Q(Exists(Competence.objects.filter(organisations=OuterRef("pk"), pk__in=known)))
    if words and not code:
        having |= said(words)
    organisations = Organisation.objects.active().filter(having).for_listing()[:MOST]
    own = Competence.objects.filter(people=OuterRef("pk"), pk__in=known)
    people = visible.people(reader).filter(Exists(own))[:MOST]
    return Help(list(organisations), visible.cards(people, reader))


def said(words: str) -> Q:
    """All the words stand in what the organisation tells to ask it about."""
    condition = Q()
    for word in words.split()[:10]:
        condition &= Q(ask_us__icontains=word)
    return condition


def coverage() -> list[dict[str, Any]]:
    """Each municipality of the region: how many member organisations are at home there, and how many work there."""
    working = Organisation.objects.active().values("pk")
    places = Municipality.objects.in_region()
    home = Count("organisations", Q(organisations__in=working), distinct=True)
    serving = Count("serving_organisations", Q(serving_organisations__in=working), distinct=True)
    return [
        {"place": place, "home": place.home, "serving": place.serving, "none": not (place.home or place.serving)}
        for place in places.annotate(home=home, serving=serving)
    ]
