"""Whom of the network's people a reader may see: each chooses who sees the name, and who sees how to reach them.

What is hidden is not looked into either: it is found by no word and counts in no number.
"""

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from network.models import Membership, Network, Organisation, User
from network.permissions import can_see_members_only

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SIGNER = signing.Signer(salt="network.people.contact")


def circles(reader: "User | AnonymousUser") -> list[str]:
    """The values of `name_shown_to` and `contact_shown_to` that let this reader see."""
    if reader.is_authenticated and reader.is_coordinator:
        return list(User.ShownTo.values)
    if can_see_members_only(reader):
        return [User.ShownTo.MEMBERS, User.ShownTo.EVERYONE]
    return [User.ShownTo.EVERYONE]


def named(reader: "User | AnonymousUser") -> Q:
    """On people: open accounts with a name that the reader may see."""
    return Q(is_active=True, name_shown_to__in=circles(reader)) & ~Q(name="")


def people(reader: "User | AnonymousUser") -> QuerySet[User]:
    """The members whose name the reader may see, each with `current_memberships`."""
    current = Membership.objects.current()
    shown = Prefetch("memberships", current.select_related("organisation"), to_attr="current_memberships")
    members = User.objects.filter(named(reader), Exists(current.filter(person=OuterRef("pk"))))
    return members.order_by("name", "pk").prefetch_related(shown)


def cards(
    found: Any, reader: "User | AnonymousUser", *, organisation: Organisation | None = None
) -> list[dict[str, Any]]:
    """What a page shows of each person: name, whom they stand for (in the organisation or everywhere), contacts."""
    seen = circles(reader)
    return [card(person, seen, organisation) for person in found]


def card(person: Any, seen: list[str], organisation: Organisation | None) -> dict[str, Any]:
    memberships = [
        one for one in person.current_memberships if organisation is None or one.organisation_id == organisation.pk
    ]
    reachable = person.contact_shown_to in seen
    return {
        "name": person.name,
        "memberships": memberships,
        "organisation": organisation,
        "email": person.email if reachable else "",
        "token": SIGNER.sign(str(person.pk)) if reachable else "",
        "phone": person.phone if reachable else "",
    }


def people_of(organisation: Organisation, reader: "User | AnonymousUser") -> list[dict[str, Any]]:
    """For the organisation's page."""
    current = Membership.objects.current().filter(organisation=organisation, person=OuterRef("pk"))
    return cards(people(reader).filter(Exists(current)), reader, organisation=organisation)


def deputies(reader: "User | AnonymousUser") -> list[dict[str, Any]]:
    """Who may be asked when the coordinator is away, as far as they want to be seen."""
    found = User.objects.coordinators().filter(named(reader)).exclude(pk=Network.current().coordinator_id or 0)
    nothing = Membership.objects.none()
    shown = Prefetch("memberships", nothing, to_attr="current_memberships")
    return cards(found.order_by("name", "pk").prefetch_related(shown), reader)


def reachable(token: str, reader: "User | AnonymousUser") -> User:
    """The person of a contact link, if the reader may write to them. Raises User.DoesNotExist."""
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        raise User.DoesNotExist from None
    shown = User.objects.filter(named(reader), contact_shown_to__in=circles(reader))
    standing = Exists(Membership.objects.current().filter(person=OuterRef("pk")))
    return shown.filter(standing | Q(is_staff=True)).get(pk=pk)
