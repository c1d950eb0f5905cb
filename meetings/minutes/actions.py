"""What somebody has promised to do: done, moved, reminded of – each with its trace."""

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.guards import no_identity_code
from network.models import StatusEvent, User
from network.transitions import move

from ..models import ActionItem, Meeting
from . import emails

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DONE, OPEN_AGAIN, MOVED = "done", "open", "moved"
REMINDED_BEFORE = dt.timedelta(days=3)


def own(person: User) -> QuerySet[ActionItem]:
    return ActionItem.objects.filter(owner=person).select_related("meeting", "item")


def to_do(rows: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
    return rows.filter(done_at=None).order_by(F("due").asc(nulls_last=True), "pk")


def overdue(rows: QuerySet[ActionItem], on: dt.date | None = None) -> QuerySet[ActionItem]:
    return to_do(rows).filter(due__lt=on or timezone.localdate())


def organised(user: "User | AnonymousUser") -> QuerySet[ActionItem]:
    """Those of the meetings that the user organises; all for a coordinator."""
    return ActionItem.objects.filter(meeting__in=Meeting.objects.organised_by(user).values("pk"))


def kept_by(user: "User | AnonymousUser") -> QuerySet[ActionItem]:
    """Those that the user may mark done or move: one's own, and those of meetings one organises."""
    if not user.is_authenticated:
        return ActionItem.objects.none()
    return ActionItem.objects.filter(
        Q(owner=user.pk) | Q(meeting__in=Meeting.objects.organised_by(user).values("pk"))
    ).select_related("meeting", "owner")


def finish(action: ActionItem, *, by: User) -> None:
    """Raises InvalidTransition when it is done already."""
    open_ones = ActionItem.objects.filter(done_at=None)
    move(action, to=DONE, allowed=open_ones, refusal=_("This is done already."), by=by, done_at=timezone.now(), done_by=by)  # fmt: skip


def reopen(action: ActionItem, *, by: User) -> None:
    done = ActionItem.objects.exclude(done_at=None)
    move(action, to=OPEN_AGAIN, allowed=done, refusal=_("This is not done yet."), by=by, done_at=None, done_by=None)


@transaction.atomic
def postpone(action: ActionItem, to: dt.date, *, by: User, reason: str = "") -> None:
    """To another day; the day that was and the reason stay to be read. Raises ValidationError for a day that has been."""
    if to < timezone.localdate():
        raise ValidationError(_("Give a day that has not been yet."))
    no_identity_code(reason)
    was = action.due.isoformat() if action.due else ""
    note = f"{was} → {to.isoformat()} {reason.strip()}".strip()[:2000]
    open_ones = ActionItem.objects.filter(done_at=None, times_moved=action.times_moved)
    move(
        action,
        to=MOVED,
        allowed=open_ones,
        refusal=_("Somebody has marked this done or moved it already."),
        by=by,
        note=note,
        due=to,
        times_moved=action.times_moved + 1,
        reminded_at=None,
    )


def trace(action: ActionItem) -> QuerySet[StatusEvent]:
    return StatusEvent.objects.of(action).select_related("by")


def remind(on: dt.date | None = None) -> int:
    """Mail those whose day is near or has passed: once before it, once after it. How many were written."""
    on = on or timezone.localdate()
    near = to_do(ActionItem.objects.filter(owner__is_active=True, due__lte=on + REMINDED_BEFORE))
    never = Q(reminded_at=None)
    late = Q(due__lt=on, reminded_at__date__lte=F("due"))
    written = 0
    for action in near.filter(never | late).select_related("owner", "meeting"):
        if emails.action_reminder(action):
            written += 1
        ActionItem.objects.filter(pk=action.pk).update(reminded_at=timezone.now())
    return written
