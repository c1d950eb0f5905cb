"""What waits too long and what is near: reminders of unanswered requests, and of tomorrow's tasks."""

import datetime as dt

import holidays
from django.db import transaction
from django.utils import timezone

from . import emails
from .models import ActivitySettings, Offer, Order, OrderSession


def working_days_before(today: dt.date, days: int) -> dt.date:
    """The day that was so many working days ago; Finnish holidays and weekends are none."""
    free = holidays.country_holidays("FI", years=[today.year - 1, today.year])
    day = today
    while days > 0:
        day -= dt.timedelta(days=1)
        if day.weekday() < 5 and day not in free:
            days -= 1
    return day


def overdue(days: int) -> "list[Offer]":
    """Unanswered since before that many working days, oldest first."""
    last = working_days_before(timezone.localdate(), days)
    end_of_day = timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()))
    waiting = Offer.objects.unanswered().filter(turn_since__lt=end_of_day)
    return list(waiting.select_related("order__ordered_by", "order__organisation", "profile__person").order_by("pk"))


@transaction.atomic
def remind_all() -> int:
    """Remind whoever's turn it is, and tell coordinators of what waits even longer; each once. How many mails' worth."""
    settings, now, count = ActivitySettings.current(), timezone.now(), 0
    for offer in overdue(settings.remind_days):
        if Offer.objects.unanswered().filter(pk=offer.pk, reminded_at__isnull=True).update(reminded_at=now):
            emails.answer_overdue(offer)
            count += 1
    for offer in overdue(settings.escalate_days):
        if Offer.objects.unanswered().filter(pk=offer.pk, escalated_at__isnull=True).update(escalated_at=now):
            emails.answer_missing(offer)
            count += 1
    return count


@transaction.atomic
def remind_of_tomorrow() -> int:
    """Tell both sides of tomorrow's sessions, once."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    start = timezone.make_aware(dt.datetime.combine(tomorrow, dt.time()))
    end = timezone.make_aware(dt.datetime.combine(tomorrow + dt.timedelta(days=1), dt.time()))
    sessions = OrderSession.objects.filter(
        starts_at__gte=start, starts_at__lt=end, reminded_at__isnull=True, order__status=Order.Status.ACCEPTED
    )
    count = 0
    for session in sessions.select_related("order__ordered_by", "order__municipality"):
        if OrderSession.objects.filter(pk=session.pk, reminded_at__isnull=True).update(reminded_at=timezone.now()):
            emails.day_before(session)
            count += 1
    return count
