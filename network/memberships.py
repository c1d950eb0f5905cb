"""What is done to a membership: rights are given by others, and it ends."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import emails
from .models import Membership, User
from .permissions import can_end, can_give_rights
from .transitions import move


@transaction.atomic
def give_rights(membership: Membership, *, by: User, is_editor: bool, is_contact_person: bool) -> bool:
    """Name the person editor or contact person of the organisation, or take that away. False when nothing changed.

    Raises PermissionDenied when `by` may not (nobody gives rights to oneself), InvalidTransition when it has ended.
    """
    if not can_give_rights(by, membership):
        raise PermissionDenied
    had = membership.is_editor, membership.is_contact_person
    wanted = is_editor, is_contact_person
    if had == wanted:
        return False
    move(
        membership,
        to=rights_in_words(is_editor, is_contact_person),
        allowed=Membership.objects.current(),
        refusal=_("This membership has ended."),
        by=by,
        is_editor=is_editor,
        is_contact_person=is_contact_person,
    )
    if any(new and not old for new, old in zip(wanted, had, strict=True)):
        emails.rights_given(membership)
    if had[0] and not is_editor:
        revoke_invitations(membership, by)
    return True


@transaction.atomic
def end(membership: Membership, *, by: User) -> None:
    """Today is its last day; its rights end at once. PermissionDenied, or InvalidTransition when it has ended."""
    if not can_end(by, membership):
        raise PermissionDenied
    today = timezone.localdate()
    move(
        membership,
        to="ended",
        allowed=Membership.objects.filter(until__isnull=True) | Membership.objects.filter(until__gt=today),
        refusal=_("This membership has ended."),
        by=by,
        until=max(today, membership.since or today),
        is_editor=False,
        is_contact_person=False,
    )
    revoke_invitations(membership, by)


def revoke_invitations(membership: Membership, by: User) -> None:
    """Invitations that the person gave as an editor, and could not give any more."""
    from .invitations import revoke_of  # which imports this module

    revoke_of(membership.person, by=by)


def rights_in_words(is_editor: bool, is_contact_person: bool) -> str:
    """The state's name in the event row, in English as all of them."""
    given = [name for name, has in (("editor", is_editor), ("contact person", is_contact_person)) if has]
    return "rights: " + (", ".join(given) or "none")
