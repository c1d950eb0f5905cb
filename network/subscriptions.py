"""Links in mails by which a reader changes how bulletins come, without signing in."""

from django.core import signing

from .models import User

SIGNER = signing.Signer(salt="network.subscriptions.bulletins")


def token_of(person: User) -> str:
    """It opens one thing only: how its owner gets bulletins. So it may live for good."""
    return SIGNER.sign(str(person.pk))


def person_of(token: str) -> User | None:
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
