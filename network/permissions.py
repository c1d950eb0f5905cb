"""Who may do what with people and organisations; asked by views and templates alike."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from .models import Membership, Organisation, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def signed_in(request: HttpRequest) -> User:
    """Who asks, on a page that is closed to visitors anyway."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def can_see_members_only(user: "User | AnonymousUser") -> bool:
    """What is for the network's own people: whoever stands for an organisation or a function now, and coordinators."""
    if not user.is_authenticated:
        return False
    return user.is_coordinator or user.memberships.current().exists()


def can_invite_to(user: "User | AnonymousUser", organisation: Organisation | None) -> bool:
    """An editor to the own organisation and its units; a coordinator to all, also to no organisation."""
    if not user.is_authenticated:
        return False
    if user.is_coordinator:
        return True
    return organisation is not None and Organisation.objects.editable_by(user).filter(pk=organisation.pk).exists()


def can_give_rights(user: "User | AnonymousUser", membership: Membership) -> bool:
    """Name somebody editor or contact person: another one who keeps the organisation, or a coordinator. Never oneself."""
    if not user.is_authenticated or membership.organisation is None:
        return False
    if user.is_coordinator:
        return True
    return membership.person_id != user.pk and can_invite_to(user, membership.organisation)


def can_propose_bulletin(user: "User | AnonymousUser") -> bool:
    return can_see_members_only(user)


def can_invite(user: "User | AnonymousUser") -> bool:
    """Whether there is anything at all that the user may invite to."""
    if not user.is_authenticated:
        return False
    return user.is_coordinator or user.memberships.current().filter(is_editor=True).exists()


def can_end(user: "User | AnonymousUser", membership: Membership) -> bool:
    """One's own, those of the organisations one keeps, and all for a coordinator."""
    if not user.is_authenticated:
        return False
    return membership.person_id == user.pk or can_give_rights(user, membership)
