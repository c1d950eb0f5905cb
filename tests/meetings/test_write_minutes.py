"""Minutes are written on one page during the meeting, and two who write at once lose nothing of each other's."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from meetings.minutes import writing
from meetings.models import ActionItem, Decision, Headcount, Minutes, Participation, Wish, WorkshopTable
from network.models import OnceKey

from ..factories import make_user
from . import minutes_rows as rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return rows.make_meeting()


@pytest.fixture
def organiser(meeting):
    person = make_user("organiser@example.org", name="Oona Järjestäjä")
    meeting.organisers.add(person)
    return person


def address(meeting, name="minutes_write"):
    return reverse(f"meetings:{name}", args=[meeting.pk])


def test_an_organiser_begins_with_what_is_known(as_user, organiser, meeting):
    decision = rows.make_item(meeting, "Läheisten ryhmä", kind="decision")
    rows.make_guest(meeting, role="päihdeasiamies")
    client = as_user(organiser)
    assert client.get(address(meeting)).status_code == 200
    assert Minutes.objects.count() == 0  # looking makes nothing

    assert client.post(address(meeting, "minutes_begin")).url == address(meeting)

    minutes = Minutes.objects.get()
    assert minutes.number == 1
    assert "päihdeasiamies" in minutes.opening
    decision.refresh_from_db()
    assert "Läheisten ryhmä" in decision.notes
    client.post(address(meeting, "minutes_begin"))
    assert Minutes.objects.count() == 1


@pytest.mark.parametrize("name", ["minutes_write", "minutes_publish", "minutes_comments", "feedback_results"])
def test_nobody_else_opens_the_working_page(as_user, professional, outsider, meeting, name):
    assert as_user(None).get(address(meeting, name)).status_code == 302
    assert as_user(professional).get(address(meeting, name)).status_code == 403
    assert as_user(outsider).get(address(meeting, name)).status_code == 403


def test_nobody_else_writes_or_begins(as_user, professional, organiser, meeting):
    item = rows.make_item(meeting)
    other = rows.make_meeting("Toinen")
    rows.make_item(other)
    member = as_user(professional)
    for name in ("minutes_begin", "minutes_write", "minutes_attendance", "minutes_walk_in", "minutes_headcount", "minutes_item", "minutes_wishes"):  # fmt: skip
        assert member.post(address(meeting, name), {"key": f"item-{item.pk}", "text": "x", "mark": "p1:present"}).status_code == 403, name  # fmt: skip
    assert as_user(organiser).post(address(other, "minutes_begin")).status_code == 403  # of another meeting
    assert Minutes.objects.count() == 0


def test_an_informal_coffee_has_no_minutes(as_user, coordinator):
    coffee = rows.make_meeting("Joulukahvit", kind="coffee")
    assert as_user(coordinator).post(address(coffee, "minutes_begin")).status_code == 403


def test_a_text_is_saved_by_itself(as_user, organiser, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    client = as_user(organiser)
    text = writing.text_of(minutes, f"item-{item.pk}")

    answer = client.post(address(meeting), {"key": text.key, "seen": text.seen, "text": "Ensin.\r\nSitten."})

    assert answer.url.endswith(f"#{text.key}")
    item.refresh_from_db()
    assert item.notes == "Ensin.\nSitten."
    saved = client.post(
        address(meeting),
        {"key": text.key, "seen": writing.text_of(minutes, text.key).seen, "text": "Toisin."},
        headers={"Accept": "application/json"},
    ).json()
    assert saved["state"] == "saved"
    assert saved["seen"] == writing.text_of(minutes, text.key).seen


def test_the_second_of_two_writers_gets_both_texts(as_user, organiser, coordinator, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    seen = writing.text_of(minutes, f"item-{item.pk}").seen
    sent = {"key": f"item-{item.pk}", "seen": seen}
    as_user(organiser).post(address(meeting), sent | {"text": "Ensimmäinen <script>alert(1)</script>"})

    answer = as_user(coordinator).post(address(meeting), sent | {"text": "Toinen <img src=x onerror=y>"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    part = next(part for part in answer.context["parts"] if part["conflict"])
    assert part["shown"] == "Ensimmäinen <script>alert(1)</script>\n\nToinen <img src=x onerror=y>"
    assert (part["conflict"].text[:11], part["typed"][:6]) == ("Ensimmäinen", "Toinen")
    item.refresh_from_db()
    assert item.notes.startswith("Ensimmäinen")
    again = as_user(coordinator).post(address(meeting), sent | {"seen": part["seen"], "text": part["shown"]})
    assert again.status_code == 302
    item.refresh_from_db()
    assert "Ensimmäinen" in item.notes and "Toinen" in item.notes  # noqa: PT018
    json = as_user(organiser).post(address(meeting), sent | {"text": "x"}, headers={"Accept": "application/json"})
    assert (json.status_code, json.json()["state"]) == (409, "conflict")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(organiser, coordinator, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    key = f"item-{item.pk}"
    seen = writing.text_of(minutes, key).seen
    barrier, results = threading.Barrier(2), []

    def save(person, text):
        try:
            mine = writing.open_minutes(type(meeting).objects.get(pk=meeting.pk))
            barrier.wait(timeout=20)
            writing.save(mine, key, text, seen=seen, by=person)
            results.append(text)
        except writing.Changed as changed:
            results.append(("changed", changed.now.text))
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in ((organiser, "Eka"), (coordinator, "Toka"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    item.refresh_from_db()
    assert sorted(map(type, results), key=str) == [str, tuple]
    assert ("changed", item.notes) in results
    assert item.notes in results


def test_a_preview_saves_nothing_and_loses_nothing(as_user, organiser, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    seen = writing.text_of(minutes, f"item-{item.pk}").seen

    answer = as_user(organiser).post(
        address(meeting), {"key": f"item-{item.pk}", "seen": seen, "text": "**Tärkeä** asia", "do": "preview"}
    )

    assert "<strong>Tärkeä</strong> asia" in answer.content.decode()
    assert "**Tärkeä** asia</textarea>" in answer.content.decode()
    item.refresh_from_db()
    assert item.notes == ""


def test_an_identity_code_and_a_text_too_long_are_refused_and_kept_in_the_field(as_user, organiser, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    seen = writing.text_of(minutes, f"item-{item.pk}").seen
    for text in ("Asiakas 131052-308T kävi", "a" * 30_001):
        answer = as_user(organiser).post(address(meeting), {"key": f"item-{item.pk}", "seen": seen, "text": text})
        part = next(part for part in answer.context["parts"] if part["text"].key == f"item-{item.pk}")
        assert part["error"]
        assert part["shown"] == text
    item.refresh_from_db()
    assert item.notes == ""


def test_what_is_typed_after_publishing_is_given_back(as_user, organiser, meeting):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    rows.publish(minutes, by=organiser)

    answer = as_user(organiser).post(address(meeting), {"key": f"item-{item.pk}", "seen": "x", "text": "Myöhässä"})

    assert answer.status_code == 409
    assert "Myöhässä" in answer.content.decode()
    item.refresh_from_db()
    assert item.notes == ""


def test_marked_lines_become_the_register(organiser, professional, meeting):
    professional.name = "Maija Virta"
    professional.save()
    rows.make_participation(meeting, professional)
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    key = f"item-{item.pk}"

    rows.write(minutes, key, "Puhuttiin.\n\n**Päätös:** Perustetaan ryhmä.\n- Tehtävä: Kysytään tilaa (Maija Virta, 15.12.2026)", by=organiser)  # fmt: skip

    decision, action = Decision.objects.get(), ActionItem.objects.get()
    assert decision.text == "Perustetaan ryhmä."
    assert (action.text, action.owner, str(action.due)) == ("Kysytään tilaa", professional, "2026-12-15")
    rows.write(minutes, key, "Päätös: Perustetaan uusi ryhmä.\nTehtävä: Kysytään tilaa (Seurakunta)", by=organiser)
    decision.refresh_from_db()
    action.refresh_from_db()
    assert decision.text == "Perustetaan uusi ryhmä."  # the same decision, said better
    assert (action.owner, action.owner_name) == (None, "Seurakunta")
    rows.write(minutes, key, "Ei mitään.", by=organiser)
    assert not Decision.objects.exists()
    assert not ActionItem.objects.exists()


def test_attendance_takes_one_press(as_user, organiser, professional, meeting):
    row = rows.make_participation(meeting, professional, answer="coming")
    absent = rows.make_participation(meeting, name="Toinen", answer="not")
    elsewhere = rows.make_participation(rows.make_meeting("Muu"), professional)
    client = as_user(organiser)

    client.post(address(meeting, "minutes_attendance"), {"mark": f"p{row.pk}:remote"})
    row.refresh_from_db()
    assert row.attendance == "remote"
    client.post(address(meeting, "minutes_attendance"), {"mark": f"p{row.pk}:"})
    client.post(address(meeting, "minutes_attendance"), {"all": "present"})
    row.refresh_from_db()
    absent.refresh_from_db()
    assert (row.attendance, absent.attendance) == ("present", "absent")
    assert client.post(address(meeting, "minutes_attendance"), {"mark": f"p{elsewhere.pk}:present"}).status_code == 404
    assert client.post(address(meeting, "minutes_attendance"), {"mark": "x1:present"}).status_code == 404
    assert client.post(address(meeting, "minutes_attendance"), {"mark": f"p{row.pk}:dancing"}).status_code == 302
    row.refresh_from_db()
    assert row.attendance == "present"


def test_a_walk_in_is_added_once_and_people_are_counted_without_names(as_user, organiser, meeting):
    client = as_user(organiser)
    key = client.get(address(meeting)).context["walk_in_form"].fresh_key()
    sent = {
        "walkin-form_key": key,
        "walkin-name": "Ville Vieras",
        "walkin-sector": "ngo",
        "walkin-attendance": "present",
    }
    client.post(address(meeting, "minutes_walk_in"), sent)
    client.post(address(meeting, "minutes_walk_in"), sent)
    assert Participation.objects.get(is_walk_in=True).name == "Ville Vieras"
    assert OnceKey.objects.count() == 1
    client.post(address(meeting, "minutes_headcount"), {"count-public": "7", "count-ngo": ""})
    assert list(Headcount.objects.values_list("sector", "number")) == [("public", 7)]
    assert client.post(address(meeting, "minutes_headcount"), {"count-public": "-1"}).context["headcount_form"].errors


def test_tables_of_a_workshop_have_their_own_notes(organiser):
    workshop = rows.make_meeting("Learning Café", kind="workshop")
    workshop.organisers.add(organiser)
    table = WorkshopTable.objects.create(meeting=workshop, number=1, topic="Läheiset")
    minutes = writing.begin(workshop, by=organiser)
    rows.write(minutes, f"table-{table.pk}", "Pöydän ajatukset", by=organiser)
    table.refresh_from_db()
    assert table.notes == "Pöydän ajatukset"


def test_ideas_of_a_season_closing_become_wishes(as_user, organiser, meeting):
    closing = rows.make_meeting("Päätös", kind="closing")
    closing.organisers.add(organiser)
    client = as_user(organiser)
    key = client.get(address(closing)).context["wishes_form"].fresh_key()
    client.post(address(closing, "minutes_wishes"), {"wish-form_key": key, "wish-ideas": "- Nuorten päihteet\n\nLäheiset\nLäheiset"})  # fmt: skip
    assert set(Wish.objects.values_list("text", "from_meeting")) == {("Nuorten päihteet", closing.pk), ("Läheiset", closing.pk)}  # fmt: skip
    assert client.post(address(meeting, "minutes_wishes"), {"wish-ideas": "x"}).status_code == 404


def test_the_working_page_asks_the_same_for_one_and_three_of_everything(as_user, organiser, meeting, django_assert_num_queries):  # fmt: skip
    from django.test.utils import CaptureQueriesContext

    minutes = writing.begin(meeting, by=organiser)
    client = as_user(organiser)

    def more():
        item = rows.make_item(meeting, description="Kuvaus")
        rows.make_participation(meeting, make_user(name="Joku Joku"))
        rows.make_guest(meeting)
        rows.write(minutes, f"item-{item.pk}", "Päätös: Tehdään.\nTehtävä: Soita (Joku)", by=organiser)

    more()
    client.get(address(meeting))
    with CaptureQueriesContext(connection) as one:
        client.get(address(meeting))
    more()
    more()
    with CaptureQueriesContext(connection) as three:
        client.get(address(meeting))
    assert len(three) == len(one)


def test_a_save_outside_of_these_minutes_is_refused(organiser, meeting):
    other = rows.make_item(rows.make_meeting("Muu"))
    minutes = writing.begin(meeting, by=organiser)
    with pytest.raises(writing.Closed):
        writing.save(minutes, f"item-{other.pk}", "x", seen="", by=organiser)
    with pytest.raises(ValidationError):
        writing.add_item(meeting, "131052-308T", by=organiser)
