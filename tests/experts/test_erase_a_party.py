"""Who is erased leaves counts: no name, no free text; consents stay on a key that leads to nobody."""

import pytest

from experts import answers
from experts.models import Consent, Engagement, ExpertProfile, Offer, Order
from network import personal_data
from network.models import User

from .factories import make_offer, make_order, make_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(professional, expert):
    offer = make_offer(make_order(professional, place="Kirjasto"), make_profile(expert))
    answers.accept(offer, answers.alternatives(offer)[0], by=expert)
    return offer


def test_an_erased_expert_leaves_consents_and_counts_and_a_stand_in_is_looked_for(agreed, expert):
    personal_data.erase(expert)
    assert not ExpertProfile.objects.exists()
    assert Consent.objects.filter(expert_key=agreed.expert_key).count() == 2
    offer = Offer.objects.get()
    assert (offer.status, offer.profile, offer.order.status) == ("withdrawn", None, "open")
    assert not Engagement.objects.exists()


def test_an_erased_orderers_orders_are_cancelled_and_nameless(agreed, professional):
    personal_data.erase(professional)
    order = Order.objects.get()
    assert (order.status, order.ordered_by, order.topic, order.place) == ("cancelled", None, "", "")
    assert not User.objects.filter(email="professional@example.org").exists()
