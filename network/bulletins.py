"""Sending bulletins: to each reader once a version, at once or in the week's digest, as they have chosen."""

import datetime as dt
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from . import emails
from .models import Bulletin, Message, StatusEvent, User
from .transitions import InvalidTransition

DIGEST_WEEKDAY, DIGEST_HOUR = 0, 8  # Monday at 8
DIGEST_LATE = dt.timedelta(days=1)  # how late a digest may still leave when the worker was not there


def send_due() -> int:
    """Send what the coordinator has asked to be sent by now. One that somebody sends at this moment is left to them."""
    count = 0
    for bulletin in Bulletin.objects.due():
        try:
            bulletin.send(by=None)
        except InvalidTransition:
            continue
        count += 1
    return count


def mail(pk: int, version: int) -> int:
    """Queue a message to each who takes bulletins at once; the number of new ones.

    Done a second time it adds only those who are missing. A version that was withdrawn or sent anew is left.
    """
    bulletin = Bulletin.objects.published().filter(pk=pk, version=version).first()
    if bulletin is None:
        return 0
    event = emails.bulletin_event(bulletin)
    told = Message.objects.filter(event=event, version=version, recipient=OuterRef("pk"))
    readers = bulletin.audience().filter(~Exists(told), bulletin_delivery=User.Delivery.AT_ONCE)
    return sum(emails.bulletin(bulletin, person) is not None for person in readers.iterator())


def sent_between(start: dt.datetime, end: dt.datetime) -> Q:
    """Sent in that time, or corrected and sent again."""
    again = StatusEvent.objects.filter(
        subject_type=ContentType.objects.get_for_model(Bulletin), status=Bulletin.SENT_AGAIN, at__gte=start, at__lt=end
    )
    return Q(sent_at__gte=start, sent_at__lt=end) | Q(pk__in=again.values("subject_id"))


def mail_digests(now: dt.datetime | None = None) -> int:
    """The past week's bulletins in one message to each who wants them weekly; asked every hour, done on Mondays."""
    now = timezone.localtime(now)
    until = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0) - dt.timedelta(
        days=(now.weekday() - DIGEST_WEEKDAY) % 7
    )
    if not until <= now < until + DIGEST_LATE:
        return 0
    bulletins = Bulletin.objects.published().filter(sent_between(until - dt.timedelta(days=7), until))
    of_person: dict[int, list[Bulletin]] = defaultdict(list)
    for bulletin in bulletins.order_by("sent_at"):
        weekly = bulletin.audience().filter(bulletin_delivery=User.Delivery.WEEKLY)
        for pk in weekly.values_list("pk", flat=True):
            of_person[pk].append(bulletin)
    people = User.objects.in_bulk(of_person)
    return sum(emails.bulletin_digest(of_person[pk], people[pk], until.date()) is not None for pk in people)
