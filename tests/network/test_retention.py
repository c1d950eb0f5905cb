"""What has been kept for its time goes at night, by periods that the coordinator sets."""

import datetime as dt
import io

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Context

from meetings.models import FeedbackGiven, Minutes, MinutesComment, Participation
from network import retention
from network.models import (
    DataRequest,
    Feedback,
    Invitation,
    JoinRequest,
    Message,
    OnceKey,
    RetentionPeriod,
    StatusEvent,
    User,
)
from network.own_data import unused
from network.tracking import event_models_of_all
from services.models import (
    Confirmation,
    ConfirmationRequest,
    HolidayAnswer,
    HolidayInvitation,
    HolidayRound,
    ProposedEdit,
    SearchCount,
    Service,
)

from .. import factories
from ..meetings import factories as meetings

pytestmark = pytest.mark.django_db


def ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def carried_out(code: str) -> int | None:
    return retention.carry_out()[code]


def test_the_table_has_a_row_for_each_rule_and_keeps_what_was_set():
    assert set(RetentionPeriod.objects.values_list("code", flat=True)) == set(retention.RULES)
    RetentionPeriod.objects.filter(code="messages").update(days=10)
    RetentionPeriod.objects.filter(code="invitations").delete()
    retention.add_missing_periods()
    assert retention.days_of()["messages"] == 10
    assert retention.days_of()["invitations"] == retention.RULES["invitations"].days


def message(**fields) -> Message:
    return Message.objects.create(
        **{"event": f"test:{Message.objects.count()}", "address": "x@example.org", "subject": "x"} | fields
    )


def old_and_new_messages() -> list[Message]:
    message(sent_at=ago(181))
    message(failed_at=ago(181))
    return [message(sent_at=ago(179)), message(created_at=ago(900))]  # the last one still waits


def test_messages_go_when_they_were_sent_long_ago():
    stay = old_and_new_messages()
    assert carried_out("messages") == 2
    assert list(Message.objects.order_by("pk")) == stay
    assert carried_out("messages") == 0


def test_the_coordinators_period_decides():
    old_and_new_messages()
    RetentionPeriod.objects.filter(code="messages").update(days=1000)
    assert carried_out("messages") == 0
    RetentionPeriod.objects.filter(code="messages").update(days=1)
    assert carried_out("messages") == 3


def test_a_dry_run_counts_and_changes_nothing():
    everything_old()
    before = counts_of_tables()
    told = retention.carry_out(dry_run=True)
    assert counts_of_tables() == before
    assert told == retention.carry_out()


def everything_old() -> None:
    old_and_new_messages()
    Invitation.objects.create(email="a@example.org", created_at=ago(200), expires_at=ago(100))
    JoinRequest.objects.create(email="b@example.org", name="B", declined_at=ago(400))
    person = factories.make_user(date_joined=ago(800))
    StatusEvent.objects.create(subject=person, status="x", by=person, at=ago(2000))
    DataRequest.objects.create(kind="other", person=person, done_at=ago(1100))
    Feedback.objects.create(kind="idea", body="x", sender_email="a@example.org", handled_at=ago(400))
    Feedback.objects.create(kind="idea", body="y", sender_email="b@example.org", created_at=ago(800))
    OnceKey.objects.create(key="x", answer="/")
    OnceKey.objects.update(created_at=ago(4))
    kind = ContentType.objects.get_for_model(User)
    entry = LogEntry.objects.create(user=person, content_type=kind, object_id="1", object_repr="x", action_flag=CHANGE)
    LogEntry.objects.filter(pk=entry.pk).update(action_time=ago(800))
    asked = factories.make_user(date_joined=ago(900), warned_at=ago(31))
    message(recipient=asked, event=f"account_unused:{asked.pk}:x", created_at=ago(31), sent_at=ago(31))
    service = factories.make_service()
    Confirmation.objects.create(service=service, person=person, at=ago(1900))
    ConfirmationRequest.objects.create(person=person, created_at=ago(300), expires_at=ago(200))
    ProposedEdit.objects.create(service=service, author=person, status="approved", decided_at=ago(800))
    past = HolidayRound.objects.create(name="x", first_day=ago(801).date(), last_day=ago(800).date(), started_by=person)
    HolidayInvitation.objects.create(round=past, person=person)
    HolidayAnswer.objects.create(round=past, service=service, person=person, as_usual=True)
    Context.objects.create(metadata={"user": person.pk, "how": "page"})
    Context.objects.update(created_at=ago(1900))
    Service.objects.filter(pk=service.pk).update(name="Toinen nimi")  # the version before it is what may go
    for model in event_models_of_all():
        model._base_manager.update(pgh_created_at=ago(1900))
    old_meeting(person)
    for days in (800, 801, 802):
        SearchCount.objects.create(words="ryhmä", day=ago(days).date(), found=1)
    SearchCount.objects.create(words="harvinainen", day=ago(100).date(), found=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'succeeded') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [ago(8), cursor.fetchone()[0]])


def old_meeting(person: User) -> None:
    meeting = meetings.make_meeting(days=-800)
    FeedbackGiven.objects.create(meeting=meeting, participation=meetings.ask(meeting, person))
    Participation.objects.create(meeting=meeting, name="Vieraileva", email="c@example.org")
    meetings.make_guest(meeting)
    item = meetings.make_item(meeting, proposer=person, created_at=ago(800))
    minutes = Minutes.objects.create(meeting=meeting)
    MinutesComment.objects.create(minutes=minutes, item=item, author=person, text="x", created_at=ago(800))
    meetings.join(person, meetings.make_group(), since=ago(2000).date(), until=ago(1900).date())


def counts_of_tables() -> dict[str, str]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')  # noqa: S608
            found[table] = str(cursor.fetchone())
    return found


def test_every_rule_finds_what_is_old():
    everything_old()
    assert {code for code, count in retention.carry_out().items() if not count} == set()


def test_what_is_not_old_stays_whole():
    person = factories.make_user(date_joined=ago(700))
    StatusEvent.objects.create(subject=person, status="x", by=person, at=ago(1800))
    DataRequest.objects.create(kind="other", person=person, created_at=ago(2000))  # open: waits however long
    Feedback.objects.create(kind="idea", body="x", sender_email="a@example.org", created_at=ago(700))
    Invitation.objects.create(email="a@example.org", created_at=ago(100), expires_at=ago(80))
    before = counts_of_tables()
    retention.carry_out()
    assert counts_of_tables() == before


def test_counts_survive_where_names_go():
    everything_old()
    retention.carry_out()
    assert sorted(Feedback.objects.values_list("sender_email", "body")) == [("", "x"), ("", "y")]
    assert StatusEvent.objects.get().by is None
    assert DataRequest.objects.filter(kind="other", person=None).count() == 1


def test_one_rule_that_fails_stops_no_other(monkeypatch, caplog):
    def fail(before, dry_run):
        User.objects.all().delete()
        raise RuntimeError("secret@example.org")

    person = factories.make_user()
    old_and_new_messages()
    monkeypatch.setitem(retention.RULES, "invitations", retention.Rule("invitations", 90, "x", fail))
    told = retention.carry_out()
    assert (told["invitations"], told["messages"]) == (None, 2)
    assert User.objects.filter(pk=person.pk).exists()
    assert "secret" not in caplog.text
    with pytest.raises(CommandError):
        call_command("retention", stdout=io.StringIO())


def test_the_command_tells_counts_only():
    old_and_new_messages()
    said = io.StringIO()
    call_command("retention", "--dry-run", stdout=said)
    assert "messages (180 days): 2" in said.getvalue()
    assert "@" not in said.getvalue()
    assert Message.objects.count() == 4


# Accounts that nobody uses --------------------------------------------------------------------------------------------


@pytest.fixture
def sleeper(association) -> User:
    """A member who has never signed in."""
    person = factories.make_user("sleeper@example.org", date_joined=ago(731), language="sv")
    factories.make_membership(person, association)
    return person


def after_warning(person: User, days: float, **state) -> None:
    """The question left that long ago; or what `state` tells of its message."""
    User.objects.filter(pk=person.pk).update(warned_at=ago(days))
    person.refresh_from_db()
    Message.objects.filter(recipient=person).delete()
    message(
        recipient=person,
        event=f"account_unused:{person.pk}:{person.warned_at:%Y-%m-%d}",
        created_at=person.warned_at,
        **state or {"sent_at": person.warned_at},
    )


@pytest.mark.parametrize("state", [{"failed_at": ago(31)}, {"sent_at": None}, {"sent_at": ago(29)}])
def test_nobody_is_erased_whose_question_has_not_left_long_enough_ago(state, sleeper):
    after_warning(sleeper, 31, **state)
    assert carried_out("warned-accounts") == 0
    assert User.objects.filter(pk=sleeper.pk).exists()


def test_nobody_is_erased_without_a_question(sleeper):
    User.objects.filter(pk=sleeper.pk).update(warned_at=ago(400))
    assert carried_out("warned-accounts") == 0


def test_a_question_that_could_not_be_sent_is_asked_again(sleeper, mailbox):
    after_warning(sleeper, 20, failed_at=ago(19))
    assert carried_out("unused-accounts") == 0
    after_warning(sleeper, 31, failed_at=ago(30))
    assert carried_out("unused-accounts") == 1
    assert carried_out("unused-accounts") == 0
    assert len(mailbox.to(sleeper.email)) == 1


def test_the_proof_of_a_question_is_kept_while_its_answer_is_waited_for(sleeper):
    RetentionPeriod.objects.filter(code="messages").update(days=5)
    after_warning(sleeper, 20)
    assert carried_out("messages") == 0
    User.objects.filter(pk=sleeper.pk).update(kept_at=ago(6))
    assert carried_out("messages") == 1


def test_a_closed_account_is_asked_about_before_it_is_erased(sleeper, mailbox):
    User.objects.filter(pk=sleeper.pk).update(is_active=False)
    assert carried_out("unused-accounts") == 1
    assert len(mailbox.to(sleeper.email)) == 1
    after_warning(sleeper, 31)
    assert carried_out("warned-accounts") == 1


def test_a_person_is_asked_once_before_the_account_is_erased(sleeper, mailbox):
    assert carried_out("unused-accounts") == 1
    retention.carry_out()
    asked = [message for message in mailbox if message.address == sleeper.email]
    assert len(asked) == 1
    assert asked[0].language == "sv"
    assert "/sv/omat/sailyta/" in asked[0].text
    after_warning(sleeper, 29)
    retention.carry_out()
    assert User.objects.filter(pk=sleeper.pk).exists()
    after_warning(sleeper, 31)
    assert carried_out("warned-accounts") == 1
    assert not User.objects.filter(pk=sleeper.pk).exists()
    assert DataRequest.objects.filter(kind="erase", person=None).count() == 1


@pytest.mark.parametrize("used", ["last_login", "kept_at"])
def test_signing_in_or_asking_to_stay_keeps_the_account(used, sleeper):
    after_warning(sleeper, 31)
    User.objects.filter(pk=sleeper.pk).update(**{used: ago(5)})
    retention.carry_out()
    assert User.objects.filter(pk=sleeper.pk).exists()


def test_who_used_the_account_and_left_again_is_asked_anew(sleeper, mailbox):
    User.objects.filter(pk=sleeper.pk).update(warned_at=ago(1500), last_login=ago(800), date_joined=ago(3000))
    retention.carry_out()
    assert User.objects.filter(pk=sleeper.pk).exists()
    assert len(mailbox) == 1


def test_a_coordinators_account_is_never_erased(coordinator, mailbox):
    User.objects.filter(pk=coordinator.pk).update(date_joined=ago(5000), warned_at=ago(4000))
    retention.carry_out()
    assert User.objects.filter(pk=coordinator.pk).exists()
    assert len(mailbox) == 0


def test_the_link_keeps_the_account_by_its_button_only(sleeper, client):
    after_warning(sleeper, 10)
    address = reverse("account_keep", args=[unused.token_for(sleeper)])
    for _visit in range(2):
        assert client.get(address).status_code == 200
    assert User.objects.get(pk=sleeper.pk).kept_at is None
    for _press in range(2):
        assert client.post(address).status_code == 302
    after_warning(sleeper, 31)
    User.objects.filter(pk=sleeper.pk).update(kept_at=ago(30))
    retention.carry_out()
    assert User.objects.filter(pk=sleeper.pk).exists()


def test_a_link_that_is_not_ours_or_is_old_keeps_nothing(sleeper, client):
    after_warning(sleeper, 10)
    old = unused.token_for(sleeper)
    after_warning(sleeper, 5)
    for token in (old, old[:-2] + "xx", "x", f"{sleeper.pk}"):
        assert client.get(reverse("account_keep", args=[token])).status_code == 404
        assert client.post(reverse("account_keep", args=[token])).status_code == 404
    assert User.objects.get(pk=sleeper.pk).kept_at is None


# The desk and the privacy notice --------------------------------------------------------------------------------------


def test_the_coordinator_sets_a_period(coordinator, as_user):
    desk = as_user(coordinator)
    address = "/hallinta/network/retentionperiod/messages/change/"
    assert desk.post(address, {"days": "0"}).status_code == 200
    assert desk.post(address, {"days": "30"}).status_code == 302
    assert retention.days_of()["messages"] == 30


@pytest.mark.parametrize("path", ["add/", "messages/delete/"])
def test_periods_are_neither_added_nor_taken_away(path, coordinator, as_user):
    assert as_user(coordinator).get(f"/hallinta/network/retentionperiod/{path}").status_code == 403


def test_the_privacy_notice_tells_the_kinds_and_the_periods_of_today(client):
    RetentionPeriod.objects.filter(code="messages").update(days=123)
    page = client.get("/tietosuoja/")
    assert {rule.code: days for rule, days in page.context["periods"]}["messages"] == 123
    assert "123" in page.content.decode()
    assert len(page.context["kinds"]) >= 10
    assert all(kind.title and kind.why and kind.basis and kind.kept for kind in page.context["kinds"])
