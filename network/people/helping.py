"""*Kuka voi auttaa…*: organisations and people by what they know, and where the network has nobody."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from network.finnish_text import analyse, query_terms
from network.models import Competence, Municipality, Organisation, User

from . import visible

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MOST = 50  # organisations, and people, on the page


@dataclass
class Help:
    organisations: list[Organisation]
    people: list[dict[str, Any]]


def competences(words: str, code: str) -> list[int]:
    """Those of the code, and those of which a name in some language has all the words, in whatever form."""
    if not words:
        return list(Competence.objects.filter(code=code).values_list("pk", flat=True))
    known = Competence.objects.filter(code=code) if code else Competence.objects.all()
    asked = asked_for(words)
    return [
        pk for pk, *names in known.values_list("pk", "name", "name_sv", "name_en") if says_all("\n".join(names), asked)
    ]


def asked_for(words: str) -> list[str]:
    """The base forms of the words that count; the words as they are written when none does."""
    return [word.lower() for word in query_terms(words)[:10] or words.split()[:10]]


def says_all(text: str, asked: list[str]) -> bool:
    """Every word asked for stands in the text: in some form, as a part of a compound, or as the start of a word."""
    said = text_words(text)
    return all(word in said or (len(word) > 3 and any(one.startswith(word) for one in said)) for word in asked)


@lru_cache(maxsize=5000)
def text_words(text: str) -> frozenset[str]:
    """Read once for each text, however often it is asked."""
    return frozenset(analyse(text)) | frozenset(text.lower().split())


def who_can_help(words: str, code: str, reader: "User | AnonymousUser") -> Help:
    """By word or choice. Only people whom the reader may see by name are looked for at all.

    An organisation is found by what it says of itself too: “Ask us about”.
    """
    known = competences(words, code)
    having = Q(Exists(Competence.objects.filter(organisations=OuterRef("pk"), pk__in=known)))
    if words and not code:
        having |= Q(pk__in=said(words))
    organisations = Organisation.objects.active().filter(having).for_listing()[:MOST]
    own = Competence.objects.filter(people=OuterRef("pk"), pk__in=known)
    people = visible.people(reader).filter(Exists(own))[:MOST]
    return Help(list(organisations), visible.cards(people, reader))


def said(words: str) -> list[int]:
    """Organisations that have all the words in what they tell to ask them about."""
    asked = asked_for(words)
    telling = Organisation.objects.active().exclude(ask_us="").values_list("pk", "ask_us")
    return [pk for pk, text in telling if says_all(text, asked)]


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
