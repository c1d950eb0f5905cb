"""The reminder: one mail to each person whose listings are due, with all of them, and not again for a while."""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from network.models import Network, Organisation, User

from . import emails
from .asking import SHOWN_AT_ONCE, oldest_first
from .confirming import Thing
from .models import ConfirmationRequest, Service
from .models.confirmation import LIFETIME


def remind_everyone(now: dt.datetime | None = None) -> int:
    """Write to everybody who has something due and was not reminded lately. The number of those written to.

    Running it twice, or two at once, writes once: the person's row is held while it is decided.
    """
    network = Network.current()
    count = 0
    for person, things in waiting_by_person(network, now).items():
        count += remind(person, things, network, now)
    return count


def waiting_by_person(network: Network, now: dt.datetime | None = None) -> dict[User, list[Thing]]:
    """What is due, by whom it is asked of: the editors of the organisation, else of the nearest body above it."""
    things: dict[Organisation, list[Thing]] = defaultdict(list)
    services = Service.objects.due(network, now).filter(organisation__isnull=False)
    for service in oldest_first(services.select_related("organisation__parent__parent")):
        things[service.organisation].append(service)
    for organisation in oldest_first(Organisation.objects.due(network, now).select_related("parent__parent")):
        things[organisation].append(organisation)
    found: dict[User, list[Thing]] = defaultdict(list)
    for organisation, waiting in things.items():
        for person in User.objects.editors_of(organisation):
            found[person] += waiting
    return found


@transaction.atomic
def remind(person: User, things: list[Thing], network: Network, now: dt.datetime | None = None) -> bool:
    """Write to one person, unless she was reminded within the network's `remind_days`. Older links stop working."""
    now = now or timezone.now()
    User.objects.select_for_update().get(pk=person.pk)
    lately = now - dt.timedelta(days=network.remind_days)
    if ConfirmationRequest.objects.filter(person=person, created_at__gt=lately).exists():
        return False
    ConfirmationRequest.objects.revoke(person)
    asked = things[:SHOWN_AT_ONCE]
    request = ConfirmationRequest.objects.create(person=person, created_at=now, expires_at=now + LIFETIME)
    request.services.set([thing for thing in asked if isinstance(thing, Service)])
    request.organisations.set([thing for thing in asked if isinstance(thing, Organisation)])
    emails.confirm(request, asked, more=len(things) - len(asked))
    return True
