"""Asking to join the network, and what a coordinator answers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from . import emails, invitations
from .models import Invitation, JoinRequest, MemberRole, Organisation, User
from .transitions import move

MOST_OF_A_FUNCTION = 100  # characters, as in an invitation and a membership


def ask(request: JoinRequest) -> None:
    """Write it down and tell the coordinators. Nothing here depends on whether the address is known."""
    from .incoming import coordinators

    with transaction.atomic():
        request.email = User.objects.normalize_email(request.email)
        request.save()
        for person in coordinators():
            emails.join_request_arrived(request, person)


@transaction.atomic
def approve(
    request: JoinRequest,
    *,
    by: User,
    organisation: Organisation | None = None,
    role: MemberRole | None = None,
    is_editor: bool = False,
    is_contact_person: bool = False,
) -> Invitation | None:
    """The person gets an invitation by e-mail. None when she is a member or has been invited already.

    InvalidTransition when it has been decided; ValidationError when there is nothing to stand for.
    """
    function = "" if organisation else request.function or request.organisation_name
    function = Truncator(function).chars(MOST_OF_A_FUNCTION)  # a name of an organisation may be longer
    if not organisation and not function:
        raise ValidationError(_("Choose an organisation or tell the function."))
    if not organisation and is_editor:
        raise ValidationError(_("An editor needs an organisation."))
    decide(request, "approved", by, approved_at=timezone.now())
    try:
        with transaction.atomic():
            invitation = invitations.invite(
                request.email,
                by=by,
                organisation=organisation,
                function=function,
                role=role,
                is_editor=is_editor,
                is_contact_person=is_contact_person,
                language=request.language,
            )
    except (invitations.IsMember, invitations.IsWaiting):
        return None
    JoinRequest.objects.filter(pk=request.pk).update(invitation=invitation)
    return invitation


@transaction.atomic
def decline(request: JoinRequest, *, by: User, reason: str) -> None:
    """The person gets the reason by e-mail. InvalidTransition when it has been decided."""
    decide(request, "declined", by, declined_at=timezone.now(), decline_reason=reason)
    emails.join_request_declined(request)


def decide(request: JoinRequest, to: str, by: User, **fields: Any) -> None:
    refusal = _("Somebody has answered this request already.")
    move(request, to=to, allowed=JoinRequest.objects.waiting(), refusal=refusal, by=by, decided_by=by, **fields)
