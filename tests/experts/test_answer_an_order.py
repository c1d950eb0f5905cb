"""Experts answer: they accept, propose another time, decline, withdraw; the first who accepts has the task."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from experts import answers, orders
from experts.answers import Overlap, Time
from experts.models import Engagement, FeeState, Offer, Order, OrderSession
from network.models import StatusEvent
from network.transitions import InvalidTransition

from ..factories import make_user
from .factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db


def first_of(offer: Offer) -> list[Time]:
    return answers.alternatives(offer)[0]


def hours(start: dt.datetime, number: int = 1) -> list[Time]:
    return [Time(start, start + dt.timedelta(hours=number))]


@pytest.fixture
def asked(professional, expert):
    """An order of the professional's, asked of one expert with an account."""
    return make_offer(make_order(professional), make_profile(expert, shown_name="Kaisu"))


def test_accepting_agrees_the_time_and_the_fee_and_tells_both(asked, professional, expert, mailbox):
    answers.accept(asked, first_of(asked), by=expert, travel_minutes=30)
    order = Order.objects.get()
    assert (order.status, asked.status, asked.slot, order.version) == ("accepted", "accepted", 1, 1)
    session, engagement, fee = OrderSession.objects.get(), Engagement.objects.get(), FeeState.objects.get()
    assert engagement.occupied.lower == session.starts_at - dt.timedelta(minutes=30)
    assert engagement.occupied.upper == session.ends_at + dt.timedelta(minutes=30)
    assert (fee.amount, fee.status, fee.is_waived) == (100, "agreed", False)
    assert sorted(message.address for message in mailbox) == sorted([professional.email, expert.email])
    for message in mailbox:
        assert "METHOD:REQUEST" in message.calendar
        assert f"UID:order-{order.pk}-{session.pk}@" in message.calendar
        assert professional.email not in message.calendar
        assert expert.email not in message.calendar
        assert order.topic not in message.text + message.subject + message.calendar


def test_each_step_leaves_an_event_with_its_actor(asked, expert):
    answers.accept(asked, first_of(asked), by=expert)
    assert [(event.status, event.by) for event in StatusEvent.objects.of(asked)] == [("accepted", expert)]
    assert [event.status for event in StatusEvent.objects.of(asked.order)] == ["accepted"]


def test_the_fee_may_be_waived_by_the_experts_own_choice(asked, expert):
    answers.accept(asked, first_of(asked), by=expert, waives_fee=True)
    fee = FeeState.objects.get()
    assert (fee.amount, fee.is_waived) == (0, True)


def test_nothing_is_accepted_before_fee_travel_meals_and_payer_are_told(professional):
    offer = make_offer(make_order(professional, fee=None))
    with pytest.raises(ValidationError):
        answers.accept(offer, first_of(offer), by=None)
    offer.refresh_from_db()
    assert offer.status == "offered"
    orders.change_terms(offer.order, by=professional, fee=50)
    answers.accept(offer, first_of(offer), by=None)


def test_a_time_that_nobody_proposed_is_refused(asked):
    with pytest.raises(ValidationError):
        answers.accept(asked, hours(tomorrow(15)), by=None)
    assert not OrderSession.objects.exists()


def test_the_first_who_accepts_has_the_task_and_the_others_are_let_go(asked, mailbox):
    order = asked.order
    others = [make_offer(order) for _number in range(2)]
    answers.accept(others[0], first_of(others[0]), by=None)
    with pytest.raises(InvalidTransition):
        answers.accept(asked, first_of(asked), by=None)
    assert sorted(order.offers.values_list("status", flat=True)) == ["accepted", "lapsed", "lapsed"]
    assert any(message.event == f"offer-let-go:{asked.pk}" for message in mailbox)


def test_two_are_wanted_the_second_takes_the_same_time(professional):
    order = make_order(professional, experts_wanted=2)
    first, second, third = (make_offer(order) for _number in range(3))
    answers.accept(first, first_of(first), by=None)
    order.refresh_from_db()
    assert order.status == "offered"
    with pytest.raises(InvalidTransition):
        answers.counter(third, hours(tomorrow(12)), by=None)
    answers.accept(second, first_of(second), by=None)
    order.refresh_from_db()
    assert order.status == "accepted"
    assert sorted(Engagement.objects.values_list("slot", flat=True)) == [1, 2]
    assert OrderSession.objects.count() == 1


def test_one_will_do_when_the_second_does_not_come(professional):
    order = make_order(professional, experts_wanted=2)
    first, second = make_offer(order), make_offer(order)
    answers.accept(first, first_of(first), by=None)
    orders.settle_for_one(order, by=professional)
    second.refresh_from_db()
    assert (order.status, second.status) == ("accepted", "lapsed")


def test_when_the_second_of_a_pair_declines_the_coordinator_looks_for_another(
    professional, expert_coordinator, mailbox
):
    order = make_order(professional, experts_wanted=2)
    first, second = make_offer(order), make_offer(order)
    answers.accept(first, first_of(first), by=None)
    answers.decline(second, by=None)
    order.refresh_from_db()
    assert order.status == "open"
    assert mailbox.to(expert_coordinator.email)


def test_another_time_is_proposed_taken_and_agreed(asked, professional, expert, mailbox):
    at = tomorrow(13, days=12)
    answers.counter(asked, [*hours(at), *hours(tomorrow(9, days=13))], by=expert, travel_minutes=15)
    assert asked.status == "countered"
    assert [message.address for message in mailbox] == [professional.email]
    answers.take(asked, [asked.proposals.first()], by=professional)
    order = Order.objects.get()
    assert (order.status, OrderSession.objects.get().starts_at) == ("accepted", at)
    assert list(asked.proposals.filter(taken_at__isnull=False).values_list("starts_at", flat=True)) == [at]
    assert Engagement.objects.get().occupied.lower == at - dt.timedelta(minutes=15)


def test_the_orderer_may_propose_back_and_the_expert_accepts_that(asked, professional, expert):
    answers.counter(asked, hours(tomorrow(13)), by=expert)
    at = tomorrow(14, days=20)
    answers.counter_back(asked, hours(at), by=professional)
    assert asked.status == "offered"
    assert answers.alternatives(asked) == [hours(at)]
    answers.accept(asked, hours(at), by=expert)
    assert [row.by for row in asked.proposals.filter(taken_at__isnull=False)] == ["orderer"]


def test_a_proposal_is_taken_only_by_its_newest_round(asked, professional, expert):
    answers.counter(asked, hours(tomorrow(13)), by=expert)
    old = asked.proposals.get()
    answers.counter_back(asked, hours(tomorrow(14)), by=professional)
    answers.counter(asked, hours(tomorrow(15)), by=expert)
    with pytest.raises(ValidationError):
        answers.take(asked, [old], by=professional)


def test_sessions_of_one_task_are_accepted_together(professional):
    order = make_order(professional, times_are_sessions=True)
    order.wishes.create(starts_at=tomorrow(12, days=30), ends_at=tomorrow(13, days=30))
    offer = make_offer(order)
    assert len(answers.alternatives(offer)) == 1
    answers.accept(offer, first_of(offer), by=None)
    assert (OrderSession.objects.count(), Engagement.objects.count()) == (2, 2)


def test_two_tasks_at_the_same_time_are_impossible_with_the_way_there(professional, expert):
    profile = make_profile(expert)
    first, second = make_offer(make_order(professional), profile), None
    answers.accept(first, first_of(first), by=expert, travel_minutes=45)
    second = make_offer(make_order(professional, wish=tomorrow(11, days=10)), profile)
    with pytest.raises(Overlap):
        answers.accept(second, first_of(second), by=expert)
    second.refresh_from_db()
    assert second.status == "offered"
    assert Order.objects.get(pk=second.order_id).status == "offered"
    third = make_offer(make_order(professional, wish=tomorrow(12, days=10)), profile)
    answers.accept(third, first_of(third), by=expert)


def test_declining_with_a_reason_tells_it_on_the_page_and_not_in_the_mail(asked, professional, expert, mailbox):
    answers.decline(asked, by=expert, because="time", reason="Olen matkalla")
    assert (asked.because, asked.reason) == ("time", "Olen matkalla")
    (message,) = mailbox.to(professional.email)
    assert "Olen matkalla" not in message.text


def test_when_all_decline_the_order_is_open_again_if_the_orderer_allows_it(professional, expert_coordinator, mailbox):
    order = make_order(professional)
    for offer in [make_offer(order), make_offer(order)]:
        answers.decline(offer, by=None)
    order.refresh_from_db()
    assert order.status == "open"
    assert mailbox.to(expert_coordinator.email)


def test_when_all_decline_the_order_ends_if_the_orderer_wished_so(professional, mailbox):
    offer = make_offer(make_order(professional, reopens=False))
    answers.decline(offer, by=None)
    assert (offer.order.status, offer.order.ended_by) == ("cancelled", "expert")
    assert f"order-nobody:{offer.order_id}" in {message.event for message in mailbox}


def test_withdrawing_needs_no_reason_and_a_stand_in_takes_the_same_time(asked, professional, expert, expert_coordinator, mailbox):  # fmt: skip
    answers.accept(asked, first_of(asked), by=expert)
    session = OrderSession.objects.get()
    answers.withdraw(asked, by=expert)
    order = Order.objects.get()
    assert (order.status, asked.status, asked.slot) == ("open", "withdrawn", None)
    assert not Engagement.objects.exists()
    assert FeeState.objects.get().status == "void"
    assert "METHOD:CANCEL" in mailbox.to(expert.email)[-1].calendar
    assert mailbox.to(expert_coordinator.email)
    stand_in = make_profile(make_user())
    orders.ask(order, [stand_in], by=expert_coordinator)
    offer = Offer.objects.get(profile=stand_in)
    answers.accept(offer, first_of(offer), by=None)
    assert OrderSession.objects.get() == session
    newest = mailbox.to(professional.email)[-1]
    assert f"UID:order-{order.pk}-{session.pk}@" in newest.calendar
    assert "SEQUENCE:3" in newest.calendar


def test_a_time_that_a_stand_in_does_not_need_leaves_the_orderers_calendar(professional, mailbox):
    order = make_order(professional, times_are_sessions=True)
    order.wishes.create(starts_at=tomorrow(12, days=30), ends_at=tomorrow(13, days=30))
    first, stand_in = make_offer(order), make_profile(make_user())
    answers.accept(first, first_of(first), by=None)
    kept, dropped = order.sessions.all()
    answers.withdraw(first, by=None)
    orders.ask(order, [stand_in], by=None)
    offer = Offer.objects.get(profile=stand_in)
    answers.counter(offer, hours(tomorrow(9, days=20)), by=None)
    answers.take(offer, [], by=professional)
    assert [one.pk for one in order.sessions.all()] == [kept.pk]
    cancelled, agreed = (message.calendar for message in mailbox.to(professional.email)[-2:])
    assert ("METHOD:CANCEL" in cancelled, f"-{dropped.pk}@" in cancelled, f"-{kept.pk}@" in cancelled) == (True, True, False)  # fmt: skip
    assert ("METHOD:REQUEST" in agreed, f"-{kept.pk}@" in agreed) == (True, True)


@pytest.mark.parametrize("reopens", [True, False])
def test_a_time_that_waits_for_a_stand_in_leaves_the_orderers_calendar_when_none_comes(reopens, professional, mailbox):
    offer = make_offer(make_order(professional, reopens=reopens))
    answers.accept(offer, first_of(offer), by=None)
    answers.withdraw(offer, by=None)
    if reopens:
        orders.cancel(offer.order, by=professional, side="orderer")
    else:
        orders.ask(offer.order, [make_profile(make_user())], by=None)
        answers.decline(Offer.objects.get(status="offered"), by=None)
    newest = mailbox.to(professional.email)[-1].calendar
    assert ("METHOD:CANCEL" in newest, "SEQUENCE:3" in newest) == (True, True)


def test_a_task_that_has_begun_is_not_withdrawn_from(asked, expert):
    answers.accept(asked, first_of(asked), by=expert)
    OrderSession.objects.update(starts_at=tomorrow(days=-1))
    with pytest.raises(InvalidTransition):
        answers.withdraw(asked, by=expert)


def test_cancelling_frees_the_expert_and_takes_it_out_of_both_calendars(asked, professional, expert, mailbox):
    answers.accept(asked, first_of(asked), by=expert)
    orders.cancel(asked.order, by=professional, side="orderer", reason="Tilaisuus peruttiin")
    order = Order.objects.get()
    assert (order.status, order.ended_by) == ("cancelled", "orderer")
    assert not Engagement.objects.exists()
    assert FeeState.objects.get().status == "void"
    for person in (professional, expert):
        message = mailbox.to(person.email)[-1]
        assert "METHOD:CANCEL" in message.calendar
        assert "Tilaisuus" not in message.text
    with pytest.raises(InvalidTransition):
        orders.cancel(order, by=professional, side="orderer")


def test_the_coordinator_answers_for_an_expert_without_an_account_and_it_shows(
    professional, expert_coordinator, mailbox
):
    offer = make_offer(make_order(professional), make_profile(None, shown_name="Veikko"))
    answers.accept(offer, first_of(offer), by=expert_coordinator, for_her=True)
    offer.refresh_from_db()
    assert offer.answered_for_her
    assert "Veikko" in mailbox.to(expert_coordinator.email)[-1].text


def test_whoever_was_let_go_can_be_asked_anew_but_not_who_declined(professional):
    order = make_order(professional)
    first, second = make_offer(order), make_offer(order)
    answers.accept(first, first_of(first), by=None)
    answers.withdraw(first, by=None)
    assert orders.ask(order, [first.profile, second.profile], by=None) == 1
    assert sorted(order.offers.values_list("status", flat=True)) == ["offered", "withdrawn"]
