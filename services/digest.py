"""*Muuttuneet palvelut*: tells those who follow the catalogue what changed in it, at once or in one message a week."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from network.emails import link
from network.models import Membership, User
from network.subscriptions import Subscription

from . import emails
from .models import ServiceNotice

CHANGES = Subscription("changes_delivery", salt="services.digest")
AT_ONCE, WEEKLY = User.Delivery.AT_ONCE, User.Delivery.WEEKLY


def subscribers(delivery: str) -> QuerySet[User]:
    """Members of the network now, and coordinators, who want it so."""
    members = Exists(Membership.objects.current().filter(person=OuterRef("pk")))
    return User.objects.filter(Q(is_staff=True) | members, is_active=True, changes_delivery=delivery).order_by("pk")


@transaction.atomic
def tell_at_once(now: dt.datetime | None = None) -> int:
    """Messages about what has changed since the last time. The number of them."""
    now = now or timezone.now()
    return tell(AT_ONCE, take("told_at_once_at", now))


@transaction.atomic
def tell_weekly(now: dt.datetime | None = None) -> int:
    """The week's message, once in a week of the calendar; what is left over waits for the next."""
    now = timezone.localtime(now)
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=now.weekday())
    if ServiceNotice.objects.filter(told_weekly_at__gte=monday).exists():
        return 0
    return tell(WEEKLY, take("told_weekly_at", now))


def take(column: str, now: dt.datetime) -> list[int]:
    """Mark the notices that are to be told now. Of two workers at once one gets them."""
    waiting = ServiceNotice.objects.settled(now).filter(**{f"{column}__isnull": True})
    pks = list(waiting.order_by("pk").select_for_update().values_list("pk", flat=True))
    ServiceNotice.objects.filter(pk__in=pks).update(**{column: now})
    return pks


def tell(delivery: str, pks: Iterable[int]) -> int:
    """One message to each who wants them so; none when there is nothing that everybody may know."""
    notices = ServiceNotice.objects.public().filter(pk__in=pks).for_page().order_by("pk")
    people, count = subscribers(delivery), 0
    for language in sorted(set(people.order_by().values_list("language", flat=True))):
        told = list(notices.all())  # anew: what a listing shows is in the language in which it was first asked
        for person in people.filter(language=language) if told else []:
            event = f"changed-services:{delivery}:{told[-1].pk}"
            emails.changed_services(person, told, event=event, unsubscribe_url=unsubscribe_address(person))
            count += 1
    return count


def unsubscribe_address(person: User) -> str:
    return link("services:changed_unsubscribe", CHANGES.token_of(person), language=person.language)
