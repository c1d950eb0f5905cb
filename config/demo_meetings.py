"""Meetings of the demo: last month's and next month's, with invented people who say so in their names."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from meetings import agenda, inviting, preparing
from meetings.models import (
    AgendaItem,
    Group,
    GroupMembership,
    Meeting,
    MeetingGuest,
    MeetingSeries,
    MeetingTheme,
    Participation,
    Wish,
)
from network.models import Organisation, User

LINK = "https://example.org/teams/demo"


@transaction.atomic
def make(people: dict[str, User], places: dict[str, Organisation]) -> None:
    """Once: what somebody has changed or deleted in the demo stays so."""
    if Meeting.objects.exists() or MeetingSeries.objects.exists():
        return
    whole = Group.objects.get(kind=Group.Kind.NETWORK)
    series = MeetingSeries.objects.create(
        name="Verkostotapaaminen (demo)", group=whole, rule="joka kuun toinen torstai", weeks=[2], weekday=3, minutes=120,
        join_link=LINK, is_public=True,
    )  # fmt: skip
    for position, (title, kind, minutes) in enumerate(USUAL, 1):
        series.items.create(position=position, title=title, kind=kind, minutes=minutes, publicity="network")
    last_months(series, people, places)
    next_months(series, people, places)
    webinar(whole)
    working_group(people)
    Wish.objects.create(group=whole, text="Läheisten tuki ja lapset puheeksi (demo)", proposer=people.get("expert"))


USUAL = [
    ("Avaus ja kuulumiset", "discussion", 15),
    ("Toimija esittäytyy", "introduction", 20),
    ("Ajankohtaiset ilmoitukset", "notice", 10),
]


def second_thursday(months: int) -> dt.datetime:
    """Of the month so many months from now, at one o'clock."""
    month = timezone.localdate().replace(day=1)
    for _step in range(abs(months)):
        month = (month + dt.timedelta(days=32 if months > 0 else -1)).replace(day=1)
    return timezone.make_aware(dt.datetime.combine(preparing.weekdays_of(month, 3)[1], dt.time(13)))


def last_months(series: MeetingSeries, people: dict[str, User], places: dict[str, Organisation]) -> None:
    start = second_thursday(-1)
    meeting = preparing.new_of_series(series, start, by=people["coordinator"])
    changed(meeting, published_at=start - dt.timedelta(days=30), invited_at=start - dt.timedelta(days=30))
    meeting.themes.set(MeetingTheme.objects.filter(code__in=["services", "cooperation"]))
    if place := places.get("ngo"):
        meeting.items.filter(kind="introduction").update(organisation=place)
    AgendaItem.objects.create(
        meeting=meeting, position=9, title="Yhteinen ohjauskäytäntö päivystyksestä (demo)", kind="decision", minutes=30, is_open=True,
        description="Miten päivystyksestä ohjataan eteenpäin? Jatketaan seuraavassa tapaamisessa.",
    )  # fmt: skip
    for role, attendance in (
        ("professional", "remote"),
        ("ngo", "remote"),
        ("expert", "present"),
        ("coordinator", "present"),
    ):
        ask(meeting, people[role], answer="coming", attendance=attendance)


def next_months(series: MeetingSeries, people: dict[str, User], places: dict[str, Organisation]) -> None:
    start = second_thursday(1)
    meeting = preparing.new_of_series(series, start, by=people["coordinator"])
    agenda.carry(meeting)
    changed(
        meeting, published_at=timezone.now(), invited_at=timezone.now(),
        description="Verkosto tapaa Teamsissa. Tällä kertaa vieraana on asiantuntija kertomassa lainsäädännöstä.",
    )  # fmt: skip
    meeting.themes.set(MeetingTheme.objects.filter(code="legislation"))
    if place := places.get("professional"):
        meeting.items.filter(kind="introduction").update(organisation=place)
    AgendaItem.objects.create(
        meeting=meeting, status=AgendaItem.Status.PROPOSED, title="Uusi vertaisryhmä alkaa (demo)", kind="notice", minutes=10,
        description="Kerromme, kenelle ryhmä on ja miten siihen pääsee.", proposer=people["ngo"],
    )  # fmt: skip
    MeetingGuest.objects.create(
        meeting=meeting, name="Vieno Vieras (demo)", organisation="Esimerkkivirasto", role="asiantuntija",
        topic="Mitä laki muuttaa arjessa", email="guest@example.org",
    )  # fmt: skip
    for role, answer in (
        ("professional", "coming"),
        ("ngo", "invited"),
        ("expert", "maybe"),
        ("coordinator", "coming"),
    ):
        ask(meeting, people[role], answer=answer)
    changed(meeting)


def webinar(whole: Group) -> None:
    start = second_thursday(1) + dt.timedelta(days=6)
    meeting = Meeting.objects.create(
        title="Järjestöt tutuiksi -webinaari (demo)", kind="webinar", group=whole, starts_at=start, ends_at=start + dt.timedelta(hours=1),
        join_link=LINK, is_public=True, open_to_non_members=True, capacity=300, published_at=timezone.now(),
        audience="Sote- ja sivistysalan ammattilaisille ja opiskelijoille",
        description="Järjestöt kertovat lyhyesti, mitä tukea niistä saa. Ilmoittaudu, niin saat linkin sähköpostiisi.",
    )  # fmt: skip
    AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        title="Kolme järjestöä esittäytyy",
        kind="presentation",
        minutes=45,
        publicity="public",
    )


def working_group(people: dict[str, User]) -> None:
    group = Group.objects.create(
        name="Kokemustoiminnan kehittäjäryhmä (demo)", slug="kehittajaryhma-demo", kind=Group.Kind.WORKING, is_open=True,
        is_public=True, expert_seats=2, purpose="Suunnittelee ja arvioi kokemustoimintaa yhdessä kokemusasiantuntijoiden kanssa.",
    )  # fmt: skip
    GroupMembership.objects.create(group=group, person=people["expert"], has_expert_seat=True)
    GroupMembership.objects.create(group=group, person=people["ngo"], is_organiser=True)


def ask(meeting: Meeting, person: User, **fields: Any) -> None:
    Participation.objects.create(meeting=meeting, person=person, invited_at=timezone.now(), **fields)


def changed(meeting: Meeting, **fields: Any) -> None:
    """As told already, so that the demo's organiser sees no changes to tell of."""
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.save()
    meeting.told = inviting.snapshot(meeting)
    meeting.save(update_fields=["told"])
