"""Who may do what with meetings; asked by views and templates alike."""

from typing import TYPE_CHECKING

from network.permissions import can_see_members_only, signed_in

from . import agenda
from .models import Attachment, Group, Meeting
from .models.choices import Publicity
from .models.participation import Answer

__all__ = ["can_see_members_only", "signed_in"]

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


def can_organise(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """Who is named for the meeting or for its group, and coordinators."""
    return Meeting.objects.organised_by(user).filter(pk=meeting.pk).exists()


def can_organise_group(user: "User | AnonymousUser", group: Group) -> bool:
    if not user.is_authenticated:
        return False
    return user.is_coordinator or group.memberships.current().filter(person=user.pk, is_organiser=True).exists()


def belongs_to(user: "User | AnonymousUser", group: Group) -> bool:
    """Sees the group's own files and list: its members and coordinators."""
    if not user.is_authenticated:
        return False
    if user.is_coordinator or group.memberships.current().filter(person=user.pk).exists():
        return True
    return group.is_whole_network and can_see_members_only(user)


def can_join(user: "User | AnonymousUser", group: Group) -> bool:
    """A member of the network an open group that goes on and that she is not in; nobody joins the network itself so."""
    if not user.is_authenticated or not group.is_open or group.is_whole_network or group.ended_on:
        return False
    return can_see_members_only(user) and not group.memberships.current().filter(person=user.pk).exists()


def can_answer(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """Whoever is asked, or is a member and sees it; while it is still to come."""
    if (
        not user.is_authenticated
        or meeting.is_draft
        or meeting.is_cancelled
        or meeting.is_over
        or not meeting.starts_at
    ):
        return False
    return can_see_members_only(user) or meeting.participations.filter(person=user.pk).exists()


def can_propose(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """Members by themselves, others to a public meeting with their name; before the deadline."""
    if not agenda.is_open_for_proposals(meeting):
        return False
    return meeting.is_public or (user.is_authenticated and can_answer(user, meeting))


def can_see_join_link(user: "User | AnonymousUser", meeting: Meeting) -> bool:
    """Only who was asked or has a place, and the organisers; nobody who waits for a place or said no."""
    if not user.is_authenticated or not meeting.join_link or meeting.is_cancelled:
        return False
    asked = meeting.participations.filter(person=user.pk, invited_at__isnull=False)
    if asked.exclude(answer__in=[Answer.WAITING, Answer.NOT_COMING]).exists():
        return True
    return can_organise(user, meeting)


def can_see(user: "User | AnonymousUser", attachment: Attachment) -> bool:
    """As its item is seen, or its group's members; slides of a guest by others than members only with consent."""
    if attachment.group:
        return belongs_to(user, attachment.group)
    item = attachment.item
    if item is None or not type(item).objects.visible_to(user).filter(pk=item.pk).exists():
        return False
    slides = attachment.guest
    if slides is None or slides.slides_may_be_published:
        return True
    return item.publicity != Publicity.PUBLIC or can_see_members_only(user) or can_organise(user, item.meeting)
