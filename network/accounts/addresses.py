"""An account has one address, `User.email`. The library keeps a row for it too, and this keeps the two the same."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from network.models import User


@transaction.atomic
def agree(person: User) -> None:
    """Make the account's address its one verified row. A change that waits for its confirmation stays beside it."""
    own = EmailAddress.objects.filter(user=person)
    own.exclude(email=person.email).filter(Q(verified=True) | Q(primary=True)).delete()
    EmailAddress.objects.filter(email=person.email).exclude(user=person).delete()  # somebody else's waiting change
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


def who_signs_in(address: str) -> User | None:
    """Whose account this is, if it is open. Only the account's own address counts, never one that waits."""
    return User.objects.filter(email=User.objects.normalize_email(address), is_active=True).first()
