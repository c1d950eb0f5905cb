"""What an expert answers, and what the orderer answers to that. The first who accepts has the task.

An expert is never in two places at once: her row is held while she accepts, so that two of her acceptances come one
after the other, and the exclusion constraint on `Engagement` refuses the second, whoever writes it.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from network.transitions import InvalidTransition

from . import emails, orders
from .models import CounterProposal, Engagement, ExpertProfile, FeeState, Offer, Order, OrderSession
from .orders import Party, Status


class Overlap(ValidationError):
    """The expert has agreed to another task at the same time, the way there and back included."""


class Time(NamedTuple):
    starts_at: dt.datetime
    ends_at: dt.datetime


MOST_TIMES = 6


# Which times there are ----------------------------------------------------------------------------------------------


def alternatives(offer: Offer) -> list[list[Time]]:
    """What the expert may accept: each entry is one alternative, of one time or of several sessions.

    What was agreed with the first expert, or with one who withdrew, stands; else the orderer's newest proposal; else
    the wishes.
    """
    order = offer.order
    if sessions := list(order.sessions.all()):
        agreed = [Time(session.starts_at, session.ends_at) for session in sessions]
        if is_fixed(order) or not proposed_by(offer, Party.ORDERER):
            return [agreed]
    times = [Time(one.starts_at, one.ends_at) for one in proposed_by(offer, Party.ORDERER)]
    if not times:
        times = [Time(one.starts_at, one.ends_at) for one in order.wishes.all() if one.starts_at and one.ends_at]
    if not times:
        return []
    return [times] if order.times_are_sessions else [[time] for time in times]


def is_fixed(order: Order) -> bool:
    """Somebody has accepted: the time is what was agreed with her."""
    return order.accepted().exists()


def proposed_by(offer: Offer, side: str) -> list[CounterProposal]:
    """The newest round of one side, empty when the other side has proposed since."""
    rows = list(offer.proposals.all())
    newest = max((row.round for row in rows), default=0)
    return [row for row in rows if row.round == newest and row.by == side]


# The expert ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept(
    offer: Offer,
    times: Sequence[Time],
    *,
    by: User | None,
    for_her: bool = False,
    travel_minutes: int = 0,
    waives_fee: bool = False,
) -> None:
    """The expert takes the task at one of the `alternatives`.

    InvalidTransition: somebody was faster, or the order is over. Overlap: she has another task then. ValidationError:
    fee, travel, meals or payer are not agreed, or the time is not one of those that were proposed.
    """
    orders.hold(offer.order)
    offer.refresh_from_db(fields=["status"])
    if offer.status == Offer.Status.OFFERED and list(times) not in alternatives(offer):
        raise ValidationError(_("The times have changed. Look at them again and choose."))
    if offer.status == Offer.Status.OFFERED:
        take_up(proposed_by(offer, Party.ORDERER), times)
    _accept(offer, times, by=by, allowed=[Offer.Status.OFFERED], answered_for_her=for_her, travel_minutes=travel_minutes, waives_fee=waives_fee)  # fmt: skip


@transaction.atomic
def counter(
    offer: Offer,
    times: Sequence[Time],
    *,
    by: User | None,
    for_her: bool = False,
    travel_minutes: int = 0,
    waives_fee: bool = False,
) -> None:
    """The expert proposes other times; the orderer may take one of them as it is."""
    orders.hold(offer.order)
    check_times(offer, times)
    offer.move(
        to=Offer.Status.COUNTERED,
        allowed_from=[Offer.Status.OFFERED],
        by=by,
        answered_for_her=for_her,
        travel_minutes=travel_minutes,
        waives_fee=waives_fee,
        **orders.fresh_turn(),
        **first_answer(offer),
    )
    propose(offer, times, side=Party.EXPERT)
    emails.countered(offer)


@transaction.atomic
def decline(offer: Offer, *, by: User | None, for_her: bool = False, because: str = "", reason: str = "") -> None:
    """No, with or without a reason: one of `Offer.Because`, own words, or both.

    When all have declined, the order is open again if the orderer allows it.
    """
    orders.hold(offer.order)
    offer.move(
        to=Offer.Status.DECLINED,
        allowed_from=Offer.UNANSWERED,
        by=by,
        because=because,
        reason=reason,
        answered_for_her=for_her,
        **first_answer(offer),
    )
    emails.declined(offer)
    order = offer.order
    if not order.offers.unanswered().exists() and order.status == Status.OFFERED:
        nobody_left(order, by=by)


def nobody_left(order: Order, *, by: User | None) -> None:
    """Nobody is asked any more, and it is not agreed. The order is held."""
    if order.reopens or order.accepted().exists():
        order.move(to=Status.OPEN, allowed_from=[Status.OFFERED], by=by)
        emails.order_waits(order)
    else:
        order.move(
            to=Status.CANCELLED,
            allowed_from=[Status.OFFERED],
            by=by,
            ended_at=timezone.now(),
            ended_by=Party.EXPERT,
            version=F("version") + 1,
        )
        emails.nobody_could(order)


@transaction.atomic
def withdraw(offer: Offer, *, by: User | None, for_her: bool = False) -> None:
    """An expert who has accepted cannot come after all. She need not say why; a stand-in is looked for."""
    order = offer.order
    orders.hold(order)
    first = order.sessions.first()
    if order.is_over or (first and first.starts_at <= timezone.now()):
        raise InvalidTransition(_("The task has begun or is over: tell the coordinator if it was not held."))
    orders.release(offer, to=Offer.Status.WITHDRAWN, by=by)
    offer.answered_for_her = for_her
    offer.save(update_fields=["answered_for_her"])
    if order.status == Status.ACCEPTED:
        order.move(to=Status.OPEN, allowed_from=[Status.ACCEPTED], by=by, version=F("version") + 1)
    elif order.status == Status.OFFERED and not order.offers.unanswered().exists():
        order.move(to=Status.OPEN, allowed_from=[Status.OFFERED], by=by, version=F("version") + 1)
    else:  # one of a pair, and the other is still asked
        Order.objects.filter(pk=order.pk).update(version=F("version") + 1)
        order.refresh_from_db(fields=["version"])
    emails.withdrawn(offer)
    orders.begin_again(order)


# The orderer --------------------------------------------------------------------------------------------------------


@transaction.atomic
def take(offer: Offer, proposals: Sequence[CounterProposal], *, by: User | None) -> None:
    """The orderer takes a time that the expert proposed (all of them, where they are sessions): it is agreed.

    InvalidTransition, Overlap and ValidationError as in `accept`.
    """
    orders.hold(offer.order)
    offer.refresh_from_db(fields=["status"])
    newest = proposed_by(offer, Party.EXPERT)
    wanted = newest if offer.order.times_are_sessions else list(proposals)
    if offer.status == Offer.Status.COUNTERED and (not wanted or not set(wanted) <= set(newest)):
        raise ValidationError(_("The times have changed. Look at them again and choose."))
    times = [Time(one.starts_at, one.ends_at) for one in wanted]
    take_up(wanted, times)
    _accept(offer, times, by=by, allowed=[Offer.Status.COUNTERED])


@transaction.atomic
def counter_back(offer: Offer, times: Sequence[Time], *, by: User | None) -> None:
    """None of the expert's times will do: the orderer proposes others, and it is the expert's turn again."""
    orders.hold(offer.order)
    check_times(offer, times)
    offer.move(to=Offer.Status.OFFERED, allowed_from=[Offer.Status.COUNTERED], by=by, **orders.fresh_turn())
    propose(offer, times, side=Party.ORDERER)
    emails.countered_back(offer)


# Steps --------------------------------------------------------------------------------------------------------------


def _accept(offer: Offer, times: Sequence[Time], *, by: User | None, allowed: Sequence[str], **fields: Any) -> None:
    order = offer.order
    if order.status not in (Status.OPEN, Status.OFFERED):
        raise InvalidTransition(_("This order is agreed on or over already."))
    if not order.terms_are_agreed:
        raise ValidationError(_("Fee, travel, meals and payer are agreed first. The coordinator knows of it."))
    slot = 2 if order.accepted().filter(slot=1).exists() else 1
    offer.move(to=Offer.Status.ACCEPTED, allowed_from=allowed, by=by, slot=slot, **fields, **first_answer(offer))
    sessions = list(order.sessions.all()) if is_fixed_beside(offer) else set_sessions(order, times)
    engage(offer, sessions)
    fee = Decimal(0) if offer.waives_fee else order.fee or Decimal(0)
    FeeState.objects.update_or_create(
        offer=offer,
        defaults={"amount": fee, "is_waived": offer.waives_fee, "agreed_at": timezone.now(), "status": FeeState.Status.AGREED},
    )  # fmt: skip
    if order.accepted().count() >= order.experts_wanted:
        orders.agree(order, by=by)
        return
    emails.first_of_two(offer)
    if not order.offers.unanswered().exists():
        nobody_left(order, by=by)
    for other in order.offers.filter(status=Offer.Status.COUNTERED):  # the time is fixed now
        other.move(to=Offer.Status.OFFERED, allowed_from=[Offer.Status.COUNTERED], by=by, **orders.fresh_turn())


def is_fixed_beside(offer: Offer) -> bool:
    return offer.order.accepted().exclude(pk=offer.pk).exists()


def set_sessions(order: Order, times: Sequence[Time]) -> list[OrderSession]:
    """The agreed times. Sessions that were agreed on before keep their place in calendars and move, or leave it."""
    standing = list(order.sessions.all())
    order.sessions.all().delete()
    kept = iter(standing)
    rows = []
    for time in sorted(times):
        old = next(kept, None)
        row = OrderSession(pk=old.pk if old else None, order=order, starts_at=time.starts_at, ends_at=time.ends_at)
        row.save(force_insert=True)
        rows.append(row)
    if dropped := list(kept):
        emails.sessions_dropped(order, dropped)
    return rows


def engage(offer: Offer, sessions: Sequence[OrderSession]) -> None:
    """Keep the expert's time. Raises Overlap."""
    list(ExpertProfile.objects.select_for_update(no_key=True).filter(key=offer.expert_key).values_list("pk"))
    rows = [
        Engagement(
            offer=offer,
            session=session,
            slot=offer.slot or 1,
            expert_key=offer.expert_key,
            occupied=offer.occupied(session.starts_at, session.ends_at),
        )
        for session in sessions
    ]
    try:
        with transaction.atomic():
            Engagement.objects.bulk_create(rows)
    except IntegrityError as error:
        if "an_expert_is_in_one_place_at_a_time" not in str(error):
            raise
        raise Overlap(_("The expert has agreed to another task at the same time.")) from error


def check_times(offer: Offer, times: Sequence[Time]) -> None:
    if is_fixed(offer.order):
        raise InvalidTransition(_("The time has been agreed on with the first expert. It can be accepted or declined."))
    if not times:
        raise ValidationError(_("Propose at least one time."))
    if len(times) > MOST_TIMES or len(set(times)) < len(times):
        raise ValidationError(_("Propose each time once, and at most %(most)d of them.") % {"most": MOST_TIMES})
    if any(time.ends_at <= time.starts_at for time in times):
        raise ValidationError(_("The end is before the start."))
    if any(time.starts_at <= timezone.now() for time in times):
        raise ValidationError(_("Propose times that are still to come."))


def propose(offer: Offer, times: Sequence[Time], *, side: str) -> None:
    newest = offer.proposals.aggregate(newest=Max("round"))["newest"] or 0
    CounterProposal.objects.bulk_create(
        CounterProposal(offer=offer, by=side, round=newest + 1, starts_at=time.starts_at, ends_at=time.ends_at)
        for time in times
    )


def take_up(proposals: Sequence[CounterProposal], times: Sequence[Time]) -> None:
    taken = [one.pk for one in proposals if Time(one.starts_at, one.ends_at) in times]
    CounterProposal.objects.filter(pk__in=taken).update(taken_at=timezone.now())


def first_answer(offer: Offer) -> dict[str, Any]:
    return {} if offer.answered_at else {"answered_at": timezone.now()}
