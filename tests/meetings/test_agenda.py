"""From a proposal to an agenda: proposing, deciding, order, time, files, and what goes on to the next meeting."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings import agenda, files, preparing
from meetings.models import ActionItem, AgendaItem, Attachment, Meeting
from network.transitions import InvalidTransition
from tests import factories as people

from . import factories, minutes_rows

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%demo"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def office(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return packed.getvalue()


def propose(client, meeting, **fields):
    page = client.get(f"/tapaamiset/{meeting.pk}/ehdota/")
    data = {
        "title": "Uusi ryhmä",
        "description": "Siitä kysytään.",
        "form_key": page.context["form"].initial["form_key"],
        **fields,
    }
    return client.post(f"/tapaamiset/{meeting.pk}/ehdota/", data), data


# Proposing ------------------------------------------------------------------------------------------------------------


def test_a_member_proposes_once_with_a_file_and_the_organisers_are_told(professional, coordinator, as_user, mailbox):
    meeting = factories.make_meeting()
    member = as_user(professional)
    answer, data = propose(member, meeting, minutes="15", file=upload("diat.pdf", PDF), file_name="Diat")
    assert answer.status_code == 302
    member.post(f"/tapaamiset/{meeting.pk}/ehdota/", data)  # the button twice
    item = AgendaItem.objects.get()
    assert (item.status, item.proposer, item.minutes, item.attachments.get().name) == (
        "proposed",
        professional,
        15,
        "Diat",
    )
    assert [one.address for one in mailbox] == [coordinator.email]


def test_somebody_without_an_account_proposes_to_a_public_meeting_by_name(client, coordinator, settings, mailbox):
    settings.PUBLIC_FORM_SECONDS = 0
    meeting = factories.make_meeting(is_public=True)
    answer, _data = propose(client, meeting)
    assert set(answer.context["form"].errors) == {"proposer_name", "proposer_email"}
    propose(client, meeting, proposer_name="Aino", proposer_email="aino@example.org")
    item = AgendaItem.objects.get()
    assert (item.status, item.proposer, item.proposer_email) == ("proposed", None, "aino@example.org")
    agenda.accept(item, by=coordinator)
    assert [one.address for one in mailbox] == [coordinator.email, "aino@example.org"]


def test_after_the_deadline_nobody_proposes(professional, client, as_user):
    meeting = factories.make_meeting(is_public=True, proposals_until=timezone.now() - dt.timedelta(hours=1))
    for reader in (client, as_user(professional)):
        reader.post(f"/tapaamiset/{meeting.pk}/ehdota/", {"title": "Myöhässä", "description": "x"})
    with pytest.raises(ValidationError):
        agenda.propose(AgendaItem(meeting=meeting, title="Myöhässä"), by=professional)
    assert AgendaItem.objects.count() == 0


def test_nobody_proposes_to_a_meeting_that_is_not_hers_to_see(professional, client, as_user):
    hidden = factories.make_meeting(group=factories.make_group())
    assert as_user(professional).get(f"/tapaamiset/{hidden.pk}/ehdota/").status_code == 404
    assert client.get(f"/tapaamiset/{factories.make_meeting().pk}/ehdota/").status_code == 404


# Deciding -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(professional):
    return factories.make_item(factories.make_meeting(), "Ehdotus", status="proposed", proposer=professional)


def test_each_decision_is_told_with_its_reason(proposal, coordinator, professional, mailbox):
    agenda.postpone(proposal, by=coordinator, reason="Ohjelma on täynnä.")
    (message,) = mailbox.to(professional.email)
    assert "Ohjelma on täynnä." in message.text
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reason) == ("postponed", "Ohjelma on täynnä.")


def test_a_decision_is_read_before_it_is_told(proposal, coordinator, as_user, mailbox):
    address = f"/tapaamiset/{proposal.meeting_id}/kohdat/{proposal.pk}/paata/"
    page = as_user(coordinator).post(address, {"verb": "postpone", "reason": "Ei mahdu tähän.", "preview": "1"})
    assert "Ei mahdu tähän." in page.context["message"][1]
    proposal.refresh_from_db()
    assert (proposal.status, len(mailbox)) == ("proposed", 0)


def test_of_two_who_decide_the_second_is_told_so(proposal, coordinator):
    mine, yours = AgendaItem.objects.get(pk=proposal.pk), AgendaItem.objects.get(pk=proposal.pk)
    agenda.accept(mine, by=coordinator)
    with pytest.raises(InvalidTransition):
        agenda.accept(yours, by=coordinator)


def test_postponing_and_declining_need_a_reason_in_the_form_and_in_the_database(proposal, coordinator, as_user):
    page = as_user(coordinator).post(
        f"/tapaamiset/{proposal.meeting_id}/kohdat/{proposal.pk}/paata/", {"verb": "postpone", "reason": ""}
    )
    assert page.context["form"].errors["reason"]
    for verb in (agenda.postpone, agenda.decline):
        with pytest.raises(ValidationError):
            verb(proposal, by=coordinator, reason=" ")
    with pytest.raises(Exception, match="what_is_not_taken_has_a_reason"):
        AgendaItem.objects.filter(pk=proposal.pk).update(status="declined")


def test_merging_takes_words_and_files_along(proposal, coordinator):
    into = factories.make_item(proposal.meeting, "Yhteinen", description="Alku.")
    AgendaItem.objects.filter(pk=proposal.pk).update(description="Lisäys.")
    proposal.refresh_from_db()
    files.add(Attachment(name="Diat"), upload("a.pdf", PDF), by=None, item=proposal)
    agenda.merge(proposal, into, by=coordinator)
    into.refresh_from_db()
    assert into.description == "Alku.\n\nEhdotus: Lisäys."
    assert into.attachments.count() == 1
    with pytest.raises(ValidationError):
        agenda.merge(into, factories.make_item(factories.make_meeting()), by=coordinator)


def test_items_move_up_and_down_and_keep_an_order(coordinator, as_user):
    meeting = factories.make_meeting()
    first, second, third = (factories.make_item(meeting, str(number), position=0) for number in range(3))
    desk = as_user(coordinator)
    desk.post(f"/tapaamiset/{meeting.pk}/kohdat/{third.pk}/siirra/", {"step": "up"})
    desk.post(f"/tapaamiset/{meeting.pk}/kohdat/{first.pk}/siirra/", {"step": "up"})  # it is first already
    assert list(meeting.items.order_by("position").values_list("title", flat=True)) == ["0", "2", "1"]
    late = factories.make_item(meeting, "Myöhässä", position=9)  # came while the others were dragged
    strange = factories.make_item(factories.make_meeting(), "Vieras", position=7)
    dragged = {"item": [second.pk, strange.pk, first.pk, third.pk, "x"]}
    desk.post(f"/tapaamiset/{meeting.pk}/kohdat/jarjesta/", dragged)
    assert list(meeting.items.order_by("position")) == [second, first, third, late]
    strange.refresh_from_db()
    assert strange.position == 7
    assert desk.get(f"/tapaamiset/{meeting.pk}/kohdat/{second.pk}/siirra/").status_code == 405


def test_the_clock_tells_when_each_begins_and_what_is_too_much(coordinator):
    meeting = factories.make_meeting(starts_at=factories.in_days(3, 13), ends_at=factories.in_days(3, 14))
    for minutes in (10, 45, None, 20):
        factories.make_item(meeting, minutes=minutes)
    clock = agenda.clock(meeting, meeting.items.accepted().order_by("position"))
    assert [f"{row.starts:%H.%M}" for row in clock.rows] == ["13.00", "13.10", "13.55", "13.55"]
    assert (clock.planned, clock.length, clock.over, clock.left, clock.untimed) == (75, 60, 15, 0, 1)


def test_editing_an_item_leaves_what_others_wrote_meanwhile(coordinator, as_user):
    item = factories.make_item(factories.make_meeting(), "Vanha")
    AgendaItem.objects.filter(pk=item.pk).update(notes="Kirjurin teksti")
    form = {"title": "Uusi", "kind": "decision", "publicity": "network"}
    assert as_user(coordinator).post(f"/tapaamiset/{item.meeting_id}/kohdat/{item.pk}/", form).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.kind, item.notes) == ("Uusi", "decision", "Kirjurin teksti")


def test_of_two_who_edit_an_item_neither_loses_anything(coordinator, professional, as_user):
    item = factories.make_item(factories.make_meeting(), "Vanha", minutes=10)
    item.meeting.organisers.add(professional)
    address = f"/tapaamiset/{item.meeting_id}/kohdat/{item.pk}/"
    began = as_user(coordinator).get(address).context["form"].initial["began"]
    same = {"kind": "discussion", "publicity": "network", "began": began}
    theirs = same | {"title": "Toisen otsikko", "description": "Toisen kuvaus", "minutes": "10"}
    assert as_user(professional).post(address, theirs).status_code == 302
    mine = same | {"title": "Oma otsikko", "description": "", "minutes": "25"}
    answer = as_user(coordinator).post(address, mine)
    form = answer.context["form"]
    assert (answer.status_code, set(form.errors)) == (200, {"title", "__all__"})
    assert "Toisen otsikko" in form.errors["title"][0]
    shown = {name: form[name].value() for name in ("title", "description", "minutes", "began")}
    assert (shown["title"], shown["description"], shown["minutes"]) == ("Oma otsikko", "Toisen kuvaus", "25")
    assert as_user(coordinator).post(address, same | shown).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.description, item.minutes) == ("Oma otsikko", "Toisen kuvaus", 25)


def test_what_a_member_proposed_is_not_deleted(proposal, coordinator, as_user):
    own = factories.make_item(proposal.meeting)
    desk = as_user(coordinator)
    for item in (proposal, own):
        desk.post(f"/tapaamiset/{item.meeting_id}/kohdat/{item.pk}/poista/")
    assert list(AgendaItem.objects.all()) == [proposal]


# On to the next -------------------------------------------------------------------------------------------------------


def test_what_stays_open_comes_to_the_next_agenda_once(coordinator):
    old = factories.make_meeting(days=-20)
    going_on = factories.make_item(old, "Jatkuu", is_open=True)
    postponed = factories.make_item(old, "Siirretty", status="postponed", reason="x")
    factories.make_item(old, "Loppui")
    factories.make_item(factories.make_meeting(days=-20, group=factories.make_group()), "Muiden", is_open=True)
    ActionItem.objects.create(meeting=old, text="Kysytään kunnasta")
    new = factories.make_meeting()
    assert agenda.carry(new) == 2
    assert agenda.carry(new) == 0
    assert {item.carried_from for item in new.items.all()} == {going_on, postponed}
    assert [action.text for action in agenda.open_actions(new)] == ["Kysytään kunnasta"]


def test_what_is_left_open_later_comes_by_itself_to_an_agenda_that_is_there(coordinator, professional, as_user):
    """A season's meetings are there before it is known what the earlier ones leave open."""
    old, new = factories.make_meeting(days=-1), factories.make_meeting(days=20)
    later = factories.make_meeting(days=50)
    agenda.postpone(factories.make_item(old, "Siirretty"), by=coordinator, reason="Ei ehditty.")
    assert [item.title for item in new.items.all()] == ["Siirretty"]
    closed = factories.make_item(old, "Jatkuu", is_open=True, publicity="restricted", ground="Kesken")
    ActionItem.objects.create(meeting=old, item=closed, text="Salainen tehtävä")
    ActionItem.objects.create(meeting=old, text="Kysytään kunnasta")
    minutes_rows.make_published(old, coordinator)
    assert [item.title for item in new.items.order_by("position")] == ["Siirretty", "Jatkuu"]
    assert not later.items.exists()
    page = as_user(professional).get(f"/tapaamiset/{new.pk}/")
    assert [action.text for action in page.context["actions"]] == ["Kysytään kunnasta"]


def test_next_month_is_made_from_last_month_in_one_step(coordinator, professional, as_user, mailbox):
    old = factories.make_meeting(days=-20, is_public=True, invited_at=timezone.now())
    old.organisers.add(professional)
    factories.make_item(old, "Kuulumiset", minutes=20, notes="Viime kerran sanat")
    factories.make_item(old, "Kesken", is_open=True)
    answer = as_user(professional).post(f"/tapaamiset/{old.pk}/kopioi/")
    new = Meeting.objects.exclude(pk=old.pk).get()
    assert answer["Location"].endswith(f"/tapaamiset/{new.pk}/jarjesta/")
    assert [(item.title, item.minutes, item.notes) for item in new.items.order_by("position")] == [
        ("Kuulumiset", 20, ""),
        ("Kesken", None, ""),
    ]
    assert (new.is_draft, new.invited_at, new.uid == old.uid, new.join_link) == (True, None, False, old.join_link)
    assert new.starts_at > timezone.now()
    assert timezone.localtime(new.starts_at).hour == timezone.localtime(old.starts_at).hour
    assert list(new.organisers.all()) == [professional]
    assert len(mailbox) == 0


def test_a_season_skips_holidays_and_july_and_tells_of_clashes(coordinator, as_user):
    series = factories.make_series(weekday=3, weeks=[2])  # second Thursdays
    other = factories.make_meeting(
        "Koulutus",
        starts_at=dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 3, 12, 10, tzinfo=dt.UTC),
    )
    found = preparing.season(series, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    days = [one.day for one in found]
    assert dt.date(2026, 2, 12) in days
    assert dt.date(2026, 5, 14) not in days  # Ascension Day
    assert dt.date(2026, 5, 21) in days
    assert not any(day.month == 7 for day in days)
    (clash,) = [one for one in found if one.clashes]
    assert (clash.day, clash.clashes) == (dt.date(2026, 3, 12), [other])
    assert {timezone.localtime(one.starts_at).hour for one in found} == {13}  # summer and winter


def test_a_season_is_made_once_as_drafts(coordinator, as_user, mailbox):
    series = factories.make_series()
    series.items.create(title="Kuulumiset", minutes=15)
    desk = as_user(coordinator)
    for _press in range(2):
        desk.post(f"/tapaamiset/sarjat/{series.pk}/kausi/", {"day": ["2031-02-13", "2031-03-13"]})
    made = Meeting.objects.filter(series=series)
    assert made.count() == 2
    assert all(meeting.is_draft and meeting.items.get().title == "Kuulumiset" for meeting in made)
    assert len(mailbox) == 0
    assert desk.post(f"/tapaamiset/sarjat/{series.pk}/kausi/", {"day": ["eilen"]}).status_code == 404


def test_who_has_not_introduced_itself_is_listed(association, parish):
    factories.make_item(factories.make_meeting(days=-5), kind="introduction", organisation=parish)
    assert association in agenda.not_introduced()
    assert parish not in agenda.not_introduced()


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_file_is_given_so_that_nothing_in_it_runs(client):
    item = factories.make_item(factories.make_meeting(is_public=True), publicity="public")
    file = files.add(Attachment(name="Diat"), upload('Päihde työ;"x.pdf', PDF), by=None, item=item)
    answer = client.get(file.get_absolute_url())
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b"<script>1</script>"),
        ("a.svg", b"<svg/>"),
        ("a.pdf", b"<html><script>1</script>"),
        ("a.txt", b"MZ\x00\x01"),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", office("[Content_Types].xml", "ppt/presentation.xml")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.pdf", b""),
        ("a.pdf", PDF + b"x" * files.LARGEST),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, content):
    with pytest.raises(ValidationError):
        files.checked(upload(name, content))


def test_a_right_document_is_taken():
    assert "wordprocessingml" in files.checked(upload("a.docx", office("[Content_Types].xml", "word/document.xml")))


def test_a_file_is_seen_as_its_item_is_and_slides_with_consent_only(client, as_user, professional, outsider):
    meeting = factories.make_meeting(is_public=True)
    public, network = factories.make_item(meeting, publicity="public"), factories.make_item(meeting)
    restricted = factories.make_item(meeting, publicity="restricted", ground="x")
    guest = factories.make_guest(meeting)
    made = {
        name: files.add(Attachment(name=name, guest=of), upload("a.pdf", PDF), by=None, item=item)
        for name, item, of in (
            ("public", public, None),
            ("network", network, None),
            ("restricted", restricted, None),
            ("slides", public, guest),
        )
    }
    seen = {
        name: [
            reader.get(file.get_absolute_url()).status_code
            for reader in (client, as_user(outsider), as_user(professional))
        ]
        for name, file in made.items()
    }
    assert seen == {"public": [200] * 3, "network": [404, 404, 200], "restricted": [404] * 3, "slides": [404, 404, 200]}
    guest.slides_may_be_published = True
    guest.save()
    assert client.get(made["slides"].get_absolute_url()).status_code == 200


def test_a_file_of_a_group_is_its_members(client, as_user, professional, expert):
    group = factories.make_group(is_open=True, is_public=True)
    factories.join(expert, group)
    file = files.add(Attachment(name="Muistio"), upload("a.txt", "ääkkösiä".encode()), by=expert, group=group)
    assert [
        reader.get(file.get_absolute_url()).status_code for reader in (client, as_user(professional), as_user(expert))
    ] == [404, 404, 200]
    assert as_user(professional).post(f"/tapaamiset/liitteet/{file.pk}/poista/").status_code == 404


# Groups ---------------------------------------------------------------------------------------------------------------


def test_a_member_joins_an_open_group_and_leaves_it(professional, outsider, as_user):
    group = factories.make_group(is_open=True, is_public=True)
    closed = factories.make_group(is_public=True)
    member = as_user(professional)
    for _press in range(2):
        assert member.post(f"/tapaamiset/ryhmat/{group.slug}/mukaan/").status_code == 302
    assert list(group.people()) == [professional]
    assert member.post(f"/tapaamiset/ryhmat/{closed.slug}/mukaan/").status_code == 403
    assert as_user(outsider).post(f"/tapaamiset/ryhmat/{group.slug}/mukaan/").status_code == 403
    member.post(f"/tapaamiset/ryhmat/{group.slug}/posti/", {"wants_mail": "no"})
    assert list(group.invited()) == []
    member.post(f"/tapaamiset/ryhmat/{group.slug}/pois/")
    assert list(group.people()) == []
    member.post(f"/tapaamiset/ryhmat/{group.slug}/mukaan/")  # and comes back the same day
    assert list(group.people()) == [professional]


def test_members_wish_and_the_coordinator_gives_a_month_to_it(professional, coordinator, as_user):
    group = factories.whole_network()
    page = as_user(professional).get("/tapaamiset/ryhmat/verkosto/vuosikello/?vuosi=2031")
    key = page.context["form"].initial["form_key"]
    for _press in range(2):
        as_user(professional).post(
            "/tapaamiset/ryhmat/verkosto/vuosikello/?vuosi=2031", {"text": "Läheisistä", "form_key": key}
        )
    wish = group.wishes.get()
    as_user(coordinator).post("/tapaamiset/ryhmat/verkosto/vuosikello/2031/3/", {"theme": "Läheiset", "wish": wish.pk})
    wish.refresh_from_db()
    assert (wish.taken_in.theme, wish.taken_in.month) == ("Läheiset", dt.date(2031, 3, 1))
    assert as_user(professional).get("/tapaamiset/ryhmat/verkosto/vuosikello/2031/3/").status_code == 403


def test_ideas_of_a_closing_become_wishes_that_tell_where_they_came_up(professional, as_user):
    closing = factories.make_meeting(kind="closing", days=-2)
    hidden = factories.make_meeting(kind="closing", group=factories.make_group())
    member = as_user(professional)
    for meeting in (closing, hidden):
        address = f"/tapaamiset/ryhmat/verkosto/vuosikello/?tapaaminen={meeting.pk}"
        key = member.get(address).context["form"].initial["form_key"]
        member.post(address, {"text": "Yhteinen retki", "form_key": key})
    found = factories.whole_network().wishes.order_by("pk").values_list("from_meeting", flat=True)
    assert list(found) == [closing.pk, None]


# Who was there --------------------------------------------------------------------------------------------------------


def test_attendance_in_one_press_and_all_at_once(coordinator, professional, expert, as_user):
    from meetings import attending

    meeting = factories.make_meeting(days=0)
    coming = factories.ask(meeting, professional, answer="coming")
    silent = factories.ask(meeting, expert)
    desk = as_user(coordinator)
    page = f"/tapaamiset/{meeting.pk}/lasna/"
    desk.post(page, {"act": "one", "pk": silent.pk, "value": "remote"})
    desk.post(page, {"act": "all", "value": "present"})
    key = desk.get(page).context["walk_in"].initial["form_key"]
    for _press in range(2):
        desk.post(page, {"act": "walk-in", "name": "Kävijä", "sector": "ngo", "attendance": "present", "form_key": key})
    desk.post(page, {"act": "heads", "ngo": "5", "public": ""})
    coming.refresh_from_db()
    silent.refresh_from_db()
    assert (coming.attendance, silent.attendance) == ("present", "remote")
    assert attending.counts(meeting) == {
        "present": 2,
        "remote": 1,
        "absent": 0,
        "unmarked": 0,
        "guests": 0,
        "unnamed": 5,
        "total": 8,
    }
    other = factories.ask(factories.make_meeting(), people.make_user())
    assert desk.post(page, {"act": "one", "pk": other.pk, "value": "present"}).status_code == 404


def test_pages_of_organisers_ask_the_same_for_one_and_three_of_everything(coordinator, association, as_user):
    series = factories.make_series()
    old, meeting = factories.make_meeting(days=-20), factories.make_meeting(invited_at=timezone.now())
    pages = [f"/tapaamiset/{meeting.pk}/{page}/" for page in ("jarjesta", "lasna", "kutsu")]
    pages.append(f"/tapaamiset/sarjat/{series.pk}/kausi/?first=2031-01-01&last=2031-06-30")
    desk = as_user(coordinator)

    def more():
        person = people.make_user()
        item = factories.make_item(meeting, organisation=association, carried_from=factories.make_item(old))
        for own in (item, factories.make_item(meeting, status="proposed", proposer=person)):
            Attachment.objects.create(item=own, name="Diat", file_name="a.pdf", content_type="application/pdf", size=1)
        factories.make_item(meeting, status="declined", reason="Ei nyt", proposer=person)
        factories.make_item(old, is_open=True)
        ActionItem.objects.create(meeting=old, text="Kysytään", owner=person)
        factories.ask(meeting, person, organisation=association)
        factories.make_guest(meeting)
        clash = dt.datetime(2031, 1, 9, 11, tzinfo=dt.UTC)
        factories.make_meeting(starts_at=clash)

    def queries() -> dict[str, int]:
        found = {}
        for page in pages:
            desk.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(page).status_code == 200
            found[page] = len(asked)
        return found

    more()
    one = queries()
    more()
    more()
    assert queries() == one
