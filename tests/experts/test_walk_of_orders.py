"""Walks at random: whatever people press in whatever order, the promises hold after each step.

A thousand short walks each time, all over one ground that each leaves as it was. They press verbs, not pages, and no mail
is written; a press is one savepoint, and what was refused is rolled back whole, so that nothing is asked after it.
`WALKS=100 STEPS=40 pytest tests/experts/test_walk_of_orders.py` takes other ones.
"""

import datetime as dt
import os
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from experts import answers, emails, endings, orders
from experts.models import Offer, Order, OrderSession

from ..factories import make_user
from .factories import make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db

ORDERS, EXPERTS = 3, 3
which_order, which_expert = st.integers(0, ORDERS - 1), st.integers(0, EXPERTS - 1)
hour, sure = st.integers(9, 12), st.integers(0, 3)

# Each finds rows that break it.
PROMISES = {
    "an expert is in one place at a time": """
        experts_engagement one JOIN experts_engagement other ON one.expert_key = other.expert_key
        AND one.id < other.id AND one.occupied && other.occupied""",
    "somebody is asked as long as the order says so": """
        experts_order o WHERE (o.status = 'offered') <> EXISTS (
            SELECT FROM experts_offer f WHERE f.order_id = o.id AND f.status IN ('offered', 'countered'))""",
    "an agreed order has as many experts as were wanted": """
        experts_order o WHERE o.status IN ('accepted', 'done', 'not-held') AND o.experts_wanted <> (
            SELECT count(*) FROM experts_offer f WHERE f.order_id = o.id AND f.status = 'accepted')""",
    "no order has more": """
        experts_order o WHERE o.experts_wanted < (
            SELECT count(*) FROM experts_offer f WHERE f.order_id = o.id AND f.status = 'accepted')""",
    "a cancelled order keeps nobody": """
        experts_order o JOIN experts_offer f ON f.order_id = o.id WHERE o.status = 'cancelled' AND f.status = 'accepted'""",
    "who has accepted is engaged at each session, and nobody else": """
        experts_offer f WHERE (SELECT count(*) FROM experts_engagement e WHERE e.offer_id = f.id) <> CASE
            WHEN f.status = 'accepted' THEN (SELECT count(*) FROM experts_ordersession s WHERE s.order_id = f.order_id)
            ELSE 0 END""",
    "the fee goes with the task": """
        experts_offer f JOIN experts_order o ON o.id = f.order_id LEFT JOIN experts_feestate fee ON fee.offer_id = f.id
        WHERE f.status = 'accepted' AND fee.status IS DISTINCT FROM CASE o.status
            WHEN 'done' THEN 'done' WHEN 'not-held' THEN 'void' ELSE 'agreed' END""",
    "nobody is paid who does not come": """
        experts_offer f JOIN experts_feestate fee ON fee.offer_id = f.id WHERE f.status <> 'accepted' AND fee.status <> 'void'""",
    "the newest event tells the state of a request": """
        experts_offer f WHERE f.status IS DISTINCT FROM (
            SELECT e.status FROM network_statusevent e WHERE e.subject_type_id = {offer} AND e.subject_id = f.id
            ORDER BY e.id DESC LIMIT 1)""",
    "the newest event tells the state of an order": """
        experts_order o WHERE o.status <> 'open' AND o.status IS DISTINCT FROM (
            SELECT e.status FROM network_statusevent e WHERE e.subject_type_id = {order} AND e.subject_id = o.id
            ORDER BY e.id DESC LIMIT 1)""",
}


@pytest.fixture
def ground(monkeypatch):
    """Three orders of overlapping times – one for a pair, one that ends when all decline – and three experts, asked of all
    but one. Mails have tests of their own, and take time."""
    for name in ("to_orderer", "to_expert", "to_coordinators", "times_of"):
        monkeypatch.setattr(emails, name, lambda *_args, **_kwargs: None)
    orderer = make_user()
    types = {model._meta.model_name: ContentType.objects.get_for_model(model).pk for model in (Order, Offer)}
    broken = " UNION ALL ".join(
        f"(SELECT '{name}' FROM {rows.format(**types)} LIMIT 1)"  # noqa: S608  our own words
        for name, rows in PROMISES.items()
    )
    placed = [
        make_order(orderer, wish=tomorrow(days=10)),
        make_order(orderer, wish=tomorrow(11, days=10), experts_wanted=2, minutes=90),
        make_order(orderer, wish=tomorrow(days=10), reopens=False),
    ]
    profiles = [make_profile(None) for _number in range(EXPERTS)]
    for order in placed[:2]:
        orders.ask(order, profiles, by=None)
    orders.ask(placed[2], profiles[:2], by=None)
    execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; PREPARE broken AS {broken}")
    monkeypatch.setattr(connection.features, "uses_savepoints", False)  # half of all statements would be those of steps
    yield SimpleNamespace(orders=placed, profiles=profiles)
    execute("DEALLOCATE broken")


def execute(statements: str) -> list:
    """The rows of the last one."""
    with connection.cursor() as cursor:
        cursor.execute(statements)
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []


class Walk(RuleBasedStateMachine):
    def __init__(self, ground: SimpleNamespace) -> None:
        super().__init__()
        self.orders, self.profiles = ground.orders, ground.profiles
        execute("SAVEPOINT walk; SAVEPOINT press")

    def teardown(self) -> None:
        execute("ROLLBACK TO SAVEPOINT walk; RELEASE SAVEPOINT walk")

    def order(self, number: int) -> Order:
        """Nothing but which it is: each verb reads it anew when it holds it."""
        return Order(pk=self.orders[number].pk)

    def offer(self, order: int, expert: int, sure: int, *states: str) -> Offer | None:
        """The request, when it is in one of the states; one time in four (`sure` is 0) in whatever state it is."""
        found = Offer.objects.filter(order=self.orders[order], profile=self.profiles[expert]).first()
        if found is None or (sure and found.status not in states):
            return None
        found.order = self.order(order)
        return found

    def press(self, act, *args, **kwargs) -> None:
        """What is refused leaves no trace: each verb is one transaction. After the others all promises hold."""
        try:
            act(*args, by=None, **kwargs)
        except ValidationError:
            transaction.set_rollback(False)
            execute("ROLLBACK TO SAVEPOINT press")
        else:
            checked = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SAVEPOINT press; EXECUTE broken"
            assert execute(checked) == []

    @rule(order=which_order, expert=which_expert)
    def ask(self, order, expert):
        self.press(orders.ask, self.order(order), [self.profiles[expert]])

    @rule(order=which_order, expert=which_expert, sure=sure, way=st.sampled_from([0, 30]), waives=st.booleans())
    def accept(self, order, expert, sure, way, waives):
        if (offer := self.offer(order, expert, sure, "offered")) and (ways := answers.alternatives(offer)):
            self.press(answers.accept, offer, ways[0], travel_minutes=way, waives_fee=waives)

    @rule(order=which_order, expert=which_expert, sure=sure, hour=hour)
    def counter(self, order, expert, sure, hour):
        if offer := self.offer(order, expert, sure, "offered"):
            start = tomorrow(hour, days=10)
            self.press(answers.counter, offer, [answers.Time(start, start + dt.timedelta(hours=1))])

    @rule(order=which_order, expert=which_expert, sure=sure, hour=hour)
    def counter_back(self, order, expert, sure, hour):
        if offer := self.offer(order, expert, sure, "countered"):
            start = tomorrow(hour, days=11)
            self.press(answers.counter_back, offer, [answers.Time(start, start + dt.timedelta(hours=1))])

    @rule(order=which_order, expert=which_expert, sure=sure)
    def take(self, order, expert, sure):
        if offer := self.offer(order, expert, sure, "countered"):
            self.press(answers.take, offer, list(offer.proposals.order_by("-round")[:1]))

    @rule(order=which_order, expert=which_expert, sure=sure)
    def decline(self, order, expert, sure):
        if offer := self.offer(order, expert, sure, "offered", "countered"):
            self.press(answers.decline, offer)

    @rule(order=which_order, expert=which_expert, sure=sure)
    def withdraw(self, order, expert, sure):
        if offer := self.offer(order, expert, sure, "accepted"):
            self.press(answers.withdraw, offer)

    @rule(order=which_order, sure=sure)
    def settle(self, order, sure):
        if sure == 0 or order == 1:  # the one for a pair
            self.press(orders.settle_for_one, self.order(order))

    @rule(order=which_order, sure=st.integers(0, 5))
    def cancel(self, order, sure):
        if sure == 0:  # seldom, so that walks are long
            self.press(orders.cancel, self.order(order), side="orderer")

    @rule(order=which_order, sure=sure)
    def end(self, order, sure):
        if sure == 0:
            start = tomorrow(8, days=-1)
            for session in OrderSession.objects.filter(order=self.orders[order], order__status="accepted"):
                OrderSession.objects.filter(pk=session.pk).update(
                    starts_at=start, ends_at=start + dt.timedelta(hours=1)
                )
                start += dt.timedelta(hours=2)
            self.press(endings.done, self.order(order))

    @rule(order=which_order, sure=sure)
    def not_held(self, order, sure):
        if sure == 0:
            self.press(endings.not_held, self.order(order))


def test_walks_at_random_keep_every_promise(ground):
    run_state_machine_as_test(
        lambda: Walk(ground),
        settings=settings(
            max_examples=int(os.environ.get("WALKS", "1000")),
            stateful_step_count=int(os.environ.get("STEPS", "4")),
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
