"""Rows of expert activity for tests. Each call makes one valid row."""

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from experts.models import Consent, ExpertProfile, Offer, Order, TaskType, TimeWish
from network.models import User

from ..factories import make_user

_numbers = count(1)


def consent(profile: ExpertProfile, *scopes: str, is_given: bool = True) -> None:
    for scope in scopes:
        Consent.objects.create(expert_key=profile.key, scope=scope, is_given=is_given, text="Annan luvan.")


def make_profile(person: User | None = None, *, shown_to: str = "members", **fields: Any) -> ExpertProfile:
    """A profile with the consents it needs; relations take lists of rows."""
    relations = {
        key: fields.pop(key) for key in ("themes", "task_types", "municipalities", "languages") if key in fields
    }
    fields.setdefault("shown_name", f"Kokija {next(_numbers)}")
    profile = ExpertProfile(person=person, **fields)
    consent(
        profile,
        *{"coordinators": ["keep"], "members": ["keep", "members"]}.get(shown_to, ["keep", "members", "public"]),
    )
    profile.shown_to = shown_to
    profile.save(force_insert=True)
    for key, rows in relations.items():
        getattr(profile, key).set(rows)
    return profile


def tomorrow(hour: int = 10, *, days: int = 1) -> dt.datetime:
    """A full hour of the wall clock, some days from now."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def make_order(
    orderer: User | None = None, *, agreed: bool = True, wish: dt.datetime | None = None, **fields: Any
) -> Order:
    """An open order with one wished time, in ten days at 10 unless told; `agreed`: fee, travel, meals and payer are."""
    if agreed:
        fields = {"fee": 100, "travel": "Kilometrikorvaus", "meals": "Lounas", "payer": "Tilaaja", **fields}
    fields.setdefault("topic", f"Kohtaaminen {next(_numbers)}")
    if "task_type" not in fields:
        fields["task_type"] = TaskType.objects.get(code="sharing")
    order = Order.objects.create(ordered_by=orderer or make_user(), **fields)
    starts = wish or tomorrow(days=10)
    TimeWish.objects.create(order=order, starts_at=starts, ends_at=starts + dt.timedelta(minutes=order.minutes))
    return order


def make_offer(order: Order, profile: ExpertProfile | None = None, **fields: Any) -> Offer:
    """Asked of the expert, without mails; the order is moved along."""
    profile = profile or make_profile(make_user())
    offer = Offer.objects.create(order=order, profile=profile, expert_key=profile.key, **fields)
    Order.objects.filter(pk=order.pk, status=Order.Status.OPEN).update(
        status=Order.Status.OFFERED, offered_at=timezone.now()
    )
    order.refresh_from_db()
    return offer
