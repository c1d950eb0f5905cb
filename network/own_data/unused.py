"""Accounts that nobody uses: asked by mail whether to stay, and erased when no answer comes. Never a coordinator's.

A member who never signs in is asked too, and so is the holder of a closed account: one press on the mail's page keeps
the account, as does signing in. Nothing is erased unless the question is known to have left: the row of its message,
sent, is the proof, and the answer's time runs from there. A question that could not be sent is asked again.
"""

import datetime as dt
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from network.models import Message, User

from . import emails, requests

SALT = "network.own_data.unused"
ASK_AGAIN = dt.timedelta(days=30)  # after a question that could not be sent


def people() -> QuerySet[Any]:
    """Annotated with `used_at`: when the person last joined, signed in or asked to stay. Greatest skips what is empty."""
    return User.objects.filter(is_staff=False).annotate(used_at=Greatest("date_joined", "last_login", "kept_at"))


def questions(**state: Any) -> Exists:
    """For queries of people: whether the message of their latest question is in this state."""
    of_latest = {"recipient": OuterRef("pk"), "created_at__gte": OuterRef("warned_at")}
    return Exists(Message.objects.filter(event__startswith=emails.UNUSED, **of_latest, **state))


def unused(before: dt.datetime) -> QuerySet[Any]:
    """Not used since then, and not asked since their last use; or asked a while ago by a message that never left."""
    lost = Q(warned_at__lt=timezone.now() - ASK_AGAIN) & ~questions(failed_at__isnull=True)
    not_asked = Q(warned_at__isnull=True) | Q(warned_at__lt=F("used_at"))
    return people().filter(not_asked | lost, used_at__lt=before)


def unanswered(before: dt.datetime) -> QuerySet[Any]:
    """Asked by a message that left before then, and not used since they were asked."""
    return people().filter(questions(sent_at__lt=before), warned_at__lt=before, used_at__lt=F("warned_at"))


def proofs() -> QuerySet[Message]:
    """The messages that people who have not answered were asked by; they are kept while the answer is waited for."""
    waited_for = people().filter(pk=OuterRef("recipient"), used_at__lt=F("warned_at"))
    return Message.objects.filter(Exists(waited_for), event__startswith=emails.UNUSED)


def warn(before: dt.datetime, dry_run: bool) -> int:
    found = unused(before)
    if dry_run:
        return found.count()
    return sum(ask(person) for person in found.order_by("pk"))


@transaction.atomic
def ask(person: User) -> bool:
    """Whether this call asked: of two at once one does."""
    now = timezone.now()
    same = Q(warned_at=person.warned_at) if person.warned_at else Q(warned_at__isnull=True)
    if not User.objects.filter(same, pk=person.pk).update(warned_at=now):
        return False
    person.warned_at = now
    emails.account_unused(person, token_for(person))
    return True


def erase(before: dt.datetime, dry_run: bool) -> int:
    found = unanswered(before)
    if dry_run:
        return found.count()
    return sum(erase_one(pk, before) for pk in found.values_list("pk", flat=True).order_by("pk"))


@transaction.atomic
def erase_one(pk: int, before: dt.datetime) -> bool:
    """Looks again with the row held: the person may have answered this very moment."""
    User.objects.select_for_update().filter(pk=pk).first()
    person = unanswered(before).filter(pk=pk).first()
    if person is None:
        return False
    requests.erase(person, by=None)
    return True


def token_for(person: User) -> str:
    return signing.dumps([person.pk, int(person.warned_at.timestamp()) if person.warned_at else 0], salt=SALT)


def asked(token: str) -> User | None:
    """Who was asked with this link; nobody when it is not ours, is of an earlier question, or the account is gone."""
    try:
        pk, stamp = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, warned_at__isnull=False).first()
    return person if person and person.warned_at and int(person.warned_at.timestamp()) == stamp else None


def keep(person: User) -> None:
    User.objects.filter(pk=person.pk).update(kept_at=timezone.now())


def stays(person: User) -> bool:
    """Whether the person has asked to stay, or signed in, since the question."""
    return people().filter(pk=person.pk, used_at__gte=person.warned_at).exists()
