"""Who sees which meeting, and the pages that everybody may open."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings import attending
from meetings.models import AgendaItem, Group, Meeting
from network.versions import catalogue_version
from tests import factories as people
from tests.network.test_catalogue_version import watched

from . import factories

pytestmark = pytest.mark.django_db


def seen_by(person) -> set[str]:
    return set(Meeting.objects.visible_to(person).values_list("title", flat=True))


@pytest.fixture
def meetings(coordinator, professional, expert):
    closed = factories.make_group(is_open=False)
    factories.join(expert, closed)
    factories.make_meeting("Julkinen", is_public=True)
    factories.make_meeting("Verkoston")
    factories.make_meeting("Ryhmän", group=closed)
    factories.make_meeting("Luonnos", published=False)
    factories.make_meeting("Julkinen luonnos", published=False, is_public=True)


def test_each_sees_what_is_meant_for_them(meetings, coordinator, professional, expert, outsider):
    from django.contrib.auth.models import AnonymousUser

    assert seen_by(AnonymousUser()) == {"Julkinen"}
    assert seen_by(outsider) == {"Julkinen"}
    assert seen_by(professional) == {"Julkinen", "Verkoston"}
    assert seen_by(expert) == {"Julkinen", "Verkoston", "Ryhmän"}
    assert len(seen_by(coordinator)) == 5


def test_who_is_asked_sees_the_meeting_and_who_organises_the_draft(professional, ngo_editor):
    group = factories.make_group()
    asked = factories.make_meeting("Kysytty", group=group)
    factories.ask(asked, professional)
    draft = factories.make_meeting("Luonnos", group=group, published=False)
    draft.organisers.add(ngo_editor)
    assert seen_by(professional) == {"Kysytty"}
    assert seen_by(ngo_editor) == {"Luonnos"}


def test_who_has_left_the_group_sees_no_more(expert):
    group = factories.make_group()
    factories.join(expert, group, since=timezone.localdate() - dt.timedelta(days=9), until=timezone.localdate())
    factories.make_meeting("Ryhmän", group=group)
    assert seen_by(expert) == set()


def test_a_draft_and_a_foreign_meeting_are_not_found(meetings, client, as_user, professional):
    for title in ("Luonnos", "Ryhmän", "Verkoston"):
        pk = Meeting.objects.get(title=title).pk
        assert client.get(f"/tapaamiset/{pk}/").status_code == 404
    for title in ("Luonnos", "Ryhmän"):
        pk = Meeting.objects.get(title=title).pk
        assert as_user(professional).get(f"/tapaamiset/{pk}/").status_code == 404


def test_items_are_seen_by_their_publicity(professional, coordinator, expert, client, as_user):
    meeting = factories.make_meeting(is_public=True)
    factories.make_item(meeting, "Avoin asia", publicity="public")
    factories.make_item(meeting, "Verkoston asia", publicity="network")
    factories.make_item(meeting, "Rajattu asia", publicity="restricted", ground="Henkilöasia")
    factories.make_item(meeting, "Ehdotettu asia", publicity="public", status="proposed")
    shown = {
        reader: {title for title in ("Avoin asia", "Verkoston asia", "Rajattu asia", "Ehdotettu asia") if title in page}
        for reader, page in (
            ("visitor", client.get(meeting.get_absolute_url()).content.decode()),
            ("member", as_user(professional).get(meeting.get_absolute_url()).content.decode()),
            ("coordinator", as_user(coordinator).get(meeting.get_absolute_url()).content.decode()),
        )
    }
    assert shown == {
        "visitor": {"Avoin asia"},
        "member": {"Avoin asia", "Verkoston asia"},
        "coordinator": {"Avoin asia", "Verkoston asia", "Rajattu asia"},
    }


def test_the_link_for_joining_is_for_the_invited(client, as_user, professional, ngo_editor, expert, coordinator):
    meeting = factories.make_meeting(is_public=True)
    factories.ask(meeting, professional)
    factories.ask(meeting, ngo_editor, answer="not")
    page = meeting.get_absolute_url()
    shown = {name: b"salainen" in as_user(person).get(page).content for name, person in
             [("asked", professional), ("refused", ngo_editor), ("not asked", expert), ("coordinator", coordinator)]}  # fmt: skip
    assert shown == {"asked": True, "refused": False, "not asked": False, "coordinator": True}
    assert b"salainen" not in client.get(page).content


def test_a_guest_without_consent_is_not_named_in_public(client, as_user, professional):
    meeting = factories.make_meeting(is_public=True)
    factories.make_guest(meeting, "Nimetön Vieras (demo)", role="päihdeasiamies", organisation="Kunta")
    factories.make_guest(meeting, "Nimellinen Vieras (demo)", name_may_be_published=True)
    public = client.get(meeting.get_absolute_url()).content.decode()
    assert "Nimetön" not in public
    assert "päihdeasiamies" in public
    assert "Nimellinen" in public
    assert "Nimetön" in as_user(professional).get(meeting.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_with_one_meeting_and_with_three(client, as_user, professional, region):
    reader = as_user(professional)

    def queries(address: str) -> int:
        reader.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(address).status_code == 200
        return len(asked)

    def fill():
        factories.make_meeting(kind="training")
        factories.make_meeting(kind="training", days=-10)
        meeting = Meeting.objects.first()
        for _number in range(2):
            item = factories.make_item(meeting, organisation=people.make_organisation())
            item.services.add(people.make_service())
            factories.make_guest(meeting)

    fill()
    pages = [
        "/tapaamiset/",
        "/tapaamiset/koulutukset/",
        "/",
        "/tapaamiset/ryhmat/verkosto/",
        f"/tapaamiset/{Meeting.objects.first().pk}/",
    ]
    before = [queries(address) for address in pages]
    fill()
    fill()
    assert [queries(address) for address in pages] == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"precision": "year", "first_day": "2023-01-01", "last_day": "2023-12-31"}, "2023"),
        ({"precision": "season", "first_day": "2023-08-01", "last_day": "2023-12-31"}, "2023"),
        ({"precision": "month", "first_day": "2023-01-01", "last_day": "2023-01-31"}, "tammikuu 2023"),
        ({"precision": "range", "first_day": "2022-09-01", "last_day": "2023-12-31"}, "1.9.2022–31.12.2023"),
        ({"precision": "day", "first_day": "2023-12-01", "last_day": "2023-12-01"}, "1.12.2023"),
        ({"precision": "text", "time_text": "syksyllä 2023"}, "syksyllä 2023"),
    ],
)
def test_the_archive_tells_the_time_no_more_exactly_than_it_is_known(fields, words, client):
    factories.make_meeting("Arkistosta", is_public=True, join_link="", **fields)
    page = client.get("/tapaamiset/").content.decode()
    assert words in page[page.index('id="menneet"') :]


def test_the_next_meeting_is_on_the_front_page_and_a_cancelled_one_is_not(client, as_user, professional):
    factories.make_meeting("Peruttu", days=1, is_public=True, cancelled_at=timezone.now())
    factories.make_meeting("Jäsenten", days=2)
    factories.make_meeting("Kaikkien", days=3, is_public=True)
    assert "Kaikkien" in client.get("/").content.decode()
    assert as_user(professional).get("/").context["next_meeting"].title == "Jäsenten"


def test_the_kind_narrows_the_list_and_a_wrong_one_does_not(client):
    factories.make_meeting("Koulutus", kind="training", is_public=True)
    factories.make_meeting("Kahvit", kind="coffee", is_public=True)
    assert [one.title for one in client.get("/tapaamiset/?laji=training").context["coming"]] == ["Koulutus"]
    assert len(client.get("/tapaamiset/?laji=x%27").context["coming"]) == 2
    assert client.get("/tapaamiset/?page=99").status_code == 404


def test_the_flyer_is_for_public_meetings_that_stand(client, coordinator):
    from meetings import inviting

    public, members = factories.make_meeting(is_public=True), factories.make_meeting()
    assert b"<svg" in client.get(f"/tapaamiset/{public.pk}/juliste/").content
    assert client.get(f"/tapaamiset/{members.pk}/juliste/").status_code == 404
    inviting.cancel(public, by=coordinator)
    assert client.get(f"/tapaamiset/{public.pk}/juliste/").status_code == 404


def test_trainings_have_a_feed(client):
    factories.make_meeting("Motivoiva haastattelu", kind="training", is_public=True)
    factories.make_meeting("Jäsenten koulutus", kind="training")
    text = client.get("/tapaamiset/koulutukset/rss/").content.decode()
    assert "Motivoiva haastattelu" in text
    assert "Jäsenten koulutus" not in text


def test_there_is_one_whole_network():
    assert Group.objects.filter(kind="network").count() == 1
    with pytest.raises(Exception, match="there_is_one_whole_network"):
        factories.make_group(kind="network")


def test_a_restricted_item_needs_its_ground():
    with pytest.raises(Exception, match="a_restricted_item_has_a_ground"):
        AgendaItem.objects.create(meeting=factories.make_meeting(), title="x", publicity="restricted")


def test_the_front_page_kept_for_visitors_hears_of_meetings(client, coordinator):
    from meetings import inviting

    first = factories.make_meeting("Ensimmäinen tapaaminen", days=2, is_public=True)
    factories.make_meeting("Toinen tapaaminen", days=3, is_public=True)
    assert "Ensimmäinen tapaaminen" in client.get("/").content.decode()
    inviting.cancel(first, by=coordinator)
    page = client.get("/").content.decode()
    assert "Ensimmäinen tapaaminen" not in page
    assert "Toinen tapaaminen" in page


def test_what_pages_kept_for_visitors_show_changes_their_number(client, professional):
    meeting = factories.make_meeting(is_public=True, kind="training")
    over = factories.make_meeting(days=-3, is_public=True)
    item = factories.make_item(meeting, publicity="public", organisation=people.make_organisation())
    item.services.add(people.make_service())
    factories.make_guest(over)
    pages = [meeting.get_absolute_url(), over.get_absolute_url(), "/tapaamiset/arkisto/"]
    with CaptureQueriesContext(connection) as asked:
        for page in pages:
            assert client.get(page).headers["ETag"]
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert {"meetings_agendaitem", "meetings_meetingguest", "meetings_participation"} <= read
    assert read - watched() == set()

    def changes(do) -> bool:
        before = catalogue_version()
        do()
        return catalogue_version() != before

    one = factories.ask(meeting, professional)
    newcomer = people.make_user()
    assert not changes(lambda: factories.ask(meeting, newcomer).save(update_fields=["answer"]))
    assert changes(lambda: attending.mark(one, "present"))
    assert changes(
        lambda: attending.add_walk_in(meeting, name="Tulija", organisation="", sector="", attendance="present")
    )
    assert not changes(lambda: AgendaItem.objects.filter(pk=item.pk).update(notes="Kirjuri kirjoittaa", edition=2))


def test_a_kept_page_follows_the_clock(client, monkeypatch):
    soon = timezone.now() + dt.timedelta(hours=1)
    meeting = factories.make_meeting(
        is_public=True, open_to_non_members=True, registration_until=soon, proposals_until=soon
    )
    assert f"/tapaamiset/{meeting.pk}/ilmoittaudu/" in client.get(meeting.get_absolute_url()).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: soon + dt.timedelta(minutes=1))
    assert f"/tapaamiset/{meeting.pk}/ilmoittaudu/" not in client.get(meeting.get_absolute_url()).content.decode()
