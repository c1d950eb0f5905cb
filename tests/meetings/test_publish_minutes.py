"""Minutes are published in a members' and a public version; what is published never changes and never leaks."""

import re
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from meetings.minutes import names, publishing, record, writing
from meetings.models import GroupMembership, Minutes, MinutesComment
from network.models import StatusEvent
from network.transitions import InvalidTransition

from ..factories import make_membership, make_user
from . import minutes_rows as rows

pytestmark = pytest.mark.django_db

SECRET = ("Virta", "Virran", "Mäki", "Mäen", "Salainen", "040 123 4567", "teams.example", "matti@example.org", "Jäsenasia", "Kaarina")  # fmt: skip


@pytest.fixture
def meeting(association):
    return rows.make_meeting()


@pytest.fixture
def organiser(meeting):
    person = make_user("organiser@example.org", name="Oona Järjestäjä")
    meeting.organisers.add(person)
    return person


@pytest.fixture
def full(meeting, organiser, parish, association):
    """Minutes with everything that must not be in the public version."""
    maija = make_user("maija@example.org", name="Maija Virta")
    make_membership(maija, parish)
    rows.make_participation(meeting, maija, attendance="present", organisation=parish, sector="parish")
    rows.make_participation(meeting, name="Matti Mäki", attendance="remote", organisation=association, sector="ngo")
    make_user("far@example.org", name="Kaarina Kaukainen")
    rows.make_guest(meeting, name="Liisa Lahti", role="päihdeasiamies", organisation="Esimerkkikeskus")
    public = rows.make_item(meeting, "Läheisten tuki")
    network = rows.make_item(meeting, "Jäsenasia", publicity="network")
    restricted = rows.make_item(meeting, "Salainen asia", publicity="restricted")
    return rows.make_published(
        meeting,
        organiser,
        opening="Puheenjohtajana Maija Virta.",
        **{
            f"item_{public.pk}": (
                "Ryhmä alkaa. Maija Virran mukaan tila on. Mäen numero on 040 123 4567, [kokous](https://teams.example/x) ja "
                "matti@example.org. Kaarina Kaukaisen ajatus. Lahden kuulumiset.\n\nPäätös: Perustetaan ryhmä, vastaa Maija Virta.\n"
                "Tehtävä: Soita Mäelle (Maija Virta, 15.12.2026)"
            ),
            f"item_{network.pk}": "Verkoston kesken puhuttua.",
            f"item_{restricted.pk}": "Salainen juttu.\nPäätös: Salainen päätös.",
        },
    )


def page(client, meeting, name="minutes"):
    return client.get(reverse(f"meetings:{name}", args=[meeting.pk]))


def words_of_pdf(data: bytes) -> str:
    """What the file says: the text that its tags and streams hold."""
    import zlib

    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join([data, *found]).decode("latin-1")


def test_the_public_version_leaks_in_no_form(as_user, meeting, full, monkeypatch):
    visitor = as_user(None)
    sources: list[str] = []
    from network import typst_text

    compiled = typst_text.typst.compile
    monkeypatch.setattr(typst_text.typst, "compile", lambda source, **more: sources.append(source.decode()) or compiled(source, **more))  # fmt: skip
    answers = {
        "page": page(visitor, meeting).content.decode(),
        "version": visitor.get(reverse("meetings:minutes_version", args=[meeting.pk, 1])).content.decode(),
        "feed": visitor.get(reverse("meetings:minutes_rss")).content.decode(),
        "csv": visitor.get(reverse("meetings:figures_csv")).content.decode(),
        "figures": visitor.get(reverse("meetings:figures")).content.decode(),
        "archive": visitor.get(reverse("meetings:archive")).content.decode(),
        "text": full.public_text,
        "record": str(full.public_record),
    }
    pdf = page(visitor, meeting, "minutes_pdf")
    answers["pdf"] = sources[-1] + words_of_pdf(pdf.content)
    for word in ("Virta", "Salainen", "Jäsenasia", "Mäki", "040 123 4567", "Kaarina"):
        answer = visitor.get(reverse("meetings:search"), {"q": word})
        assert list(answer.context["page"]) == [], word
    for form, text in answers.items():
        text = re.sub(r'<form class="find.*?</form>', "", text, flags=re.S)
        assert [word for word in SECRET if word in text] == [], form
        assert "Lahden" not in text, form
        assert "Liisa" not in text, form
    shown = answers["page"]
    assert "Läheisten tuki" in shown
    assert "Esimerkin seurakunta" in shown
    assert visitor.get(reverse("meetings:search"), {"q": "perustetaan"}).context["page"][0].title == "Läheisten tuki"
    assert "päihdeasiamies" in shown


def test_an_outsider_reads_the_public_version_and_a_member_hers(as_user, meeting, full, outsider, professional):
    assert "Salainen" not in page(as_user(outsider), meeting).content.decode()
    assert "Jäsenasia" not in page(as_user(outsider), meeting).content.decode()
    member = page(as_user(professional), meeting).content.decode()
    assert "Maija Virta" in member
    assert "Jäsenasia" in member
    assert "Salainen" not in member
    GroupMembership.objects.create(group=meeting.group, person=professional)
    assert "Salainen juttu" in page(as_user(professional), meeting).content.decode()


def test_members_find_what_they_may_read(as_user, meeting, full, professional, organiser):
    def found(person, words, **more):
        page = as_user(person).get(reverse("meetings:search"), {"q": words, **more})
        assert "<mark>" in page.content.decode() or not page.context["page"]
        return [hit.plain_title for hit in page.context["page"]]

    assert "Läheisten tuki" in found(None, "ryhmä")
    assert "Jäsenasia" in found(professional, "verkoston kesken")
    assert found(None, "verkoston kesken") == []
    assert found(professional, "salainen") == []
    assert "Salainen asia" in found(organiser, "salainen")
    assert found(professional, "perustetaan", osa="decision") == ["Läheisten tuki"]
    item = full.meeting.items.get(title="Jäsenasia")
    item.publicity, item.ground = "restricted", "Muuttui"
    item.save()
    assert found(professional, "verkoston kesken") == []  # restricted since


def test_a_private_meeting_has_no_public_minutes(as_user, meeting, full):
    type(meeting).objects.update(is_public=False)
    for name in ("minutes", "minutes_pdf"):
        assert page(as_user(None), meeting, name).status_code == 404
    assert meeting.title not in as_user(None).get(reverse("meetings:minutes_rss")).content.decode()
    assert list(as_user(None).get(reverse("meetings:search"), {"q": "ryhmä"}).context["page"]) == []


def test_drafts_are_read_by_those_who_write_them(as_user, meeting, organiser, professional):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    rows.write(minutes, f"item-{item.pk}", "Luonnosta", by=organiser)
    assert page(as_user(None), meeting).status_code == 404
    assert "Luonnosta" not in page(as_user(professional), meeting).content.decode()
    assert page(as_user(professional), meeting, "minutes_pdf").status_code == 404


def test_the_pdf_is_tagged_and_tells_its_language_and_title(as_user, meeting, full, professional):
    answer = page(as_user(professional), meeting, "minutes_pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = words_of_pdf(answer.content)
    for mark in ("/MarkInfo", "/StructTreeRoot", "/Lang", "pdfuaid", "DisplayDocTitle"):
        assert mark in data, mark
    assert re.search(r"/Lang\s*\(fi", data)
    assert re.search(r"/S\s*/H1", data)
    assert re.search(r"/S\s*/LI", data)


def test_two_people_who_publish_at_once_make_one_version(as_user, meeting, organiser, coordinator):
    rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    stamp = publishing.check(minutes).stamp
    publishing.publish(minutes, by=organiser, stamp=stamp)
    with pytest.raises(writing.Closed):
        publishing.publish(Minutes.objects.get(), by=coordinator, stamp=stamp)
    answer = as_user(coordinator).post(reverse("meetings:minutes_publish", args=[meeting.pk]), {"stamp": stamp})
    assert answer.url == reverse("meetings:minutes", args=[meeting.pk])
    assert Minutes.objects.get().published_by == organiser


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_the_same_moment_one_wins(meeting, organiser, coordinator):
    rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    stamp = publishing.check(minutes).stamp
    barrier, results = threading.Barrier(2), []

    def publish(person):
        try:
            mine = writing.open_minutes(type(meeting).objects.get(pk=meeting.pk))
            barrier.wait(timeout=20)
            publishing.publish(mine, by=person, stamp=stamp)
            results.append(person.pk)
        except (writing.Closed, InvalidTransition):
            results.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(person,)) for person in (organiser, coordinator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    published = Minutes.objects.get()
    assert {None, published.published_by_id} == set(results)
    assert StatusEvent.objects.of(published).filter(status="published").count() == 1


def test_what_changed_after_the_check_is_looked_at_again(as_user, meeting, organiser):
    item = rows.make_item(meeting)
    minutes = writing.begin(meeting, by=organiser)
    url = reverse("meetings:minutes_publish", args=[meeting.pk])
    client = as_user(organiser)
    stamp = client.get(url).context["check"].stamp
    rows.write(minutes, f"item-{item.pk}", "Uutta", by=organiser)
    answer = client.post(url, {"stamp": stamp})
    assert answer.status_code == 409
    assert Minutes.objects.get().status == "draft"
    assert client.post(url, {"stamp": answer.context["check"].stamp}).status_code == 302
    assert Minutes.objects.get().status == "published"


def test_the_check_warns_of_names_and_numbers_and_refuses_identity_codes(meeting, organiser, full, monkeypatch):
    minutes = writing.begin(meeting, by=organiser)
    check = publishing.check(minutes)
    assert {"Maija Virta", "Maija Virran", "Mäen", "Kaarina Kaukaisen"} <= set(check.names)
    assert {"040 123 4567", "matti@example.org"} <= set(check.others)
    monkeypatch.setattr(record, "as_markdown", lambda kept: "131052-308T")  # the database lets no such text in
    check = publishing.check(minutes)
    assert check.has_identity_code
    with pytest.raises(ValidationError):
        publishing.publish(minutes, by=organiser, stamp=check.stamp, what_changed="x")
    assert minutes.meeting.minutes.filter(status="published").count() == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Matti Mäki", "Mäen ajatus"),
        ("Maija Virta", "VIRRAN kanta"),
        ("Pekka Ammattilainen", "ammattilaisista puhui Pekan kanssa"),
        ("Aino-Maija Niemi", "Niemelle kerrottiin"),
        ("Jonas Lindström", "Lindströmin mukaan"),
        ("Markus Saari", "Markuksen vuoro"),
    ],
)
def test_inflected_names_are_found(name, text):
    assert names.People([name]).spans(text)


@pytest.mark.parametrize(
    "text", ["Kainuun alueella", "Kajaanissa maanantaina", "Kaikki päihdetyöntekijät", "Ainakin viisi"]
)
def test_other_words_are_left_alone(text):
    assert names.People(["Kaija Kallio", "Aino Laine"]).spans(text) == []


def test_dates_and_short_numbers_are_no_telephone_numbers():
    people = names.People([])
    for text in ("Kriisipuhelin 112 ja 116 117", "15.12.2026 klo 13.00", "vuosina 2022-2023", "34 osallistujaa"):
        assert names.found_in(text, people) == ([], [])
        assert names.cleaned(text, people) == text
    for text in ("+358 40 123 4567", "0401234567", "08-123 456", "&#48;40 1234567", "Teams: teams.example.com/l/x1"):
        assert names.found_in(text, people)[1], text


def test_a_guest_who_allowed_it_is_named_and_may_take_it_back(as_user, meeting, organiser):
    guest = rows.make_guest(meeting, name="Liisa Lahti", name_may_be_published=True)
    item = rows.make_item(meeting, presenter="Liisa Lahti")
    rows.make_published(meeting, organiser, **{f"item_{item.pk}": "Liisa Lahti kertoi."})
    assert "Liisa Lahti" in page(as_user(None), meeting).content.decode()
    guest.name_may_be_published = False
    guest.save()
    shown = page(as_user(None), meeting).context["shown"]
    assert shown["guests"] == ["päihdeasiamies"]


def test_an_erased_person_is_gone_from_published_minutes(as_user, meeting, full, professional):
    meeting.participations.update(person=None, name="", email="")
    text = page(as_user(professional), meeting).context["shown"]["people"]
    assert text == []


def test_a_correction_is_the_next_version_with_a_readable_difference(as_user, meeting, organiser, full, professional):
    item = meeting.items.get(title="Läheisten tuki")
    client = as_user(organiser)
    client.post(reverse("meetings:minutes_begin", args=[meeting.pk]))
    minutes = writing.open_minutes(meeting)
    assert minutes.number == 2
    rows.write(minutes, f"item-{item.pk}", "Ryhmä alkaa tammikuussa.", by=organiser)
    assert "tammikuussa" not in page(as_user(professional), meeting).content.decode()
    stamp = publishing.check(minutes).stamp
    url = reverse("meetings:minutes_publish", args=[meeting.pk])
    assert client.post(url, {"stamp": stamp}).context["form"].errors["what_changed"]
    client.post(url, {"stamp": stamp, "what_changed": "Alkamisaika"})
    assert list(meeting.minutes.values_list("number", "status")) == [(2, "published"), (1, "published")]
    version = reverse("meetings:minutes_version", args=[meeting.pk, 2])
    changed = as_user(professional).get(version).content.decode()
    assert "tammikuussa" in changed
    assert "<ins>" in changed
    open_changes = as_user(None).get(version).content.decode()
    assert [word for word in SECRET if word in open_changes] == []
    assert "Alkamisaika" not in open_changes  # words that nobody has checked
    first = as_user(professional).get(reverse("meetings:minutes_version", args=[meeting.pk, 1])).content.decode()
    assert "tammikuussa" not in first
    assert as_user(None).get(reverse("meetings:minutes_version", args=[meeting.pk, 3])).status_code == 404


def test_members_comment_while_it_is_out_for_comments(as_user, meeting, organiser, professional, outsider, mailbox):
    rows.make_participation(meeting, professional)
    item = rows.make_item(meeting)
    secret = rows.make_item(meeting, "Salainen", publicity="restricted")
    minutes = writing.begin(meeting, by=organiser)
    rows.write(minutes, f"item-{item.pk}", "Luonnosta", by=organiser)
    rows.write(minutes, f"item-{secret.pk}", "Piilossa", by=organiser)
    url = reverse("meetings:minutes_comment", args=[meeting.pk])
    member = as_user(professional)
    assert member.post(url, {"text": "Liian aikaisin"}).status_code == 403
    as_user(organiser).post(reverse("meetings:minutes_comments", args=[meeting.pk]), {"comments_until": timezone.localdate()})  # fmt: skip

    shown = page(member, meeting)
    assert "Luonnosta" in shown.content.decode()
    assert "Piilossa" not in shown.content.decode()
    assert len(mailbox.to(professional.email)) == 1
    key = shown.context["comment_form"].fresh_key()
    for _twice in range(2):
        member.post(url, {"form_key": key, "text": "Puuttuu yksi asia", "item": item.pk})
    assert MinutesComment.objects.get().text == "Puuttuu yksi asia"
    assert member.post(url, {"form_key": key + "x", "text": "131052-308T"}).status_code == 200
    assert member.post(url, {"text": "Urkin", "item": secret.pk}).context["comment_form"].errors["item"]
    assert as_user(outsider).post(url, {"text": "x"}).status_code == 403
    assert page(as_user(None), meeting).status_code == 404
    assert MinutesComment.objects.count() == 1


def test_absentees_get_one_short_summary_of_what_they_may_read(meeting, organiser, professional, outsider, mailbox):
    rows.make_participation(meeting, professional, attendance="absent")
    rows.make_participation(meeting, make_user("there@example.org"), attendance="present")
    rows.make_participation(meeting, name="Tilaton", email="outside@example.org")
    rows.make_participation(meeting, make_user("uninvited@example.org"), invited_at=None)
    item = rows.make_item(meeting, "Avoin")
    hidden = rows.make_item(meeting, "Jäsenasia", publicity="network")
    secret = rows.make_item(meeting, "Salainen", publicity="restricted")
    texts = {f"item_{one.pk}": f"Päätös: {one.title} päätös" for one in (item, hidden, secret)}
    rows.make_published(meeting, organiser, **texts)

    assert sorted(message.address for message in mailbox) == ["outside@example.org", "professional@example.org"]
    member, outside = mailbox.to("professional@example.org")[0], mailbox.to("outside@example.org")[0]
    assert "Jäsenasia päätös" in member.text
    assert "Jäsenasia" not in outside.text
    assert all("Salainen" not in message.text + message.html for message in mailbox)
    minutes = writing.begin(meeting, by=organiser)
    rows.publish(minutes, by=organiser)
    assert len(mailbox) == 2  # once for a meeting
