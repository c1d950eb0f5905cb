"""Who may do what on the ground floor; asked by views and templates alike."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User


def is_member(user: "User | AnonymousUser") -> bool:
    """Whoever stands for something in the network now, and coordinators."""
    if not user.is_authenticated:
        return False
    return user.is_coordinator or user.memberships.current().exists()


def can_propose_bulletin(user: "User | AnonymousUser") -> bool:
    return is_member(user)
