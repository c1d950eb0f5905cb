"""After the agreed time: done or not held, the fee on its way, and how it went."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from network.transitions import InvalidTransition

from . import emails, orders
from .models import FeeState, Offer, Order, OrderFeedback
from .orders import Status

Fee = FeeState.Status


@transaction.atomic
def done(order: Order, *, by: User | None) -> None:
    """It was held. Fees are to be reported, and both sides are asked how it went."""
    orders.hold(order)
    last = order.sessions.aggregate(last=Max("ends_at"))["last"]
    if order.status == Status.ACCEPTED and last and last > timezone.now():
        raise InvalidTransition(_("This is told when the last session is over."))
    order.move(to=Status.DONE, allowed_from=[Status.ACCEPTED], by=by, ended_at=timezone.now())
    for fee in FeeState.objects.filter(offer__order=order, status=Fee.AGREED):
        fee.move(to=Fee.DONE, allowed_from=[Fee.AGREED], by=by, done_at=timezone.now())
    emails.how_did_it_go(order)


@transaction.atomic
def not_held(order: Order, *, by: User | None, reason: str = "") -> None:
    """It did not happen although it was agreed. What has been reported or paid stays as it is."""
    orders.hold(order)
    first = order.sessions.order_by("starts_at").first()
    if order.status == Status.ACCEPTED and first and first.starts_at > timezone.now():
        raise InvalidTransition(_("It is still to come. Cancel it if it is not held."))
    if order.feedback.exists():
        raise InvalidTransition(_("Feedback has been given: it was held."))
    order.move(
        to=Status.NOT_HELD,
        allowed_from=[Status.ACCEPTED, Status.DONE],
        by=by,
        ended_at=timezone.now(),
        reason=reason,
        version=F("version") + 1,
    )
    for fee in FeeState.objects.filter(offer__order=order, status__in=[Fee.AGREED, Fee.DONE]):
        fee.move(to=Fee.VOID, allowed_from=[Fee.AGREED, Fee.DONE], by=by)
    emails.not_held(order)


def finish_all() -> int:
    """Orders whose last session is over are done. How many there were."""
    over = (
        Order.objects.filter(status=Status.ACCEPTED)
        .annotate(last=Max("sessions__ends_at"))
        .filter(last__lt=timezone.now())
    )
    count = 0
    for order in over.order_by("pk"):
        try:
            done(order, by=None)
        except InvalidTransition:  # somebody has told of it meanwhile
            continue
        count += 1
    return count


# Money --------------------------------------------------------------------------------------------------------------


def report(fee: FeeState, *, by: User, travel: Decimal | None = None, meals: Decimal | None = None) -> None:
    """What is to be paid was told to the payer, with travel and meals as they came to."""
    sums: dict[str, Any] = {"travel": travel, "meals": meals}
    told = {name: value for name, value in sums.items() if value is not None}
    fee.move(to=Fee.REPORTED, allowed_from=[Fee.DONE], by=by, reported_at=timezone.now(), **told)


def pay(fee: FeeState, *, by: User) -> None:
    fee.move(to=Fee.PAID, allowed_from=[Fee.REPORTED], by=by, paid_at=timezone.now())


@transaction.atomic
def move_fees(
    fees: Iterable[FeeState], to: str, *, by: User, costs: Mapping[int, Mapping[str, Decimal]] | None = None
) -> int:
    """Several at once; what was moved by somebody else meanwhile is left out. How many moved.

    `costs`: travel and meals as they came to, by the fee's id; told when it is reported.
    """
    count = 0
    for fee in fees:
        try:
            if to == Fee.REPORTED:
                report(fee, by=by, **(costs or {}).get(fee.pk, {}))
            else:
                pay(fee, by=by)
        except InvalidTransition:
            continue
        count += 1
    return count


# How it went --------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_feedback(
    order: Order, *, side: str, offer: Offer | None, went: int, again: int, comment: str = "", quoted_as: str = "", may_quote: bool = False
) -> OrderFeedback:  # fmt: skip
    """Once from each side, after the end only. InvalidTransition otherwise."""
    orders.hold(order)
    if order.status != Status.DONE:
        raise InvalidTransition(_("Feedback is given when the task is done."))
    quote = {"may_quote": may_quote, "quoted_as": quoted_as if may_quote else ""}
    try:
        with transaction.atomic():
            return OrderFeedback.objects.create(
                order=order, side=side, offer=offer, went=went, again=again, comment=comment, **quote
            )
    except IntegrityError as error:
        if "each_side_gives_its_feedback_once" not in str(error):
            raise
        raise InvalidTransition(_("Feedback has been given already.")) from error
