"""An order from asking to being agreed: placed, reviewed, asked of experts, changed, cancelled.

Each verb is one transaction that first holds the order's row, so that what is done to one order and its requests comes
one after the other; the guarded UPDATE of each transition then decides. See `experts.answers` for what experts do.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import StatusEvent, User
from network.transitions import InvalidTransition

from . import emails, matching
from .models import ActivitySettings, Engagement, ExpertProfile, FeeState, Offer, Order, OrderMessage, TimeWish

Status, Party = Order.Status, Order.Party


def hold(order: Order) -> None:
    """Wait for whoever changes this order now, and read it anew. Inside a transaction."""
    order.refresh_from_db(from_queryset=Order.objects.select_for_update(no_key=True))


@transaction.atomic
def place(
    order: Order, *, wishes: Sequence[TimeWish], themes: Iterable[Any] = (), by: User | None, review: bool
) -> None:
    """Save a new order. One of a guest waits for review; another is asked of experts as the network has set."""
    order.status = Status.REVIEW if review else Status.OPEN
    order.save(force_insert=True)
    order.themes.set(themes)
    for wish in wishes:
        wish.order = order
        wish.save(force_insert=True)
    StatusEvent.objects.create(subject=order, status=order.status, by=by)
    emails.order_placed(order)
    if review:
        emails.order_waits(order)
    else:
        begin(order, by=by)


def begin(order: Order, *, by: User | None) -> None:
    """Ask the wished expert, or all suitable ones when the network has set so; else the coordinator chooses."""
    if order.wished and not order.wished.is_paused:
        ask(order, [order.wished], by=by)
        return
    ask_all_or_wait(order, by=by)


def ask_all_or_wait(order: Order, *, by: User | None) -> None:
    """Ask everybody who suits, when the network has set so and there is somebody; else tell the coordinators."""
    at_once = ActivitySettings.current().sending == ActivitySettings.Sending.AT_ONCE
    if not (at_once and ask(order, list(matching.suitable(order)), by=by)):
        emails.order_waits(order)


def begin_again(order: Order) -> None:
    """Somebody has withdrawn: a stand-in is looked for, at once when the network has set so."""
    order.refresh_from_db()
    if order.status == Status.OPEN:
        ask_all_or_wait(order, by=None)
    else:
        emails.order_waits(order)


@transaction.atomic
def approve(order: Order, *, by: User) -> None:
    """A coordinator has looked at a guest's order."""
    hold(order)
    order.move(to=Status.OPEN, allowed_from=[Status.REVIEW], by=by)
    emails.order_approved(order)
    begin(order, by=by)


@transaction.atomic
def ask(order: Order, profiles: Sequence[ExpertProfile], *, by: User | None) -> int:
    """Ask these experts; who was let go before is asked anew. How many were asked now.

    InvalidTransition when the order is agreed or over.
    """
    hold(order)
    if order.status not in (Status.OPEN, Status.OFFERED):
        raise InvalidTransition(_("Experts cannot be asked for this order now."))
    count = sum(_ask_one(order, profile, by) for profile in profiles)
    if count and order.status == Status.OPEN:
        at = order.offered_at or timezone.now()
        order.move(to=Status.OFFERED, allowed_from=[Status.OPEN], by=by, offered_at=at)
    return count


def _ask_one(order: Order, profile: ExpertProfile, by: User | None) -> bool:
    """False when she has been asked and it is not over by somebody being faster."""
    offer = Offer.objects.filter(order=order, expert_key=profile.key).first()
    if offer is None:
        offer = Offer.objects.create(order=order, profile=profile, expert_key=profile.key)
        StatusEvent.objects.create(subject=offer, status=Offer.Status.OFFERED, by=by)
    elif offer.status == Offer.Status.LAPSED:
        offer.move(to=Offer.Status.OFFERED, allowed_from=[Offer.Status.LAPSED], by=by, **fresh_turn())
    else:
        return False
    emails.asked(offer)
    return True


def fresh_turn() -> dict[str, Any]:
    """What is written when it becomes somebody's turn: the reminders start anew."""
    return {"turn_since": timezone.now(), "reminded_at": None, "escalated_at": None}


@transaction.atomic
def change_terms(order: Order, *, by: User | None, **terms: Any) -> None:
    """Fee, travel, meals, payer, and what is told of the place, until somebody has agreed to them."""
    hold(order)
    if order.status not in (Status.REVIEW, Status.OPEN, Status.OFFERED) or order.accepted().exists():
        raise InvalidTransition(_("What has been agreed on is not changed here: write to the other side."))
    Order.objects.filter(pk=order.pk).update(**terms)
    order.refresh_from_db()
    StatusEvent.objects.create(subject=order, status="terms", by=by)
    for offer in order.offers.to_answer().select_related("profile__person"):
        emails.terms_changed(offer)


@transaction.atomic
def settle_for_one(order: Order, *, by: User | None) -> None:
    """Two were wanted, one has accepted: that will do."""
    hold(order)
    if order.experts_wanted != 2 or order.accepted().count() != 1 or order.status not in (Status.OPEN, Status.OFFERED):
        raise InvalidTransition(_("This is not possible now."))
    Order.objects.filter(pk=order.pk).update(experts_wanted=1)
    agree(order, by=by)


def agree(order: Order, *, by: User | None) -> None:
    """All who were wanted have accepted: nobody else is asked any more. The order is held."""
    order.move(
        to=Status.ACCEPTED,
        allowed_from=[Status.OPEN, Status.OFFERED],
        by=by,
        accepted_at=timezone.now(),
        version=F("version") + 1,
    )
    let_go(order, by=by, tell=True)
    emails.order_agreed(order)


def let_go(order: Order, *, by: User | None, tell: bool) -> None:
    """Whoever has not answered is asked no longer."""
    for offer in order.offers.unanswered().select_related("profile__person"):
        offer.move(to=Offer.Status.LAPSED, allowed_from=Offer.UNANSWERED, by=by)
        if tell:
            emails.let_go(offer)


@transaction.atomic
def cancel(order: Order, *, by: User | None, side: str, reason: str = "") -> None:
    """Call the whole order off; calendars lose it. InvalidTransition when it is over already."""
    hold(order)
    accepted = list(order.accepted())
    order.move(
        to=Status.CANCELLED,
        allowed_from=Order.UNDER_WAY,
        by=by,
        ended_at=timezone.now(),
        ended_by=side,
        reason=reason,
        version=F("version") + 1,
    )
    emails.order_cancelled(order, accepted)
    let_go(order, by=by, tell=True)
    for offer in accepted:  # the mails have been written: they name who had accepted
        release(offer, to=Offer.Status.LAPSED, by=by)


def release(offer: Offer, *, to: str, by: User | None) -> None:
    """An accepted expert is free again, and nothing is to be paid."""
    offer.move(to=to, allowed_from=[Offer.Status.ACCEPTED], by=by, slot=None)
    Engagement.objects.filter(offer=offer).delete()
    for fee in FeeState.objects.filter(offer=offer):
        fee.move(to=FeeState.Status.VOID, allowed_from=[FeeState.Status.AGREED, FeeState.Status.DONE], by=by)


@transaction.atomic
def write(order: Order, *, side: str, by: User | None, body: str, offer: Offer | None = None) -> OrderMessage:
    """A message to the other side, on the order's page. The mail tells only that there is one.

    Which of an expert's messages are whose: see `OrderMessage`. ValidationError when nothing was written.
    """
    if not body.strip():
        raise ValidationError(_("Write the message first."))
    hold(order)
    if order.anonymised_at:
        raise InvalidTransition(_("This order was over long ago."))
    message = OrderMessage.objects.create(order=order, offer=offer, side=side, author=by, body=body.strip())
    emails.message_came(message)
    return message
