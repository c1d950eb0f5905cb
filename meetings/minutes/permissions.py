"""Who writes and who reads minutes; asked by views and templates alike."""

from typing import TYPE_CHECKING

from network.permissions import can_see_members_only

from ..models import GroupMembership, Meeting, Minutes
from ..models.choices import Publicity

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

PUBLIC, NETWORK, RESTRICTED = Publicity.PUBLIC, Publicity.NETWORK, Publicity.RESTRICTED


def can_write(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """The coordinator, and the organisers of that meeting or of its group."""
    return meeting.wants_agenda and Meeting.objects.organised_by(user).filter(pk=meeting.pk).exists()


def level(user: "User | AnonymousUser", meeting: Meeting) -> str:
    """How much of the meeting's minutes the user reads: what is public, what is the network's, or all of it."""
    if not user.is_authenticated:
        return PUBLIC
    if user.is_coordinator:
        return RESTRICTED
    belongs = GroupMembership.objects.current().filter(group=meeting.group_id, person=user).exists()
    if belongs or Meeting.objects.organised_by(user).filter(pk=meeting.pk).exists():
        return RESTRICTED
    return NETWORK if can_see_members_only(user) else PUBLIC


def can_comment(user: "User | AnonymousUser", minutes: Minutes) -> bool:
    """Members who see the meeting, while its minutes are out for comments."""
    return (
        minutes.status == Minutes.Status.FOR_COMMENTS
        and user.is_authenticated
        and level(user, minutes.meeting) != PUBLIC
    )
