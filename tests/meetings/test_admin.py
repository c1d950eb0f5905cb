"""The coordinator's workplace for meetings: the list, copying, the agenda, and actions that are the site's verbs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import AgendaItem, Group, Meeting, MeetingSeries
from network.models import StatusEvent
from tests.network.test_admin import errors_of, rows

from . import factories

pytestmark = pytest.mark.django_db

LIST = "/hallinta/meetings/meeting/"


@pytest.fixture
def desk(coordinator, as_user):
    return as_user(coordinator)


def run(desk, action, *meetings):
    return desk.post(LIST, {"action": action, "_selected_action": [one.pk for one in meetings]}, follow=True)


def meeting_form(meeting=None, **fields):
    data = {
        "title": "Verkostotapaaminen", "kind": "network", "group": Group.objects.get(kind="network").pk, "precision": "exact",
        "starts_at": "2031-01-09T13:00", "ends_at": "2031-01-09T15:00", "form": "online", "reminds_days_before": "2",
        "reminds_speakers_days_before": "7",
    }  # fmt: skip
    if meeting is not None:
        data |= {"title": meeting.title, "read_at_version": meeting.updated_at.isoformat()}
    for prefix in ("sessions", "items", "guests", "headcounts", "tables"):
        data |= rows(prefix)
    return data | fields


def test_the_list_tells_what_each_meeting_lacks_for_the_same_number_of_queries(desk):
    def queries() -> int:
        desk.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(LIST)
        assert page.status_code == 200
        return len(asked)

    factories.make_meeting(join_link="")
    one = queries()
    for _number in range(2):
        factories.make_item(factories.make_meeting(published=False), status="proposed")
    assert queries() == one


def test_two_minutes_from_last_months_to_next_months(desk):
    old = factories.make_meeting(days=-20)
    factories.make_item(old, "Kuulumiset", minutes=20)
    button = f"{LIST}{old.pk}/seuraava/"
    assert button in desk.get(f"{LIST}{old.pk}/change/").content.decode()  # the first press opened last month's
    answer = desk.post(button)
    new = Meeting.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == f"{LIST}{new.pk}/change/"
    assert (new.is_draft, new.join_link, new.starts_at > timezone.now()) == (True, old.join_link, True)
    assert new.items.get().title == "Kuulumiset"
    run(desk, "copy", old, new)  # one at a time
    assert Meeting.objects.count() == 2


def test_a_new_meeting_of_a_series_begins_with_its_agenda(desk):
    series = MeetingSeries.objects.create(name="Sarja", group=factories.whole_network())
    series.items.create(title="Kuulumiset", minutes=15)
    answer = desk.post(f"{LIST}add/", meeting_form(series=series.pk))
    assert answer.status_code == 302, errors_of(answer)
    meeting = Meeting.objects.get()
    assert (meeting.is_draft, [item.title for item in meeting.items.all()]) == (True, ["Kuulumiset"])


def test_items_are_written_in_rows_and_a_new_one_without_a_number_comes_last(desk):
    meeting = factories.make_meeting()
    factories.make_item(meeting, "Ensin", position=1)
    item = meeting.items.get()
    form = meeting_form(meeting, **{
        "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "1", "items-0-id": item.pk, "items-0-meeting": meeting.pk,
        "items-0-title": "Ensin", "items-0-position": "1", "items-0-kind": "discussion", "items-0-publicity": "network",
        "items-1-meeting": meeting.pk, "items-1-title": "Sitten", "items-1-kind": "decision", "items-1-publicity": "restricted",
        "items-1-ground": "", "items-1-position": "0",
    })  # fmt: skip
    answer = desk.post(f"{LIST}{meeting.pk}/change/", form)
    assert "ground" in answer.context["inline_admin_formsets"][1].formset.errors[1]
    answer = desk.post(f"{LIST}{meeting.pk}/change/", form | {"items-1-ground": "Henkilöasia", "_save": ""})
    assert answer.status_code == 302, errors_of(answer)
    assert list(meeting.items.order_by("position").values_list("title", "status")) == [
        ("Ensin", "accepted"),
        ("Sitten", "accepted"),
    ]


def test_what_the_site_wrote_meanwhile_is_merged_row_by_row(desk):
    meeting = factories.make_meeting()
    items = [factories.make_item(meeting, title, position=place) for place, title in enumerate(("Eka", "Toka"), 1)]
    opened = desk.get(f"{LIST}{meeting.pk}/change/").context["inline_admin_formsets"][1].formset
    form = meeting_form(meeting, **{"items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "2"})
    for number, item in enumerate(items):
        form |= {
            f"items-{number}-{name}": value
            for name, value in {
                "id": item.pk, "meeting": meeting.pk, "title": item.title, "position": item.position, "kind": "discussion",
                "publicity": "network", "minutes": "15", "began": opened.forms[number].initial["began"],
            }.items()
        }  # fmt: skip
    AgendaItem.objects.filter(pk=items[0].pk).update(title="Eka, sivulla muutettu", position=3)
    AgendaItem.objects.filter(pk=items[1].pk).update(minutes=40)
    answer = desk.post(f"{LIST}{meeting.pk}/change/", form)
    errors = answer.context["inline_admin_formsets"][1].formset.errors
    assert "minutes" not in errors[0]
    assert "40" in str(errors[1]["minutes"])
    form["items-1-began"] = answer.context["inline_admin_formsets"][1].formset.forms[1]["began"].value()
    assert desk.post(f"{LIST}{meeting.pk}/change/", form | {"_save": ""}).status_code == 302
    assert list(meeting.items.order_by("pk").values_list("title", "position", "minutes")) == [
        ("Eka, sivulla muutettu", 3, 15),
        ("Toka", 2, 15),
    ]


def test_save_and_tell_leads_to_the_message_and_save_does_not(desk, professional, mailbox):
    meeting = factories.make_meeting()
    saved = desk.post(f"{LIST}{meeting.pk}/change/", meeting_form(meeting, _save=""))
    meeting.refresh_from_db()
    told = desk.post(f"{LIST}{meeting.pk}/change/", meeting_form(meeting, _tell=""))
    assert (saved["Location"], told["Location"]) == (LIST, f"/tapaamiset/{meeting.pk}/kutsu/")
    assert len(mailbox) == 0


def test_actions_are_the_sites_own_verbs_and_leave_their_trace(desk, coordinator, professional):
    meeting, over = factories.make_meeting(published=False), factories.make_meeting(days=-3)
    run(desk, "invite", meeting, over)
    run(desk, "cancel", meeting)
    run(desk, "cancel", meeting)
    meeting.refresh_from_db()
    over.refresh_from_db()
    assert meeting.invited_at
    assert meeting.is_cancelled
    assert over.invited_at is None
    assert [(event.status, event.by) for event in StatusEvent.objects.of(meeting)] == [
        ("invited", coordinator),
        ("cancelled", coordinator),
    ]


def test_what_people_know_of_is_cancelled_and_not_deleted(desk):
    known, draft = factories.make_meeting(), factories.make_meeting(published=False)
    assert desk.post(f"{LIST}{known.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Meeting.objects.all()) == [known]


def test_organisers_are_named_by_their_addresses(desk, professional):
    meeting = factories.make_meeting()
    page = f"{LIST}{meeting.pk}/change/"
    answer = desk.post(page, meeting_form(meeting, organisers="nobody@example.org"))
    assert answer.context["adminform"].form.errors["organisers"]
    desk.post(page, meeting_form(meeting, organisers=f"{professional.email}\n", _save=""))
    assert list(meeting.organisers.all()) == [professional]


def test_what_waits_is_told_at_the_desks_front_and_leads_to_the_list(desk, professional):
    soon = factories.make_meeting(days=3)
    factories.make_meeting(days=3, kind="coffee")
    with_proposal = factories.make_meeting(days=30)
    factories.make_item(with_proposal, status="proposed", proposer=professional)
    found = {one.url: one.number for one in desk.get("/hallinta/").context["waiting"]}
    assert found[f"{LIST}?state=lacking"] == 1
    assert found[f"{LIST}?state=proposals"] == 1
    for state, wanted in (("lacking", soon), ("proposals", with_proposal)):
        assert list(desk.get(f"{LIST}?state={state}").context["cl"].queryset) == [wanted]


def test_the_season_of_a_series_is_made_at_the_desk_too(desk):
    series = factories.make_series()
    page = desk.get(f"/hallinta/meetings/meetingseries/{series.pk}/change/").content.decode()
    assert f"/tapaamiset/sarjat/{series.pk}/kausi/" in page


def test_an_archive_meeting_needs_no_exact_time(desk):
    answer = desk.post(f"{LIST}add/", meeting_form(precision="season", starts_at="", ends_at="", first_day="2022-08-01", last_day="2022-12-31", form="", _save=""))  # fmt: skip
    assert answer.status_code == 302, errors_of(answer)
    meeting = Meeting.objects.get()
    assert (meeting.first_day, meeting.starts_at) == (dt.date(2022, 8, 1), None)
    answer = desk.post(f"{LIST}add/", meeting_form(starts_at="", ends_at=""))
    assert answer.status_code == 200
    assert errors_of(answer)


def test_a_waiting_proposal_is_not_among_the_rows_of_the_agenda(desk):
    meeting = factories.make_meeting()
    factories.make_item(meeting, "Odottaa", status="proposed")
    page = desk.get(f"{LIST}{meeting.pk}/change/").content.decode()
    assert "Odottaa" not in page
    assert AgendaItem.objects.count() == 1
    assert timezone.now() < meeting.starts_at
