"""Load data: invented meetings, an archive of any length with published minutes, and one to come with a long agenda.

The same seed and day write the same. See `load_data` for the catalogue.
"""

import datetime as dt
import random
from typing import Any

from django.db import transaction
from django.utils import timezone

from meetings.minutes import permissions, record
from meetings.models import AgendaItem, Group, Headcount, Meeting, MeetingGuest, MeetingTheme, Minutes, Participation
from network.models import User

from . import load_words as words

COMING = 1_000_000  # with the seed the number of the meeting to come, so that its address is known
TOLD = "Kuormakoetta varten keksitty (demo)"
KINDS = ("network", "network", "network", "working", "workshop", "webinar", "training")
MATTERS = (
    "Kuulumiset", "Läheisten tuki", "Palvelupolut", "Alueen tilanne", "Syksyn koulutukset", "Nuorten päihdetyö", "Vertaistuki",
    "Etsivä työ", "Toimija esittäytyy", "Ehkäisevä työ kouluissa", "Asumisen tuki", "Seuraava tapaaminen",
)  # fmt: skip


@transaction.atomic
def fill(meetings: int, items: int = 40, *, seed: int = 1, day: dt.date | None = None) -> None:
    """Add so many past meetings, a fortnight apart, and one to come with so many items."""
    Load(seed, day or timezone.localdate()).write(meetings, items)


class Load:
    def __init__(self, seed: int, day: dt.date) -> None:
        self.pick, self.seed, self.day = random.Random(seed), seed, day  # noqa: S311  nothing secret
        self.group = Group.objects.get(kind=Group.Kind.NETWORK)
        self.themes = list(MeetingTheme.objects.order_by("code"))
        self.people = list(User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)[:500])

    def write(self, meetings: int, items: int) -> None:
        for number in range(meetings):
            self.past(number)
        coming = self.meeting(14, "Kuorman tapaaminen", pk=COMING + self.seed, proposals_until=self.at(7))
        self.items(coming, items)
        self.guests(coming)

    def at(self, days: int) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.day + dt.timedelta(days=days), dt.time(13)))

    def meeting(self, days: int, title: str, **fields: Any) -> Meeting:
        meeting = Meeting.objects.create(
            title=title, group=self.group, is_public=True, starts_at=self.at(days), ends_at=self.at(days) + dt.timedelta(hours=2),
            description=" ".join(self.pick.sample(words.SENTENCES, 3)), published_at=self.at(days - 30), source=TOLD,
            uid=f"kuorma-{self.seed}-{days}@example.org", **fields,
        )  # fmt: skip
        meeting.themes.set(self.pick.sample(self.themes, min(len(self.themes), 2)))
        return meeting

    def past(self, number: int) -> None:
        meeting = self.meeting(-14 * (number + 1), f"Kuorman tapaaminen {number + 1}", kind=self.pick.choice(KINDS))
        self.items(meeting, self.pick.randint(4, 9))
        self.guests(meeting)
        there = self.pick.sample(self.people, min(len(self.people), self.pick.randint(5, 25)))
        Participation.objects.bulk_create(
            Participation(meeting=meeting, person_id=person, answer="coming", attendance="present") for person in there
        )
        Headcount.objects.bulk_create(
            Headcount(meeting=meeting, sector=sector, number=self.pick.randint(5, 20)) for sector in ("public", "ngo")
        )
        self.minutes(meeting)

    def items(self, meeting: Meeting, number: int) -> None:
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=meeting, position=place, title=f"{self.pick.choice(MATTERS)} {place}", minutes=self.pick.choice((5, 10, 15)),
                kind=self.pick.choice(AgendaItem.Kind.values), publicity=self.pick.choice(("public", "public", "public", "network")),
                description=" ".join(self.pick.sample(words.SENTENCES, 2)), notes="\n\n".join(self.pick.sample(words.SENTENCES, 3)),
            )
            for place in range(1, number + 1)
        )  # fmt: skip

    def guests(self, meeting: Meeting) -> None:
        MeetingGuest.objects.bulk_create(
            MeetingGuest(
                meeting=meeting, name=f"{self.pick.choice(words.FIRST_NAMES)} {self.pick.choice(words.FAMILY_NAMES)} (demo)",
                role=self.pick.choice(words.TITLES), name_may_be_published=self.pick.random() < 0.5,
            )
            for _guest in range(2)
        )  # fmt: skip

    def minutes(self, meeting: Meeting) -> None:
        """Published, in both versions; what is invented has no names to be looked for."""
        minutes = Minutes(meeting=meeting, status=Minutes.Status.PUBLISHED, opening="Kokous avattiin.")
        whole = record.build(minutes)
        items = [item for item in whole["items"] if item["publicity"] == permissions.PUBLIC]
        public = whole | {"items": items, "present": [], "tables": [], "decisions": [], "actions": []}
        minutes.record, minutes.public_record, minutes.published_at = whole, public, meeting.ends_at
        minutes.text = record.as_markdown(record.cut(whole, permissions.NETWORK))
        minutes.public_text = record.as_markdown(public)
        minutes.save()
