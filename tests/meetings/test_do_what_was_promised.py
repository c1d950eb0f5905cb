"""What was promised in meetings is on one's own list until it is done or moved; both leave their trace."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.own_pages import waiting_for
from meetings.minutes import actions
from meetings.models import ActionItem
from network.models import StatusEvent
from network.transitions import InvalidTransition

from . import minutes_rows as rows

pytestmark = pytest.mark.django_db
OWN = "/omat/tehtavat/"


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def meeting():
    return rows.make_meeting()


@pytest.fixture
def action(meeting, professional):
    return ActionItem.objects.create(meeting=meeting, text="Soita seurakuntaan", owner=professional, due=in_days(2))


def test_a_person_sees_her_own_and_nobody_elses(as_user, action, professional, expert, coordinator, meeting):
    assert [one.pk for one in as_user(professional).get(OWN).context["to_do"]] == [action.pk]
    assert as_user(expert).get(OWN).context["to_do"] == []
    assert as_user(expert).get(OWN).context["others"] == []
    assert [one.pk for one in as_user(coordinator).get(OWN).context["others"]] == [action.pk]
    assert as_user(None).get(OWN).status_code == 302


@pytest.mark.parametrize("name", ["action_done", "action_postpone"])
def test_only_the_owner_and_organisers_touch_it(as_user, action, professional, expert, coordinator, name):
    url = reverse(f"meetings:{name}", args=[action.pk])
    sent = {"to": in_days(9).isoformat(), "reason": "Loma"}
    assert as_user(expert).post(url, sent).status_code == 404
    assert as_user(None).post(url, sent).status_code == 302
    action.refresh_from_db()
    assert (action.done_at, action.due) == (None, in_days(2))
    assert as_user(coordinator).post(url, sent).status_code == 302
    action.refresh_from_db()
    assert action.done_at or action.due == in_days(9)


def test_done_is_done_once_and_leaves_a_trace(as_user, action, professional, coordinator):
    url = reverse("meetings:action_done", args=[action.pk])
    as_user(professional).post(url)
    as_user(professional).post(url)
    action.refresh_from_db()
    assert action.done_by == professional
    assert list(StatusEvent.objects.of(action).values_list("status", "by")) == [("done", professional.pk)]
    with pytest.raises(InvalidTransition):
        actions.finish(ActionItem.objects.get(), by=coordinator)
    as_user(professional).post(url, {"again": "1"})
    action.refresh_from_db()
    assert action.done_at is None


def test_moving_keeps_the_day_that_was_and_the_reason(as_user, action, professional):
    url = reverse("meetings:action_postpone", args=[action.pk])
    client = as_user(professional)
    assert client.post(url, {"to": in_days(-1).isoformat()}).context["form"].errors["to"]
    assert client.post(url, {"to": in_days(5).isoformat(), "reason": "131052-308T"}).context["form"].errors["reason"]
    client.post(url, {"to": in_days(5).isoformat(), "reason": "Ei vastausta"})
    action.refresh_from_db()
    assert (action.due, action.times_moved) == (in_days(5), 1)
    event = StatusEvent.objects.of(action).get()
    assert in_days(2).isoformat() in event.note
    assert "Ei vastausta" in event.note
    stale = ActionItem.objects.get()
    actions.postpone(ActionItem.objects.get(), in_days(6), by=professional)
    with pytest.raises(InvalidTransition):
        actions.postpone(stale, in_days(7), by=professional)


def test_one_reminder_before_the_day_and_one_after_it(action, professional, mailbox):
    assert actions.remind(in_days(-2)) == 0
    assert actions.remind() == 1
    assert actions.remind() == 0
    ActionItem.objects.update(due=in_days(-1), reminded_at=timezone.now() - dt.timedelta(days=4))
    assert actions.remind() == 1
    ActionItem.objects.update(reminded_at=timezone.now())
    assert actions.remind() == 0
    assert [message.address for message in mailbox] == [professional.email] * 2
    ActionItem.objects.update(done_at=timezone.now(), reminded_at=None)
    assert actions.remind() == 0


def numbers(person):
    return {one.url: one.number for one in waiting_for(person)}


def test_what_is_late_waits_on_ones_own_page(action, professional, coordinator, expert):
    late = rows.make_meeting("Vanha", days_ago=6)
    rows.make_meeting("Kahvit", days_ago=6, kind="coffee")
    rows.make_meeting("Arkisto", precision="text", time_text="joskus")
    rows.make_published(rows.make_meeting("Valmis", days_ago=7), coordinator)
    ActionItem.objects.update(due=in_days(-1))
    assert numbers(professional)[OWN] == 1
    assert numbers(coordinator)[f"{OWN}#muiden"] == 1
    assert numbers(coordinator)["/tapaamiset/muistiot/kesken/"] == 1
    assert numbers(expert)["/tapaamiset/muistiot/kesken/"] == 0
    late.organisers.add(expert)
    assert numbers(expert)["/tapaamiset/muistiot/kesken/"] == 1


def test_own_actions_ask_the_same_for_one_and_three(as_user, action, professional, meeting):
    client = as_user(professional)
    client.get(OWN)
    with CaptureQueriesContext(connection) as one:
        client.get(OWN)
    for _more in range(2):
        ActionItem.objects.create(meeting=meeting, text="Lisää", owner=professional)
    with CaptureQueriesContext(connection) as three:
        client.get(OWN)
    assert len(three) == len(one)


def test_the_register_shows_decisions_of_published_minutes_that_one_may_see(as_user, professional, outsider, coordinator, meeting):  # fmt: skip
    item = rows.make_item(meeting)
    secret = rows.make_item(meeting, "Salainen", publicity="restricted")
    draft = rows.make_meeting("Luonnos")
    from meetings.minutes import writing

    rows.write(
        writing.begin(draft, by=coordinator),
        f"item-{rows.make_item(draft).pk}",
        "Päätös: Keskeneräinen",
        by=coordinator,
    )
    rows.make_published(
        meeting, coordinator, **{f"item_{item.pk}": "Päätös: Avoin", f"item_{secret.pk}": "Päätös: Piilo"}
    )
    url = reverse("meetings:decisions")
    assert [one.text for one in as_user(professional).get(url).context["page"]] == ["Avoin"]
    assert {one.text for one in as_user(coordinator).get(url).context["page"]} == {"Avoin", "Piilo"}
    rows.write(writing.begin(meeting, by=coordinator), f"item-{item.pk}", "Päätös: Luonnosteltu", by=coordinator)
    assert [one.text for one in as_user(professional).get(url).context["page"]] == ["Avoin"]  # a draft changes nothing
    assert as_user(outsider).get(url).status_code == 403
    assert as_user(None).get(url).status_code == 302
