"""Signing in by the organisation's own provider: for people who were let in already, and never for a coordinator."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from network import invitations
from network.models import Invitation, User
from network.transitions import InvalidTransition

from . import second_factor


def person_of(login: Any) -> User | None:
    """Whose account the provider's answer may open; None is a stranger, a coordinator, or an answer we do not trust.

    A known identity stays with its account; a new one goes to the account that has its address, or to the one that an
    open invitation of the address makes.
    """
    address = trusted_address(login)
    if not address or login.state.get("process") != "login":
        return None
    person = login.user if login.is_existing else User.objects.filter(email=address).first() or take_up(address)
    return person if person and person.is_active and not second_factor.is_asked_of(person) else None


def take_up(address: str) -> User | None:
    """Accept the open invitations of an address: the account and what the inviter gave, nothing of the provider's."""
    person = None
    for invitation in Invitation.objects.open().filter(email=address):
        with suppress(InvalidTransition):  # revoked or accepted at this moment
            person = invitations.accept(invitation)
    if person is not None:  # nobody has asked her yet whether she follows the rules
        person.rules_first = True
        person.save(update_fields=["rules_first"])
    return person


def trusted_address(login: Any) -> str:
    """The address that the provider says it has verified, if it is in a domain it may speak for; else empty."""
    for row in login.email_addresses:
        address = User.objects.normalize_email(row.email)
        if row.verified and address.rpartition("@")[2] in settings.OIDC_ALLOWED_DOMAINS:
            return address
    return ""


@transaction.atomic
def connect(request: HttpRequest, login: Any, person: User) -> None:
    """Tie the identity to the account the first time. Nothing is kept of what the provider tells of the person."""
    login.account.extra_data = {}
    if login.account.pk:
        login.account.save(update_fields=["extra_data"])
    else:
        login.connect(request, person)
