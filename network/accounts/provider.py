"""Signing in by the organisation's own provider: for people who were let in already, and never for a coordinator."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from network.models import User


def person_of(login: Any) -> User | None:
    """Whose account the provider's answer may open; None is a stranger, a coordinator, or an answer we do not trust.

    A known identity stays with its account; a new one goes to the account that has its address.
    """
    address = trusted_address(login)
    if not address or login.state.get("process") != "login":
        return None
    person = login.user if login.is_existing else User.objects.filter(email=address).first()
    return person if person and person.is_active and not person.is_staff else None


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
