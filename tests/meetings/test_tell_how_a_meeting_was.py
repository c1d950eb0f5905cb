"""Feedback on a meeting: once for each who was there, tied to nobody, shown from five answers up."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from meetings.minutes import feedback
from meetings.models import FeedbackGiven, Meeting, MeetingFeedback

from ..factories import make_user
from . import minutes_rows as rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return rows.make_meeting(days_ago=2)


def link(row):
    return reverse("meetings:feedback", args=[row.token])


def make_answers(meeting, number, **answers):
    for _one in range(number):
        row = rows.make_participation(meeting, name="Joku", attendance="present")
        feedback.answer(row, {"useful": 4, "heard": 3, "refers_better": None, "text": ""} | answers)


def over(meeting):
    """As it is when answering has ended."""
    day = timezone.localdate() - feedback.OPEN_FOR - dt.timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=None, ends_at=None, precision="day", first_day=day, last_day=day
    )
    meeting.refresh_from_db()


def test_a_participant_without_an_account_answers_once_by_the_link(as_user, meeting):
    row = rows.make_participation(meeting, name="Ville Vieras", email="ville@example.org", attendance="remote")
    client = as_user(None)
    assert client.get(link(row)).status_code == 200
    assert client.head(link(row)).status_code == 200
    assert not FeedbackGiven.objects.exists()  # a scanner that opens the link answers nothing
    for _twice in range(2):
        assert client.post(link(row), {"useful": "4", "heard": "2", "text": "Hyvä näin"}).status_code == 302
    assert MeetingFeedback.objects.get().heard == 2
    assert FeedbackGiven.objects.get().participation == row


def test_who_was_not_there_does_not_answer(as_user, meeting, professional):
    absent = rows.make_participation(meeting, professional, attendance="absent")
    as_user(professional).post(link(absent), {"useful": "1"})
    late = rows.make_participation(meeting, name="Myöhässä", attendance="present")
    over(meeting)
    as_user(None).post(link(late), {"useful": "1"})
    coming = rows.make_participation(rows.make_meeting("Tuleva", days_ago=-3), name="Ennen", attendance="present")
    as_user(None).post(link(coming), {"useful": "1"})
    assert not MeetingFeedback.objects.exists()
    assert as_user(None).get(reverse("meetings:feedback", args=["väärä:avain"])).status_code == 404


def test_a_signed_in_participant_comes_from_the_meetings_page(as_user, meeting, professional, expert):
    row = rows.make_participation(meeting, professional, attendance="present")
    url = reverse("meetings:feedback_own", args=[meeting.pk])
    assert as_user(professional).get(url).url == link(row)
    assert as_user(expert).get(url).status_code == 404
    assert as_user(None).get(url).status_code == 302


def test_an_empty_answer_and_an_identity_code_are_refused(as_user, meeting):
    row = rows.make_participation(meeting, name="Joku", attendance="present")
    for sent in ({}, {"text": "131052-308T"}, {"useful": "9"}):
        assert as_user(None).post(link(row), sent).context["form"].errors
    assert not FeedbackGiven.objects.exists()


def test_nothing_ties_an_answer_to_its_answerer(meeting):
    """Neither a key, nor the transaction that wrote the rows, nor their order in the table."""
    make_answers(meeting, 12)
    columns = {field.name for field in MeetingFeedback._meta.get_fields()}
    assert columns == {"id", "meeting", "useful", "heard", "refers_better", "text", "on"}
    with connection.cursor() as cursor:
        for model in (MeetingFeedback, FeedbackGiven):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {model._meta.db_table}")  # noqa: S608
            assert cursor.fetchone() == (1,)
        cursor.execute(f"SELECT participation_id FROM {FeedbackGiven._meta.db_table} ORDER BY ctid")  # noqa: S608
        order = [row[0] for row in cursor.fetchall()]
    assert order != sorted(order)


def test_results_come_from_five_answers_up_when_answering_has_ended(as_user, meeting, coordinator, professional):
    url = reverse("meetings:feedback_results", args=[meeting.pk])
    make_answers(meeting, 4, text="Kiitos")
    assert feedback.results(meeting) == []  # still open
    over(meeting)
    assert [one.number for one in feedback.results(meeting)] == [0, 0, 0]
    Meeting.objects.filter(pk=meeting.pk).update(last_day=timezone.localdate() - dt.timedelta(days=1))
    make_answers(Meeting.objects.get(pk=meeting.pk), 1, heard=1)
    over(meeting)
    useful, heard, refers = feedback.results(meeting)
    assert (useful.number, useful.mean, useful.parts[0][1]) == (5, 4.0, 5)
    assert (heard.number, heard.mean, heard.parts) == (5, 2.6, [])  # four and one: neither is told
    assert refers.mean is None
    assert "Kiitos" in as_user(coordinator).get(url).content.decode()
    meeting.organisers.add(professional)
    organiser = as_user(professional).get(url)
    assert organiser.status_code == 200
    assert "Kiitos" not in organiser.content.decode()  # words go to the coordinator only


def test_those_who_were_there_are_asked_once_the_day_after(mailbox):
    meeting = rows.make_meeting(days_ago=1)
    rows.make_participation(meeting, make_user("there@example.org"), attendance="present")
    rows.make_participation(meeting, name="Ville", email="ville@example.org", attendance="remote")
    rows.make_participation(meeting, make_user("absent@example.org"), attendance="absent")
    on = meeting.last_day + dt.timedelta(days=1)
    feedback.ask_everyone(on)
    feedback.ask_everyone(on)
    assert sorted(message.address for message in mailbox) == ["there@example.org", "ville@example.org"]
