"""The agenda: proposing, deciding on proposals, order and times, and what goes on to the next meeting."""

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Organisation, User

from . import emails
from .models import ActionItem, AgendaItem, Meeting
from .models.choices import ItemKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

STANDING = [AgendaItem.Status.PROPOSED, AgendaItem.Status.ACCEPTED]
Status = AgendaItem.Status


# The clock ------------------------------------------------------------------------------------------------------------


class Timed(NamedTuple):
    item: AgendaItem
    number: int
    starts: dt.datetime | None  # by the clock of the wall, when everything before it takes its minutes


class Clock(NamedTuple):
    rows: list[Timed]
    planned: int  # minutes of all items
    length: int | None  # minutes of the meeting
    untimed: int  # items without minutes

    @property
    def over(self) -> int:
        """Minutes that the items take beyond the meeting's end."""
        return max(0, self.planned - self.length) if self.length is not None else 0

    @property
    def left(self) -> int:
        return max(0, self.length - self.planned) if self.length is not None else 0


def clock(meeting: Meeting, items: "QuerySet[AgendaItem] | list[AgendaItem]") -> Clock:
    """When each item begins, and whether all fits in. Several days run one after the other: no clock is told of them."""
    one_day = meeting.starts_at and meeting.ends_at and meeting.first_day == meeting.last_day
    moment = timezone.localtime(meeting.starts_at) if one_day and meeting.starts_at else None
    rows, planned, untimed = [], 0, 0
    for number, item in enumerate(items, 1):
        rows.append(Timed(item, number, moment + dt.timedelta(minutes=planned) if moment else None))
        planned += item.minutes or 0
        untimed += not item.minutes
    length = None
    if one_day and meeting.starts_at and meeting.ends_at:
        length = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return Clock(rows, planned, length, untimed)


def timed(meeting: Meeting, *, publicity: str | None = None) -> list[Timed]:
    """The accepted items with their times, for a mail; restricted ones are told of on the page only."""
    if not meeting.pk:
        return []
    items = meeting.items.accepted().exclude(publicity=AgendaItem.Publicity.RESTRICTED).order_by("position", "pk")
    if publicity:
        items = items.filter(publicity=publicity)
    return clock(meeting, items).rows


# Proposing ------------------------------------------------------------------------------------------------------------


def is_open_for_proposals(meeting: Meeting) -> bool:
    """Until the deadline, or the start where none is set."""
    until = meeting.proposals_until or meeting.starts_at
    return bool(
        meeting.wants_agenda and meeting.published_at and not meeting.is_cancelled and not meeting.is_over
        and until and until > timezone.now()
    )  # fmt: skip


@transaction.atomic
def propose(item: AgendaItem, *, by: User | None) -> None:
    """Keep the proposal and tell the organisers and coordinators. ValidationError after the deadline."""
    if not is_open_for_proposals(item.meeting):
        raise ValidationError(_("The time for proposing items to this meeting is over."))
    item.status, item.proposer = Status.PROPOSED, by
    item.position = 0
    item.save()
    for person in organisers(item.meeting):
        if person != by:
            emails.item_proposed(item, person)


def organisers(meeting: Meeting) -> "QuerySet[User]":
    """Who decides on proposals: those named for the meeting or for its group, and the coordinators."""
    named = meeting.organisers.values("pk")
    of_group = meeting.group.memberships.current().filter(is_organiser=True).values("person")
    coordinators = User.objects.coordinators().values("pk")
    return User.objects.filter(is_active=True, pk__in=named.union(of_group, coordinators))


# Deciding -------------------------------------------------------------------------------------------------------------


def last_position(meeting: Meeting) -> int:
    return meeting.items.accepted().aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def accept(item: AgendaItem, *, by: User | None, **fields: Any) -> None:
    """Onto the agenda as its last item; the proposer is told. InvalidTransition when somebody was faster."""
    decide(item, Status.ACCEPTED, by=by, position=last_position(item.meeting) + 1, **fields)


@transaction.atomic
def merge(item: AgendaItem, into: AgendaItem, *, by: User | None, reason: str = "") -> None:
    """The other item takes up what this one asked for, and keeps its words and files."""
    if into.meeting_id != item.meeting_id or into.pk == item.pk or into.status != Status.ACCEPTED:
        raise ValidationError(_("Choose another item of the same agenda."))
    decide(item, Status.MERGED, by=by, reason=reason, merged_into=into)
    if item.description:
        text = "\n\n".join(part for part in (into.description, f"{item.title}: {item.description}") if part)
        into.description = text[:5000]
        into.save(update_fields=["description"])
    item.attachments.update(item=into)


@transaction.atomic
def postpone(item: AgendaItem, *, by: User | None, reason: str) -> None:
    """Not this time: it comes up again on the next agenda of the group by itself, at once when that is begun."""
    decide(item, Status.POSTPONED, by=by, reason=required(reason))
    carry_on(item.meeting)


@transaction.atomic
def decline(item: AgendaItem, *, by: User | None, reason: str) -> None:
    decide(item, Status.DECLINED, by=by, reason=required(reason))


def decide(item: AgendaItem, to: str, *, by: User | None, reason: str = "", **fields: Any) -> None:
    allowed = [Status.PROPOSED] if to == Status.ACCEPTED else STANDING
    item.move(to=to, allowed_from=allowed, by=by, note=reason, reason=reason, decided_at=timezone.now(), **fields)
    emails.item_decided(item)


def required(reason: str) -> str:
    if not reason.strip():
        raise ValidationError(_("Tell the reason: the proposer gets to read it."))
    return reason.strip()


@transaction.atomic
def shift(item: AgendaItem, step: int) -> None:
    """One place up (-1) or down (1)."""
    order = held_order(item.meeting)
    if item.pk not in order:
        return
    here = order.index(item.pk)
    there = min(max(here + step, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    write_order(order)


@transaction.atomic
def put_in_order(meeting: Meeting, wanted: list[int]) -> None:
    """As somebody has dragged them. What has come onto the agenda since she opened it stays behind them."""
    known = held_order(meeting)
    order = [pk for pk in dict.fromkeys(wanted) if pk in known]
    write_order([*order, *(pk for pk in known if pk not in order)])


def held_order(meeting: Meeting) -> list[int]:
    """The agenda's items by their places; the meeting's row is held, so that two at once leave an order."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    return list(meeting.items.accepted().order_by("position", "pk").values_list("pk", flat=True))


def write_order(order: list[int]) -> None:
    for position, pk in enumerate(order, 1):
        AgendaItem.objects.filter(pk=pk).exclude(position=position).update(position=position)


# To the next meeting --------------------------------------------------------------------------------------------------


def carried(meeting: Meeting) -> list[AgendaItem]:
    """Items of the group's earlier meetings that go on, or were postponed, and stand on no later agenda."""
    earlier = Meeting.objects.filter(group=meeting.group_id, first_day__lte=meeting.first_day).exclude(pk=meeting.pk)
    going_on = AgendaItem.objects.filter(meeting__in=earlier, carried_to__isnull=True)
    return list(
        going_on.filter(status=Status.POSTPONED)
        .union(going_on.filter(status=Status.ACCEPTED, is_open=True))
        .order_by("pk")
    )


def open_actions(meeting: Meeting) -> "QuerySet[ActionItem]":
    """What the group's earlier meetings left to do."""
    earlier = Meeting.objects.filter(group=meeting.group_id).exclude(pk=meeting.pk)
    if meeting.first_day:
        earlier = earlier.filter(first_day__lte=meeting.first_day)
    actions = ActionItem.objects.filter(meeting__in=earlier, done_at__isnull=True)
    return actions.select_related("owner", "meeting").order_by("due", "pk")


def open_actions_for(user: "User | AnonymousUser", meeting: Meeting) -> "QuerySet[ActionItem]":
    """Those of them that the reader may know of: as the items are seen that they came up under."""
    seen = AgendaItem.objects.visible_to(user).values("pk")
    return open_actions(meeting).filter(Q(item=None) | Q(item__in=seen))


def carry_on(meeting: Meeting) -> None:
    """What the meeting leaves open, onto the next agenda of its group, if there is one already; else it comes with it."""
    following = Meeting.objects.filter(group=meeting.group_id, first_day__gte=meeting.first_day).exclude(pk=meeting.pk)
    for one in following.standing().upcoming() if meeting.first_day else ():
        if one.wants_agenda:
            carry(one)
            return


@transaction.atomic
def carry(meeting: Meeting) -> int:
    """Put on the agenda what goes on; how many came. Doing it again brings nothing twice."""
    if meeting.first_day is None or not meeting.wants_agenda:
        return 0
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    position, rows = last_position(meeting), []
    for old in carried(meeting):
        position += 1
        copy = AgendaItem(
            meeting=meeting, position=position, status=Status.ACCEPTED, carried_from=old, proposer_id=old.proposer_id,
            **{name: getattr(old, name) for name in COPIED},
        )  # fmt: skip
        rows.append(copy)
        copy.save()
        copy.services.set(old.services.all())
        copy.organisations.set(old.organisations.all())
    return len(rows)


COPIED = ("kind", "title", "description", "minutes", "presenter", "organisation_id", "publicity", "ground", "link")


# Who has not presented ------------------------------------------------------------------------------------------------


def not_introduced() -> "QuerySet[Organisation]":
    """Members of the network that no held or coming meeting has on its agenda to introduce itself."""
    done = AgendaItem.objects.accepted().filter(kind=ItemKind.INTRODUCTION, meeting__cancelled_at__isnull=True)
    have = done.filter(organisation__isnull=False).values("organisation")
    return Organisation.objects.active().filter(parent__isnull=True).exclude(pk__in=have).order_by("sort_name")
