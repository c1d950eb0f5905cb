"""Finding in agendas, minutes and decisions: what each may read, by the portal's own Finnish search.

The texts that are searched are made of what is written elsewhere. Before each search the few that have changed since
are made again, so that nothing is found by words that are not there any more.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import MD5, Concat
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from network.finnish_text import analyse, query_terms
from network.permissions import can_see_members_only
from services.search.showing import mark_words, places_of

from ..models import AgendaItem, GroupMembership, Meeting, MeetingWords, Minutes
from ..models.choices import Publicity
from . import record
from .record import Record

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

Part = MeetingWords.Part
MOST_AT_ONCE = 500
LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.M)
AROUND = 90  # letters on each side of the word that is shown
_LOCK = 7_110_503  # one at a time makes texts again


# What is searched ---------------------------------------------------------------------------------------------------


def refresh() -> int:
    """Make again the texts whose source has changed; how many. Three queries when nothing has."""
    stale = list(_stale_items()[:MOST_AT_ONCE])
    new = list(_new_minutes()[:MOST_AT_ONCE])
    gone = _gone()
    if not stale and not new and not gone.exists():
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _gone().delete()
        for item in stale:
            _write_item(item)
        for minutes in new:
            _write_minutes(minutes)
    return len(stale) + len(new)


def _source() -> Any:
    parts = ["title", Value("\n"), "description", Value("\n"), "presenter", Value("\n"), "publicity"]
    return MD5(Concat(*parts, output_field=TextField()))


def _stale_items() -> QuerySet[AgendaItem]:
    known = MeetingWords.objects.filter(part=Part.AGENDA, item=OuterRef("pk")).values("digest")[:1]
    items = AgendaItem.objects.accepted().annotate(source=_source(), known=Subquery(known, output_field=CharField()))
    return items.exclude(known=F("source")).order_by("pk")


def in_force() -> QuerySet[Minutes]:
    published = Minutes.objects.filter(status=Minutes.Status.PUBLISHED)
    newer = published.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    return published.exclude(Exists(newer))


def _new_minutes() -> QuerySet[Minutes]:
    return in_force().exclude(Exists(MeetingWords.objects.filter(minutes=OuterRef("pk")))).select_related("meeting")


def _gone() -> QuerySet[MeetingWords]:
    """Texts of items that are not on the agenda any more, and of minutes that a newer version has replaced."""
    off = Q(part=Part.AGENDA) & ~Q(item__status=AgendaItem.Status.ACCEPTED)
    old = Q(minutes__isnull=False) & ~Q(minutes__in=in_force().values("pk"))
    return MeetingWords.objects.filter(off | old)


def _write_item(item: Any) -> None:
    public = item.publicity == Publicity.PUBLIC
    text = "\n".join(part for part in (item.presenter, item.description) if part)
    _write(
        {"part": Part.AGENDA, "item": item, "minutes": None, "number": 0},
        meeting_id=item.meeting_id,
        publicity=item.publicity,
        digest=item.source,
        title=item.title,
        public_title=item.title if public else "",
        text=text,
        public_text=item.description if public else "",
    )


def _write_minutes(minutes: Minutes) -> None:
    """One text for each part of the record and for each decision; the public ones say what the public version says."""
    open_items = {item["pk"]: item for item in minutes.public_record["items"]}
    bare: Record = {"items": [], "tables": []}
    rest = bare | {key: minutes.record[key] for key in ("opening", "closing", "tables", "decisions", "actions")}
    open_rest = bare | {key: minutes.public_record[key] for key in ("opening", "closing", "decisions", "actions")}
    known = set(AgendaItem.objects.filter(meeting=minutes.meeting_id).values_list("pk", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        _write_part(minutes, None, 0, Publicity.NETWORK, minutes.meeting.title, rest, open_rest)
        of_no_item = {
            "title": minutes.meeting.title,
            "publicity": Publicity.NETWORK,
            "decisions": minutes.record["decisions"],
        }
        _write_decisions(minutes, None, 0, of_no_item, None)
        for number, item in enumerate(minutes.record["items"], 1):
            shown = open_items.get(item["pk"])
            pk = item["pk"] if item["pk"] in known else None
            own = bare | {"opening": item["text"], "closing": "", "decisions": [], "actions": item["actions"]}
            public = shown and bare | {
                "opening": shown["text"],
                "closing": "",
                "decisions": [],
                "actions": shown["actions"],
            }
            _write_part(minutes, pk, number, item["publicity"], item["title"], own, public, shown and shown["title"])
            _write_decisions(minutes, pk, number, item, shown)


def _write_part(
    minutes: Minutes, item: int | None, number: int, publicity: str, title: str, own: Record, public: Record | None,
    public_title: str | None = "",
) -> None:  # fmt: skip
    _write(
        {"part": Part.MINUTES, "item_id": item, "minutes": minutes, "number": number},
        meeting_id=minutes.meeting_id,
        publicity=publicity,
        title=title[:300],
        public_title=public_title or "",
        text=record.as_markdown(own),
        public_text=record.as_markdown(public) if public else "",
    )


def _write_decisions(minutes: Minutes, pk: int | None, number: int, item: Record, shown: Record | None) -> None:
    public = {row["pk"]: row["text"] for row in shown["decisions"]} if shown else {}
    for at, row in enumerate(item["decisions"]):
        _write(
            {"part": Part.DECISION, "item_id": pk, "minutes": minutes, "number": number * 100 + at},
            meeting_id=minutes.meeting_id,
            publicity=item["publicity"],
            title=item["title"][:300],
            public_title=shown["title"] if shown else "",
            text=row["text"],
            public_text=public.get(row["pk"], ""),
        )


def _write(key: dict[str, Any], **fields: Any) -> None:
    words = " ".join(analyse(f"{fields['title']}\n{fields['text']}"))
    public = (
        " ".join(analyse(f"{fields['public_title']}\n{fields['public_text']}"))
        if fields["publicity"] == Publicity.PUBLIC
        else ""
    )
    if key["part"] == Part.MINUTES and key["number"] == 0:  # beginning and end, which both versions have
        public = " ".join(analyse(fields["public_text"]))
    vectors = {
        "words": SearchVector(Value(words), config="simple"),
        "public_words": SearchVector(Value(public), config="simple"),
    }
    MeetingWords.objects.update_or_create(**key, defaults=fields | vectors)


# Finding ------------------------------------------------------------------------------------------------------------


@dataclass
class Hit:
    """One answer. Its words are marked when a page shows them, not before: most hits are on other pages."""

    meeting: Meeting
    part: str
    label: str
    plain_title: str
    text: str
    url: str
    asked: frozenset[str]

    @property
    def title(self) -> SafeString:
        return mark_words(self.plain_title, self.asked)

    @property
    def excerpt(self) -> SafeString:
        """A piece of the text around the first word that was asked for, without marks of Markdown."""
        plain = " ".join(LIST_MARK.sub("", self.text).replace("#", " ").replace("*", "").split())
        first, _end = next(places_of(plain, self.asked), (0, 0))
        start = max(0, first - AROUND)
        if start:
            start = plain.find(" ", start) + 1
        piece = Truncator(plain[start:]).chars(2 * AROUND)
        return mark_words(f"… {piece}" if start else piece, self.asked)


def visible(user: "User | AnonymousUser") -> QuerySet[MeetingWords]:
    """Texts that the user may read in the members' version: of meetings and items that she sees."""
    rows = MeetingWords.objects.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
    if user.is_authenticated and user.is_coordinator:
        return rows
    if not user.is_authenticated:
        return rows.none()
    belongs = Q(Exists(GroupMembership.objects.current().filter(group=OuterRef("meeting__group"), person=user.pk)))
    organised = Q(meeting__in=Meeting.objects.organised_by(user).values("pk"))
    all_of_it = belongs | organised
    reads = (
        all_of_it | Q(publicity__in=[Publicity.PUBLIC, Publicity.NETWORK]) if can_see_members_only(user) else all_of_it
    )
    now_visible = Q(item=None) | Q(item__in=AgendaItem.objects.visible_to(user).values("pk"))
    return rows.filter(reads, now_visible)


def visible_in_public(user: "User | AnonymousUser") -> QuerySet[MeetingWords]:
    """Texts with a public version, of meetings that the user sees. An item that has been restricted since is none."""
    rows = MeetingWords.objects.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
    public = Q(publicity=Publicity.PUBLIC) & (Q(item=None) | Q(item__publicity=Publicity.PUBLIC))
    return rows.filter(public | Q(part=Part.MINUTES, number=0))


def find(user: "User | AnonymousUser", words: str, part: str = "") -> list[Hit]:
    """The best hits first, then the newest. Empty words find nothing."""
    terms = query_terms(words)
    if not terms:
        return []
    refresh()
    query = SearchQuery(terms[0], config="simple", search_type="plain")
    for term in terms[1:]:
        query &= SearchQuery(term, config="simple", search_type="plain")
    own = visible(user).filter(words=query).annotate(rank=SearchRank(F("words"), query))
    public = visible_in_public(user).filter(public_words=query).annotate(rank=SearchRank(F("public_words"), query))
    if part in Part.values:
        own, public = own.filter(part=part), public.filter(part=part)
    order = ("-rank", F("meeting__first_day").desc(nulls_last=True), "pk")
    found = {row.pk: (row, row.text, row.title) for row in own.select_related("meeting").order_by(*order)[:100]}
    for row in public.select_related("meeting").order_by(*order)[:100]:
        title = row.meeting.title if row.number == 0 and row.part == Part.MINUTES else row.public_title
        found.setdefault(row.pk, (row, row.public_text, title))
    rows = sorted(found.values(), key=lambda one: -one[0].rank)
    return [_hit(row, text, title, terms) for row, text, title in rows[:100]]


def _hit(row: MeetingWords, text: str, title: str, terms: list[str]) -> Hit:
    page = row.meeting.get_absolute_url()
    url = f"{page}#kohta-{row.item_id}" if row.part == Part.AGENDA else f"{page}muistio/"
    if row.part != Part.AGENDA and row.item_id:
        url += f"#kohta-{row.item_id}"
    return Hit(row.meeting, row.part, row.get_part_display(), title, text, url, frozenset(terms))


# The register of decisions ------------------------------------------------------------------------------------------


def decisions(user: "User | AnonymousUser") -> QuerySet[MeetingWords]:
    """Those of published minutes as they were published, as far as the user reads them; the newest meeting first."""
    refresh()
    rows = visible(user).filter(part=Part.DECISION).select_related("meeting", "item")
    rows = rows.prefetch_related("item__services", "item__organisations")
    return rows.order_by(F("meeting__first_day").desc(nulls_last=True), "meeting", "number")
