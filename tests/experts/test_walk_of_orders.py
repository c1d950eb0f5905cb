"""Walks at random: whatever people press in whatever order, the promises hold after each step.

Ten walks each time; `WALKS=1000 pytest tests/experts/test_walk_of_orders.py` takes a thousand.
"""

import datetime as dt
import os

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from experts import answers, endings, orders
from experts.models import Engagement, ExpertProfile, Offer, Order, OrderSession
from network.models import StatusEvent

from ..factories import make_user
from .factories import make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db

ORDERS, EXPERTS = 3, 3
which_order, which_expert = st.integers(0, ORDERS - 1), st.integers(0, EXPERTS - 1)
hour = st.integers(9, 12)

OVERLAPPING = """
    SELECT count(*) FROM experts_engagement one JOIN experts_engagement other
    ON one.expert_key = other.expert_key AND one.id < other.id AND one.occupied && other.occupied
"""


class Walk(RuleBasedStateMachine):
    """Three orders of overlapping times – one for a pair, one that ends when all decline – and three experts."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        orderer = make_user(is_active=False)  # nobody is written to: mails have tests of their own, and take time
        self.orders = [
            make_order(orderer, wish=tomorrow(days=10)),
            make_order(orderer, wish=tomorrow(11, days=10), experts_wanted=2, minutes=90),
            make_order(orderer, wish=tomorrow(days=10), reopens=False),
        ]
        self.profiles = [make_profile(None) for _number in range(EXPERTS)]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def order(self, number: int) -> Order:
        return Order.objects.get(pk=self.orders[number].pk)

    def offer(self, order: int, expert: int) -> Offer | None:
        return (
            Offer.objects.select_related("order")
            .filter(order=self.orders[order], profile=self.profiles[expert])
            .first()
        )

    def press(self, act, *args, **kwargs) -> None:
        """What is refused leaves no trace."""
        try:
            with transaction.atomic():
                act(*args, by=None, **kwargs)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except ValidationError:
            pass

    @rule(order=which_order, expert=which_expert)
    def ask(self, order, expert):
        self.press(orders.ask, self.order(order), [ExpertProfile.objects.get(pk=self.profiles[expert].pk)])

    @rule(order=which_order)
    def ask_all(self, order):
        self.press(orders.ask, self.order(order), self.profiles)

    @rule(order=which_order, expert=which_expert, way=st.sampled_from([0, 30]), waives=st.booleans())
    def accept(self, order, expert, way, waives):
        if (offer := self.offer(order, expert)) and (ways := answers.alternatives(offer)):
            self.press(answers.accept, offer, ways[0], travel_minutes=way, waives_fee=waives)

    @rule(order=which_order, expert=which_expert, hour=hour)
    def counter(self, order, expert, hour):
        if offer := self.offer(order, expert):
            start = tomorrow(hour, days=10)
            self.press(answers.counter, offer, [answers.Time(start, start + dt.timedelta(hours=1))])

    @rule(order=which_order, expert=which_expert, hour=hour)
    def counter_back(self, order, expert, hour):
        if offer := self.offer(order, expert):
            start = tomorrow(hour, days=11)
            self.press(answers.counter_back, offer, [answers.Time(start, start + dt.timedelta(hours=1))])

    @rule(order=which_order, expert=which_expert)
    def take(self, order, expert):
        if offer := self.offer(order, expert):
            self.press(answers.take, offer, list(offer.proposals.order_by("-round")[:1]))

    @rule(order=which_order, expert=which_expert)
    def decline(self, order, expert):
        if offer := self.offer(order, expert):
            self.press(answers.decline, offer)

    @rule(order=which_order, expert=which_expert)
    def withdraw(self, order, expert):
        if offer := self.offer(order, expert):
            self.press(answers.withdraw, offer)

    @rule(order=which_order)
    def settle(self, order):
        self.press(orders.settle_for_one, self.order(order))

    @rule(order=which_order, sure=st.integers(0, 5))
    def cancel(self, order, sure):
        if sure == 0:  # seldom, so that walks are long
            self.press(orders.cancel, self.order(order), side="orderer")

    @rule(order=which_order, sure=st.integers(0, 3))
    def end(self, order, sure):
        if sure == 0:
            start = tomorrow(8, days=-1)
            for session in OrderSession.objects.filter(order=self.orders[order], order__status="accepted"):
                OrderSession.objects.filter(pk=session.pk).update(
                    starts_at=start, ends_at=start + dt.timedelta(hours=1)
                )
                start += dt.timedelta(hours=2)
            self.press(endings.done, self.order(order))

    @rule(order=which_order)
    def not_held(self, order):
        self.press(endings.not_held, self.order(order))

    @invariant()
    def promises_hold(self):
        with connection.cursor() as cursor:
            cursor.execute(OVERLAPPING)
            assert cursor.fetchone() == (0,)
        all_offers = list(Offer.objects.select_related("fee"))
        engaged = list(Engagement.objects.values_list("offer_id", "session__order_id"))
        for order in Order.objects.prefetch_related("sessions"):
            offers = [offer for offer in all_offers if offer.order_id == order.pk]
            accepted = [offer for offer in offers if offer.status == "accepted"]
            unanswered = [offer for offer in offers if offer.is_unanswered]
            assert bool(unanswered) == (order.status == "offered"), order.status
            if order.status in ("accepted", "done", "not-held"):
                assert len(accepted) == order.experts_wanted
            if order.status == "cancelled":
                assert not accepted
            assert sorted(offer.slot for offer in accepted) == list(range(1, len(accepted) + 1)) or len(accepted) == 1
            for offer in offers:
                times = [pk for pk, _order in engaged if pk == offer.pk]
                assert len(times) == (order.sessions.count() if offer.status == "accepted" else 0)
            for offer in accepted:
                states = {"accepted": "agreed", "done": "done", "not-held": "void"}
                assert offer.fee.status == states.get(order.status, "agreed")
        newest = {
            (model, pk): status
            for model, pk, status in StatusEvent.objects.order_by("pk").values_list(
                "subject_type__model", "subject_id", "status"
            )
        }
        for offer in all_offers:
            assert newest["offer", offer.pk] == offer.status


def test_walks_at_random_keep_every_promise():
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=int(os.environ.get("WALKS", "10")),
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
