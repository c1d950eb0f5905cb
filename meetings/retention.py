"""The rules on how long what meetings hold about people is kept; see `network.retention`."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.retention import change, delete, rule

from .models import AgendaItem, FeedbackGiven, GroupMembership, MeetingGuest, MinutesComment, Participation, Wish


@rule(
    code="participations", days=730, description=_("Who was asked to a meeting, answered and was there; figures stay")
)
def participations(before: dt.datetime, dry_run: bool) -> int:
    """The person goes; organisation, sector and attendance stay to be counted."""
    old = Participation.objects.filter(meeting__last_day__lt=before.date(), person__isnull=False)
    return change(old, dry_run, person=None, note="")


@rule(code="registrants", days=60, description=_("Addresses and notes of people who registered without an account"))
def registrants(before: dt.datetime, dry_run: bool) -> int:
    old = Participation.objects.filter(meeting__last_day__lt=before.date(), person=None).exclude(
        name="", email="", note=""
    )
    return change(old, dry_run, name="", email="", note="")


@rule(code="meeting-guests", days=365, description=_("Addresses and notes of meetings' guests; speakers' names stay"))
def meeting_guests(before: dt.datetime, dry_run: bool) -> int:
    old = MeetingGuest.objects.filter(meeting__last_day__lt=before.date()).exclude(email="", note="")
    return change(old, dry_run, email="", note="")


@rule(code="item-proposers", days=730, description=_("Who proposed an item or a wish; the item stays"))
def item_proposers(before: dt.datetime, dry_run: bool) -> int:
    named = ~Q(proposer=None, proposer_name="", proposer_email="")
    items = AgendaItem.objects.filter(named, created_at__lt=before)
    wishes = Wish.objects.filter(created_at__lt=before, proposer__isnull=False)
    gone = change(items, dry_run, proposer=None, proposer_name="", proposer_email="")
    return gone + change(wishes, dry_run, proposer=None)


@rule(code="minutes-comments", days=365, description=_("Comments on minutes"))
def minutes_comments(before: dt.datetime, dry_run: bool) -> int:
    return delete(MinutesComment.objects.filter(created_at__lt=before), dry_run)


@rule(code="feedback-given", days=60, description=_("Who has given feedback on a meeting; the answers stay"))
def feedback_given(before: dt.datetime, dry_run: bool) -> int:
    return delete(FeedbackGiven.objects.filter(meeting__last_day__lt=before.date()), dry_run)


@rule(code="group-memberships", days=1825, description=_("Memberships of groups after their end"))
def group_memberships(before: dt.datetime, dry_run: bool) -> int:
    return delete(GroupMembership.objects.filter(until__lt=before.date()), dry_run)
