"""The demo's experts and order: invented, saying so, and made once."""

import pytest

from config import demo_orders
from experts.models import ExpertProfile, Order

pytestmark = pytest.mark.django_db


def test_two_experts_and_an_open_order_are_there_once(coordinator, professional, expert, parish, as_user):
    people = {"coordinator": coordinator, "professional": professional, "expert": expert}
    for _start in range(2):
        demo_orders.make(people, {"professional": parish})
    assert sorted(ExpertProfile.objects.values_list("shown_name", flat=True)) == ["Kaisu (demo)", "Veikko (demo)"]
    order = Order.objects.get()
    assert (order.status, order.terms_are_agreed, order.organisation) == ("open", True, parish)
    assert "(demo)" in order.topic
    coordinator.refresh_from_db()
    assert coordinator.is_expert_coordinator
    assert as_user(professional).get(order.get_absolute_url()).status_code == 200
