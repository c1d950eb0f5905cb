"""What a listing or an organisation's page already tells, as a list of tasks. Other languages never count as missing."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .exchange.shapes import Row
from .facts import ACCESS_FACTS


class Part(NamedTuple):
    """`section`: the part of the edit form where it is told."""

    label: StrOrPromise
    is_done: bool
    section: str


class Completeness(NamedTuple):
    parts: Sequence[Part]
    points_on: bool  # a short listing whose own page elsewhere tells the rest

    @property
    def done(self) -> int:
        return sum(part.is_done for part in self.parts)

    @property
    def of(self) -> int:
        return len(self.parts)

    @property
    def is_enough(self) -> bool:
        """Everything is told, or the essentials and where the rest is."""
        return self.done == self.of or (self.points_on and all(part.is_done for part in self.parts[:3]))

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if not part.is_done]


def of_service(row: Row) -> Completeness:
    contacts = [*row["contacts"], *(contact for place in row["places"] for contact in place["contacts"])]
    places = row["places"]
    timed = [row[key] for key in ("opening_hours", "opening_exceptions", "hours_note", "visits", "seasons")]
    timed += [place["opening_hours"] for place in places]
    known = [fact for fact in ACCESS_FACTS if row[fact.field] is not None]
    parts = [
        Part(_("Name, summary and type"), bool(row["name"] and row["summary"] and row["main_type"]), "what"),
        Part(_("How to get the service"), bool(row["how_to_get"]), "way"),
        Part(_("A way to get in touch"), bool(contacts), "contacts"),
        Part(_("How one gets in: at least three facts"), len(known) >= 3, "way"),
        Part(_("When it is open"), any(timed), "hours"),
        Part(_("Where: a place or a channel"), bool(places or row["channels"]), "where"),
        Part(_("For whom"), bool(row["audiences"]), "whom"),
        Part(_("What happens at the first visit"), bool(row["first_visit"]), "first"),
        Part(_("Cost"), bool(row["cost"]) or row["free"] is not None, "cost"),
    ]
    return Completeness(parts, any(one["kind"] in ("web", "booking") for one in contacts))


def of_organisation(row: Row) -> Completeness:
    parts = [
        Part(_("Who we are"), bool(row["description"]), "what"),
        Part(_("A way to get in touch"), bool(row["contacts"] or row["website"]), "contacts"),
        Part(_("What we do"), bool(row["what_we_do"]), "doing"),
        Part(_("How people are guided to us"), bool(row["how_to_refer"]), "referring"),
        Part(_("Ask us about"), bool(row["ask_us"] or row["competences"]), "referring"),
        Part(_("Whom we meet"), row["meets"] != "unknown", "whom"),
        Part(_("Where we work"), bool(row["municipalities_served"] or row["municipality"]), "whom"),
    ]
    return Completeness(parts, False)
