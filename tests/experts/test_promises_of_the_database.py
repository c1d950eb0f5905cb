"""What the database itself refuses, whoever writes."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from experts.models import Consent, ExpertProfile, Offer, Order, OrderFeedback

from .factories import consent, make_offer, make_order, make_profile

pytestmark = pytest.mark.django_db


def refused(write, *, by=IntegrityError) -> None:
    def write_and_check() -> None:
        with transaction.atomic():
            write()
            connection.check_constraints()

    with pytest.raises(by):
        write_and_check()


def test_nothing_is_saved_before_a_first_consent_nor_shown_wider_than_consented():
    refused(lambda: ExpertProfile.objects.create(shown_name="Kaisu"))
    profile = make_profile(None, shown_to="coordinators")
    refused(lambda: ExpertProfile.objects.update(shown_to="members"))
    consent(profile, "members")
    ExpertProfile.objects.update(shown_to="members")
    refused(lambda: ExpertProfile.objects.update(shown_to="public"))


def test_consents_are_only_added():
    make_profile(None)
    refused(lambda: Consent.objects.update(text="Muuta"), by=ProgrammingError)
    refused(lambda: Consent.objects.all().delete(), by=ProgrammingError)


def test_an_order_is_not_accepted_without_an_offer_a_time_and_terms():
    order = make_order()
    refused(lambda: Order.objects.update(status="accepted"))  # no time of acceptance
    refused(lambda: Order.objects.update(status="accepted", accepted_at=order.created_at))  # no offer, no session
    refused(lambda: Order.objects.update(status="accepted", accepted_at=order.created_at, payer=""))


def test_feedback_comes_after_the_end():
    order = make_order()
    refused(lambda: OrderFeedback.objects.create(order=order, side="orderer", went=5, again=5))


def test_an_expert_is_asked_once_and_a_slot_is_for_the_accepted():
    offer = make_offer(make_order())
    refused(lambda: Offer.objects.create(order=offer.order, profile=offer.profile, expert_key=offer.expert_key))
    refused(lambda: Offer.objects.update(slot=1))


@pytest.mark.parametrize("field", ["topic", "hopes", "place", "accessibility", "met_by", "payer"])
def test_no_identity_code_stands_in_an_order(field):
    make_order()
    refused(lambda: Order.objects.update(**{field: "Asiakas 131052-308T"}))
