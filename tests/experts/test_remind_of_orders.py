"""What waits too long is told of, each once; the day before both sides are reminded."""

import datetime as dt

import pytest
from django.utils import timezone

from experts import answers, reminding
from experts.models import ActivitySettings, Offer
from network.models import Message

from .factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(professional, expert):
    return make_offer(make_order(professional, met_by="Vahtimestari", place="Kirjasto", contact_phone="040 000 0000"), make_profile(expert))  # fmt: skip


def waits_since(offer: Offer, working_days: int) -> None:
    day = reminding.working_days_before(timezone.localdate(), working_days)
    Offer.objects.filter(pk=offer.pk).update(turn_since=timezone.make_aware(dt.datetime.combine(day, dt.time(12))))


def told(event: str) -> list[str]:
    return sorted(Message.objects.filter(event__startswith=event).values_list("address", flat=True))


def test_working_days_leave_out_weekends_and_holidays():
    assert reminding.working_days_before(dt.date(2026, 12, 28), 3) == dt.date(2026, 12, 21)  # eve and two days off
    assert reminding.working_days_before(dt.date(2026, 11, 30), 1) == dt.date(2026, 11, 27)


def test_the_expert_is_reminded_after_three_working_days_and_the_coordinator_after_five(asked, expert, expert_coordinator):  # fmt: skip
    waits_since(asked, 2)
    assert reminding.remind_all() == 0
    waits_since(asked, 3)
    assert [reminding.remind_all(), reminding.remind_all()] == [1, 0]
    assert told("offer-reminder") == [expert.email]
    waits_since(asked, 5)
    assert [reminding.remind_all(), reminding.remind_all()] == [1, 0]
    assert told("offer-missing") == [expert_coordinator.email]


def test_the_days_are_settings_and_the_orderer_is_reminded_of_a_proposal(asked, professional, expert):
    ActivitySettings.objects.update(remind_days=1, escalate_days=10)
    start = tomorrow(13, days=9)
    answers.counter(asked, [answers.Time(start, start + dt.timedelta(hours=1))], by=expert)
    waits_since(asked, 1)
    assert reminding.remind_all() == 1
    assert told("offer-reminder") == [professional.email]


def test_the_day_before_tells_both_the_place_and_the_contact_once(asked, professional, expert):
    answers.accept(asked, answers.alternatives(asked)[0], by=expert)
    assert reminding.remind_of_tomorrow() == 0
    session = asked.order.sessions.get()
    start = tomorrow(10)
    asked.order.sessions.update(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    assert [reminding.remind_of_tomorrow(), reminding.remind_of_tomorrow()] == [1, 0]
    mails = Message.objects.filter(event=f"session-reminder:{session.pk}")
    assert {mail.address for mail in mails} == {professional.email, expert.email}
    for mail in mails:
        for words in ("Kirjasto", "Vahtimestari", "040 000 0000"):
            assert words in mail.text
        assert professional.email not in mail.text.replace(mail.address, "")
