"""Many answer at once, with real connections: nobody is in two places, the first wins, and no half is left behind."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from experts import answers, orders
from experts.models import Engagement, FeeState, Offer, Order, OrderSession
from network.models import StatusEvent

from ..network.test_mail_is_not_lost import kill, workers  # noqa: F401  workers is a fixture
from .factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8  # as many connections as a server of ours has


def at_once(*acts) -> Counter:
    """Each act in a thread, eight at a time, as near each other as can be; what came of them."""
    came: list[str] = []
    waiting = iter(acts)
    start, guard = threading.Barrier(min(AT_ONCE, len(acts))), threading.Lock()

    def work() -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            while True:
                with guard:
                    act = next(waiting, None)
                if act is None:
                    return
                try:
                    act()
                    came.append("done")
                except ValidationError as refusal:  # InvalidTransition and Overlap are such
                    came.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _thread in range(min(AT_ONCE, len(acts)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(came)


def accepting(offer: Offer):
    def act() -> None:
        mine = Offer.objects.select_related("order").get(pk=offer.pk)
        answers.accept(mine, answers.alternatives(mine)[0], by=None, travel_minutes=20)

    return act


def test_fifty_acceptances_of_overlapping_sessions_of_one_expert_end_in_one(professional, expert):
    profile = make_profile(expert)
    offers = [
        make_offer(make_order(professional, wish=tomorrow(days=10) + dt.timedelta(minutes=number % 30)), profile)
        for number in range(50)
    ]
    assert at_once(*map(accepting, offers)) == {"done": 1, "Overlap": 49}
    assert (Engagement.objects.count(), OrderSession.objects.count(), FeeState.objects.count()) == (1, 1, 1)
    assert Counter(Order.objects.values_list("status", flat=True)) == {"accepted": 1, "offered": 49}
    assert Counter(Offer.objects.values_list("status", flat=True)) == {"accepted": 1, "offered": 49}


def test_of_twenty_experts_the_first_has_the_task(professional):
    order = make_order(professional)
    offers = [make_offer(order) for _number in range(20)]
    assert at_once(*map(accepting, offers)) == {"done": 1, "InvalidTransition": 19}
    assert Counter(Offer.objects.values_list("status", flat=True)) == {"accepted": 1, "lapsed": 19}
    assert Order.objects.get().status == "accepted"
    assert StatusEvent.objects.of(order).filter(status="accepted").count() == 1


def test_a_pair_gets_two_of_ten_and_not_three(professional):
    order = make_order(professional, experts_wanted=2)
    offers = [make_offer(order) for _number in range(10)]
    assert at_once(*map(accepting, offers))["done"] == 2
    assert sorted(Engagement.objects.values_list("slot", flat=True)) == [1, 2]
    assert OrderSession.objects.count() == 1


def test_accepting_against_cancelling_and_against_proposing_another_time_ends_one_way(professional, expert):
    profile = make_profile(expert)
    for number in range(6):
        offer = make_offer(make_order(professional, wish=tomorrow(days=20 + number)), profile)

        def cancel(pk=offer.order_id) -> None:
            orders.cancel(Order.objects.get(pk=pk), by=None, side="orderer")

        at_once(accepting(offer), cancel)
        order = Order.objects.get(pk=offer.order_id)
        assert order.status == "cancelled"  # cancelling after accepting is possible, the other way is not
        assert not Engagement.objects.filter(offer=offer).exists()

        offer = make_offer(make_order(professional, wish=tomorrow(days=40 + number)), profile)

        def counter(pk=offer.pk) -> None:
            mine = Offer.objects.select_related("order").get(pk=pk)
            start = tomorrow(15, days=3)
            answers.counter(mine, [answers.Time(start, start + dt.timedelta(hours=1))], by=None)

        assert at_once(accepting(offer), counter) == {"done": 1, "InvalidTransition": 1}
        offer.refresh_from_db()
        assert (offer.status, Engagement.objects.filter(offer=offer).count()) in [("accepted", 1), ("countered", 0)]


def test_one_order_is_made_however_often_its_form_is_sent(professional, as_user, region):
    client = as_user(professional)
    page = client.get("/kokemusasiantuntijat/pyyda/")
    data = order_data(page)

    def send() -> None:
        again = as_user(professional)
        assert again.post("/kokemusasiantuntijat/pyyda/", data).status_code == 302

    assert at_once(send, send, send) == {"done": 3}
    assert Order.objects.count() == 1


def order_data(page) -> dict:
    """What a person types at least."""
    form = page.context["form"]
    return {
        "form_key": form["form_key"].value(),
        "task_type": form.fields["task_type"].queryset.get(code="understanding").pk,
        "topic": "Miten kohdata päihteitä käyttävä asiakas",
        "minutes": "60",
        "experts_wanted": "1",
        "day_1": f"{tomorrow(days=9):%Y-%m-%d}",
        "clock_1": "10:00",
        "place_kind": "place",
        "municipality": "205",
        "fee": "120",
        "travel": "Kilometrikorvaus",
        "meals": "Kahvi",
        "payer": "Kirjasto",
        "reopens": "on",
    } | ({"organisation": form["organisation"].value() or form.fields["organisation"].queryset.first().pk} if "organisation" in form.fields else {})  # fmt: skip


def test_a_worker_that_is_killed_after_the_transition_does_not_lose_the_mail(professional, expert, smtp_server, workers, run_worker):  # noqa: F811  # fmt: skip
    """It dies with the mail in its hands, before the server answers."""
    offer = make_offer(make_order(professional), make_profile(expert))
    answers.accept(offer, answers.alternatives(offer)[0], by=expert)
    reached = threading.Event()

    def die(_message):
        reached.set()
        worker.kill()
        worker.wait()
        return "250 taken"

    smtp_server.answer = die
    worker = workers()
    assert reached.wait(60)
    kill(worker)
    smtp_server.answer = lambda _message: "250 taken"
    run_worker()
    assert {message["To"] for message in smtp_server.arrived} == {professional.email, expert.email}
    for message in smtp_server.arrived:
        (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "REQUEST"
