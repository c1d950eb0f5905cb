"""Who has an address of a member organisation's own domain may come in by a code, when the network says so."""

from django.db import IntegrityError, transaction

from network.models import Membership, Network, Organisation, OrganisationDomain, User


def organisation_of(address: str) -> Organisation | None:
    """The organisation whose people this newcomer belongs to; None when the door is shut or the address is known."""
    address = User.objects.normalize_email(address)
    if not Network.current().domain_sign_in or User.objects.filter(email=address).exists():
        return None
    domains = OrganisationDomain.objects.select_related("organisation")
    found = domains.filter(domain=address.rpartition("@")[2]).first()
    return found.organisation if found and found.organisation.is_active else None


def join(address: str, language: str) -> User | None:
    """Make the account of somebody who has typed the code: a member of the organisation, without any rights.

    Returns the account that has the address when there is an open one already, None when the door was shut meanwhile.
    """
    if organisation := organisation_of(address):
        try:
            with transaction.atomic():
                person = User.objects.create_user(address, language=language, rules_first=True)
                Membership.objects.create(person=person, organisation=organisation)
                return person
        except IntegrityError:
            pass  # two codes at the same moment
    return User.objects.filter(email=User.objects.normalize_email(address), is_active=True).first()
