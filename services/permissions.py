"""Who may do what with listings; asked by views and templates alike."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from network.models import Organisation
from network.permissions import can_see_members_only

from .models import Service

__all__ = ["can_edit", "can_see_members_only"]

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


def is_editor(user: "User | AnonymousUser") -> bool:
    """Keeps some organisation's listings right."""
    return user.is_authenticated and user.memberships.current().filter(is_editor=True).exists()


def can_edit(user: "User | AnonymousUser", service: Service) -> bool:
    """An editor of the responsible organisation (or of one above it), and coordinators."""
    if not user.is_authenticated:
        return False
    if user.is_coordinator:
        return True
    return Organisation.objects.editable_by(user).filter(pk=service.organisation_id).exists()


def can_edit_organisation(user: "User | AnonymousUser", organisation: Organisation) -> bool:
    """An editor of the organisation or of one above it, and coordinators."""
    return Organisation.objects.editable_by(user).filter(pk=organisation.pk).exists()


def can_confirm(user: "User | AnonymousUser", thing: "Service | Organisation") -> bool:
    """Whoever keeps the listing or the organisation right: its editors (or those above it) and coordinators."""
    if isinstance(thing, Service):
        return can_edit(user, thing)
    return Organisation.objects.editable_by(user).filter(pk=thing.pk).exists()


def is_coordinator(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and user.is_coordinator


def person_of(request: HttpRequest) -> "User":
    """Who is signed in, on a page that is for the signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
