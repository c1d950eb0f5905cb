"""The holiday round: *kerro vain poikkeukset*."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from services import editing, holidays
from services.models import HolidayAnswer, HolidayInvitation, HolidayRound, OpeningException, Service
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FIRST = timezone.localdate() + 20 * DAY
LAST = FIRST + 10 * DAY


@pytest.fixture
def service(association) -> Service:
    return factories.make_service("Kahvila", organisation=association)


@pytest.fixture
def round_of(coordinator) -> HolidayRound:
    return HolidayRound.objects.create(name="Joulu", first_day=FIRST, last_day=LAST)


@pytest.fixture
def link(round_of, service, ngo_editor, coordinator) -> str:
    holidays.start(round_of, by=coordinator)
    return HolidayInvitation.objects.get(person=ngo_editor).get_absolute_url()


def other_hours(service, **fields) -> dict[str, str]:
    said = {"first_day": FIRST, "opens": "10:00", "closes": "12:00", "note": "Vain kahvia"} | fields
    return {f"s{service.pk}-answer": "other"} | {f"s{service.pk}-0-{name}": str(value) for name, value in said.items()}


def test_each_editor_gets_one_mail(round_of, service, ngo_editor, coordinator, mailbox):
    factories.make_service(organisation=service.organisation)
    assert holidays.start(round_of, by=coordinator) == 1
    assert HolidayInvitation.objects.get().get_absolute_url() in mailbox.to(ngo_editor.email)[0].text
    assert len(mailbox) == 1


def test_a_round_starts_once_and_not_afterwards(round_of, service, ngo_editor, coordinator, mailbox):
    holidays.start(round_of, by=coordinator)
    with pytest.raises(ValidationError):
        holidays.start(round_of, by=coordinator)
    past = HolidayRound.objects.create(name="Eilen", first_day=FIRST - 30 * DAY, last_day=FIRST - 29 * DAY)
    with pytest.raises(ValidationError):
        holidays.start(past, by=coordinator)
    assert len(mailbox) == 1


def test_looking_changes_nothing(link, client):
    assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert not HolidayAnswer.objects.exists()


def test_open_as_usual(link, service, ngo_editor, client):
    assert client.post(link, {f"s{service.pk}-answer": "usual"}).status_code == 302
    answer = HolidayAnswer.objects.get()
    assert (answer.service, answer.person, answer.as_usual) == (service, ngo_editor, True)
    assert not OpeningException.objects.exists()


def test_closed_all_the_time_is_one_exception(link, service, client):
    client.post(link, {f"s{service.pk}-answer": "closed"})
    row = OpeningException.objects.get()
    assert (row.service, row.first_day, row.last_day, row.opens) == (service, FIRST, LAST, None)


def test_other_hours_are_exceptions_and_the_same_form_twice_makes_them_once(link, service, client):
    for _press in range(2):
        assert client.post(link, other_hours(service)).status_code == 302
    row = OpeningException.objects.get()
    assert (row.first_day, row.last_day, row.opens, row.note) == (FIRST, FIRST, dt.time(10), "Vain kahvia")
    assert HolidayAnswer.objects.count() == 1


def test_an_answer_may_be_corrected_and_leaves_other_exceptions_alone(link, service, client):
    own = OpeningException.objects.create(service=service, first_day=FIRST, last_day=FIRST, note="Muusta syystä")
    client.post(link, {f"s{service.pk}-answer": "closed"})
    client.post(link, {f"s{service.pk}-answer": "usual"})
    assert list(OpeningException.objects.all()) == [own]


def test_an_answer_is_corrected_after_an_edit_of_the_listing_too(link, service, client, coordinator):
    client.post(link, other_hours(service))
    told = editing.record_of(service)["opening_exceptions"]
    editing.submit(service, {"opening_exceptions": [told[0] | {"note": "Kahvia ja teetä"}]}, by=coordinator)
    assert "Kahvia ja teetä" in client.get(link).content.decode()
    client.post(link, {f"s{service.pk}-answer": "closed"})
    assert [row.opens for row in OpeningException.objects.all()] == [None]


def test_what_was_written_by_hand_stays_when_an_answer_is_corrected_after_an_edit(link, service, client):
    client.post(link, other_hours(service))
    record = editing.record_of(service)
    by_hand = {
        "first_day": str(FIRST + DAY),
        "last_day": str(FIRST + DAY),
        "opens": None,
        "closes": None,
        "note": "Käsin",
    }
    OpeningException.objects.all().delete()  # as an edit does, that writes all of them anew
    for row in (record["opening_exceptions"][0], by_hand):
        OpeningException.objects.create(
            service=service, **{name: row[name] or None for name in by_hand if name != "note"}, note=row["note"]
        )
    client.post(link, {f"s{service.pk}-answer": "closed"})
    rows = OpeningException.objects.order_by("first_day").values_list("first_day", "last_day", "note")
    assert list(rows) == [(FIRST, LAST, ""), (FIRST + DAY, FIRST + DAY, "Käsin")]


def test_what_is_not_answered_stays_so(link, service, client):
    other = factories.make_service(organisation=service.organisation)
    client.post(link, {f"s{service.pk}-answer": "usual", f"s{other.pk}-answer": ""})
    assert HolidayAnswer.objects.get().service == service


@pytest.mark.parametrize(
    "fields",
    [{"first_day": ""}, {"first_day": FIRST - DAY}, {"last_day": LAST + DAY}, {"last_day": FIRST - DAY},
     {"closes": ""}, {"opens": "25:00"}, {"note": "131052-308T"}],
)  # fmt: skip
def test_a_wrong_answer_is_told_and_nothing_is_lost_or_saved(fields, link, service, client):
    other = factories.make_service(organisation=service.organisation)
    answer = client.post(link, {f"s{other.pk}-answer": "usual"} | other_hours(service, **fields))
    assert answer.status_code == 200
    assert [form.service for form in answer.context["wrong"]] == [service]
    assert not HolidayAnswer.objects.exists()
    assert not OpeningException.objects.exists()


def test_other_hours_without_any_days_is_no_answer(link, service, client):
    assert client.post(link, {f"s{service.pk}-answer": "other"}).status_code == 200
    assert not HolidayAnswer.objects.exists()


def test_a_listing_of_others_cannot_be_slipped_in(link, parish, client):
    other = factories.make_service(organisation=parish)
    client.post(link, {f"s{other.pk}-answer": "closed"})
    assert not HolidayAnswer.objects.exists()


@pytest.mark.parametrize("ended", ["membership", "account", "round"])
def test_the_link_ends_with_the_right_and_with_the_holiday(ended, link, service, ngo_editor, round_of, client):
    match ended:
        case "membership":
            ngo_editor.memberships.update(is_editor=False)
        case "account":
            type(ngo_editor).objects.filter(pk=ngo_editor.pk).update(is_active=False)
        case "round":
            HolidayRound.objects.update(first_day=FIRST - 60 * DAY, last_day=FIRST - 50 * DAY)
    page = client.get(link)
    assert page.status_code == 200
    assert "Kahvila" not in page.content.decode()
    client.post(link, {f"s{service.pk}-answer": "closed"})
    assert not HolidayAnswer.objects.exists()


def test_a_token_cannot_be_made_up(link, client):
    number = HolidayInvitation.objects.get().pk
    for token in (str(number), f"{number}:x"):
        assert client.get(f"/loma/{token}/").status_code == 404


def test_the_coordinator_sees_who_has_answered(link, service, round_of, client):
    other = factories.make_service("Toinen", organisation=service.organisation)
    client.post(link, {f"s{service.pk}-answer": "usual"})
    standing = holidays.standing(round_of)
    assert [(one.organisation, [a.service for a in one.answered], one.waiting) for one in standing] == [
        (service.organisation, [service], [other])
    ]
