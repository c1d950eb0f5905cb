"""Who may do what with experts' profiles and orders; asked by views and templates alike.

The coordinator of expert activity is a right of its own. It is given and taken by the network's coordinators, who do
not see profiles by that; who has it shows a second factor as coordinators do.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from network.models import User
from network.permissions import can_see_members_only
from network.transitions import move

from .models import ActivitySettings, ExpertProfile, Order

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def is_expert_coordinator(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and user.is_expert_coordinator


def can_order(user: "User | AnonymousUser") -> bool:
    """Order directly: members, or contact persons only, as the network has set; coordinators of the activity always."""
    if not user.is_authenticated:
        return False
    if user.is_expert_coordinator:
        return True
    if ActivitySettings.current().orderers == ActivitySettings.Orderers.CONTACTS:
        return is_contact_person(user)
    return can_see_members_only(user)


def is_contact_person(user: "User | AnonymousUser") -> bool:
    """A yhdyshenkilö orders for colleagues."""
    return user.is_authenticated and user.memberships.current().filter(is_contact_person=True).exists()


def can_write_news(user: "User | AnonymousUser") -> bool:
    """To contact persons, as a bulletin: a coordinator of expert activity, without being the network's coordinator."""
    return is_expert_coordinator(user)


def is_orderer(user: "User | AnonymousUser", order: Order) -> bool:
    return user.is_authenticated and order.ordered_by_id == user.pk


# The right itself ---------------------------------------------------------------------------------------------------


@transaction.atomic
def name_expert_coordinator(person: User, *, by: User) -> None:
    """InvalidTransition when the person has the right already or the account is closed."""
    if not by.is_coordinator:
        raise PermissionDenied
    allowed = User.objects.filter(is_active=True, coordinates_experts=False)
    refusal = _("This person coordinates expert activity already, or the account has been closed.")
    move(person, to="expert coordinator", allowed=allowed, refusal=refusal, by=by, coordinates_experts=True)


@transaction.atomic
def end_expert_coordinator(person: User, *, by: User) -> None:
    """Taken by a coordinator, or laid down by oneself."""
    if not (by.is_coordinator or by.pk == person.pk):
        raise PermissionDenied
    allowed = User.objects.filter(coordinates_experts=True)
    refusal = _("This person does not coordinate expert activity.")
    move(person, to="no expert coordinator", allowed=allowed, refusal=refusal, by=by, coordinates_experts=False)


# Profiles -----------------------------------------------------------------------------------------------------------


def can_have_profile(user: "User | AnonymousUser") -> bool:
    """Experts are members of the network like any other."""
    return can_see_members_only(user)


def can_edit_profile(user: "User | AnonymousUser", profile: ExpertProfile) -> bool:
    """The expert herself; for an expert without an account a coordinator of expert activity."""
    if not user.is_authenticated or profile.closed_at:
        return False
    return profile.person_id == user.pk or (profile.is_kept_for_her and user.is_expert_coordinator)
