"""What is left of an order when nobody is to be told from it: the counts of a season."""

from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from network.models import StatusEvent
from network.transitions import InvalidTransition

from . import answers, orders
from .models import ExpertProfile, Offer, Order, OrderFeedback, OrderMessage

LEFT_OUT = "–"


@transaction.atomic
def anonymise(chosen: QuerySet[Order]) -> int:
    """Take persons and free text off orders that are over. How many there were."""
    pks = list(chosen.over().order_by().values_list("pk", flat=True))  # type: ignore[attr-defined]
    told = Order.objects.filter(pk__in=pks)
    OrderMessage.objects.filter(order__in=pks).delete()
    OrderFeedback.objects.filter(order__in=pks).update(comment="", may_quote=False, quoted_as="")
    Offer.objects.filter(order__in=pks).update(reason="", profile=None)
    StatusEvent.objects.filter(
        subject_type__model="order", subject_type__app_label="experts", subject_id__in=pks
    ).update(by=None, note="")
    told.update(
        ordered_by=None, contact_name="", contact_email="", contact_phone="", organisation_name="", topic="", hopes="",
        place="", accessibility="", met_by="", travel=LEFT_OUT, meals=LEFT_OUT, payer=LEFT_OUT, reason="", wished=None,
        service=None, agenda_item=None, anonymised_at=timezone.now(),
    )  # fmt: skip
    return len(pks)


def erase_orderer(placed: QuerySet[Order]) -> None:
    """The orders of a person who is erased: those under way are cancelled, all are counts from now on."""
    pks = list(placed.values_list("pk", flat=True))
    for order in Order.objects.under_way().filter(pk__in=pks):
        orders.cancel(order, by=None, side=Order.Party.ORDERER)
    anonymise(Order.objects.filter(pk__in=pks))


def erase_expert(profiles: QuerySet[ExpertProfile]) -> None:
    """The profile goes; consents stay on a key that nobody can read any more, and so do the orders' counts.

    What she was asked is declined, and from what she has accepted she withdraws: a stand-in is looked for.
    """
    keys = list(profiles.values_list("key", flat=True))
    for offer in Offer.objects.filter(expert_key__in=keys).select_related("order"):
        with suppress(InvalidTransition):  # the task has begun or is over
            if offer.is_unanswered:
                answers.decline(offer, by=None)
            elif offer.status == Offer.Status.ACCEPTED:
                answers.withdraw(offer, by=None)
    profiles.delete()
