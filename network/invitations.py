"""Inviting people: once, bound to their address, for a while, and taken back when it was a mistake.

A link of an invitation proves that its reader reads the invited address. It makes an account for who has none, and a
membership; it gives no rights but those the inviter could give, and makes nobody a coordinator.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from . import emails, limits, memberships
from .models import GroundRules, Invitation, MemberRole, Membership, Organisation, User
from .models.ground_rules import accept as accept_rules
from .models.invitation import default_expiry
from .permissions import can_give_rights, can_invite_to
from .transitions import InvalidTransition, move

SIGNER = signing.Signer(salt="network.invitations")
MOST_AT_ONCE = 300
DAY = 24 * limits.HOUR
EDITORS_A_DAY = 40  # mails of one editor's invitations, sent again or not; a coordinator invites whole networks
LISTS_AN_HOUR = 30  # of one sender, coordinators too
TIMES_A_DAY = 3  # one invitation sent again


class IsMember(ValidationError):
    """The address belongs to somebody who stands for the organisation already."""


class IsWaiting(ValidationError):
    """The address has been invited already, and has not answered."""


class TooMany(ValidationError):
    """The sender has sent as many as may be sent for now. Nothing was sent."""


# Inviting -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    email: str,
    *,
    by: User,
    organisation: Organisation | None = None,
    function: str = "",
    role: MemberRole | None = None,
    is_editor: bool = False,
    is_contact_person: bool = False,
    language: str = "fi",
) -> Invitation:
    """Write the invitation and mail its link.

    Raises PermissionDenied when `by` may not invite there, IsMember, IsWaiting, or TooMany.
    """
    if not can_invite_to(by, organisation):
        raise PermissionDenied
    address = User.objects.normalize_email(email)
    if stands_for(address, organisation, function):
        raise IsMember(_("This person is a member already."))
    before = Invitation.objects.waiting().filter(email=address, organisation=organisation)
    for old in before.filter(expires_at__lte=timezone.now()):
        revoke(old, by=by)
    if before.exists():
        raise IsWaiting(_("This address has been invited already."))
    take_place(by)
    invitation = Invitation(email=address, organisation=organisation, function=function, role=role, invited_by=by)
    invitation.is_editor = is_editor and organisation is not None
    invitation.is_contact_person = is_contact_person and organisation is not None
    invitation.language = language
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        if before.exists():
            raise IsWaiting(_("This address has been invited already.")) from None
        raise
    emails.invitation(invitation, link_token(invitation))
    return invitation


def stands_for(address: str, organisation: Organisation | None, function: str = "") -> bool:
    """Whether the account of the address, if there is one, stands for it now; of nothing: whether there is an account."""
    people = User.objects.filter(email=address)
    if organisation is None and not function:
        return people.exists()
    current = Membership.objects.lasting().filter(person__in=people)
    if organisation is None:
        return current.filter(function=function).exists()
    return current.filter(organisation=organisation).exists()


def take_place(by: User) -> None:
    """Count one mail of this sender's invitations. TooMany when there have been as many as may be."""
    if not by.is_coordinator and not limits.may("invitations", str(by.pk), times=EDITORS_A_DAY, seconds=DAY):
        raise TooMany(_("You have sent as many invitations as can be sent in a day. Go on tomorrow."))


def revoke(invitation: Invitation, *, by: User | None, note: str = "") -> None:
    """Its link opens nothing any more. InvalidTransition when it has been accepted or revoked."""
    refusal = _("This invitation has been accepted or revoked already.")
    move(
        invitation,
        to="revoked",
        allowed=Invitation.objects.waiting(),
        refusal=refusal,
        by=by,
        note=note,
        revoked_at=timezone.now(),
    )


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> None:
    """Mail the link again; it lives for a while from now.

    InvalidTransition when it has been accepted or revoked, TooMany when it has been sent often enough today.
    """
    if not limits.may("invitation again", str(invitation.pk), times=TIMES_A_DAY, seconds=DAY):
        raise TooMany(_("This invitation has been sent often enough today. Send it again tomorrow."))
    take_place(by)
    refusal = _("This invitation has been accepted or revoked already.")
    move(
        invitation,
        to="sent again",
        allowed=Invitation.objects.waiting(),
        refusal=refusal,
        by=by,
        expires_at=default_expiry(),
        times_sent=F("times_sent") + 1,
    )
    emails.invitation(invitation, link_token(invitation))


# The inviter's rights ------------------------------------------------------------------------------------------------


def is_open(invitation: Invitation) -> bool:
    """Whether its link still lets somebody in: who gave it could still give it."""
    open_now = Invitation.objects.open().filter(pk=invitation.pk).exists()
    return open_now and (invitation.invited_by is None or may_still(invitation.invited_by, invitation))


def may_still(person: User, invitation: Invitation) -> bool:
    return person.is_active and can_invite_to(person, invitation.organisation)


@transaction.atomic
def revoke_of(person: User, *, by: User | None, leaving: bool = False) -> int:
    """Revoke the invitations that the person could not give any more (leaving: all), and tell how many there were."""
    count = 0
    for invitation in Invitation.objects.waiting().filter(invited_by=person).select_related("organisation"):
        if (leaving and not person.is_coordinator) or not may_still(person, invitation):
            revoke(invitation, by=by, note="the inviter's rights ended")
            count += 1
    return count


def revoke_without_rights() -> int:
    """For whose rights ended without a verb: by a day that came, or at the desk."""
    people = User.objects.filter(pk__in=Invitation.objects.waiting().values("invited_by"))
    return sum(revoke_of(person, by=None) for person in people)


# Many at once -------------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What came of a list of addresses. `malformed` are given back as they were written."""

    invited: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    too_many: list[str] = field(default_factory=list)


def invite_all(text: str, **how: Any) -> Outcome:
    """Invite every address of a pasted list; what is wrong with one stops no other. `how` as for `invite`."""
    outcome = Outcome()
    addresses, outcome.malformed = addresses_in(text)
    if not limits.may("lists of invitations", str(how["by"].pk), times=LISTS_AN_HOUR):
        outcome.too_many = addresses
        return outcome
    with transaction.atomic():
        for address in addresses:
            try:
                invite(address, **how)
            except IsMember:
                outcome.members.append(address)
                raise_rights(address, **how)
            except IsWaiting:
                outcome.waiting.append(address)
            except TooMany:
                outcome.too_many.append(address)
            else:
                outcome.invited.append(address)
    return outcome


def raise_rights(address: str, *, by: User, organisation: Organisation | None = None, **how: Any) -> None:
    """Somebody who is a member already gets the rights that the invitation would have given."""
    current = Membership.objects.lasting().filter(person__email=address, organisation=organisation)
    membership = current.exclude(organisation=None).first()
    if membership is None or not can_give_rights(by, membership):
        return
    wanted = {name: how.get(name, False) or getattr(membership, name) for name in ("is_editor", "is_contact_person")}
    memberships.give_rights(membership, by=by, **wanted)


def addresses_in(text: str) -> tuple[list[str], list[str]]:
    """The addresses of a list as people paste it (lines, commas, semicolons, `Name <a@b>`), and what is no address."""
    found: dict[str, None] = {}
    malformed = []
    for entry in entries_in(text):
        address = User.objects.normalize_email(re.sub(r"^(mailto:|.*<)|>$", "", entry))
        try:
            validate_email(address)
            found[address] = None
        except ValidationError:
            malformed.append(entry)
    return list(found), malformed


def entries_in(text: str) -> list[str]:
    """Pieces of the list, each an address with or without its name. A comma within a name parts nothing."""
    entries = []
    for line in text.splitlines():
        while bracketed := re.match(r"[^<]*<[^<>]*>", line):
            before, named = plain_before(bracketed.group())
            entries += [*before, named]
            line = line[bracketed.end() :]
        entries += parts_of(line)
    return entries


def plain_before(text: str) -> tuple[list[str], str]:
    """Of `a@b, Meikäläinen, Maija <c@d>`: the bare addresses at its beginning, and the entry that has a name."""
    bare = re.match(r"(?:[\s,;]*[^\s,;<>@]+@[^\s,;<>]+(?=[\s,;]))*", text)
    end = bare.end() if bare else 0
    return parts_of(text[:end]), text[end:].strip(" \t,;")


def parts_of(text: str) -> list[str]:
    """At commas and semicolons; at spaces too where each word could be an address."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return [word for part in parts for word in (part.split() if part.count("@") > 1 else [part])]


# Answering ----------------------------------------------------------------------------------------------------------


def link_token(invitation: Invitation) -> str:
    return SIGNER.sign(str(invitation.pk))


def find(token: str) -> Invitation:
    """The invitation of a link, in whatever state. Raises Invitation.DoesNotExist for a link that is none of ours."""
    try:
        pk = SIGNER.unsign(token)
    except signing.BadSignature:
        raise Invitation.DoesNotExist from None
    return Invitation.objects.select_related("organisation", "role", "invited_by").get(pk=pk)


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    name: str = "",
    title: str = "",
    level: str = "",
    function: str = "",
    password: str | None = None,
    language: str = "",
    rules: GroundRules | None = None,
) -> User:
    """The invited person joins: an account, if there is none with the address, and a membership.

    Of an account that exists neither name, language nor password is changed. Raises InvalidTransition when the
    invitation is no longer open or the account has been closed; then nothing has happened.
    """
    refusal = _("This invitation is no longer open.")
    if not is_open(invitation):
        raise InvalidTransition(refusal)
    move(
        invitation,
        to="accepted",
        allowed=Invitation.objects.open(),
        refusal=refusal,
        by=None,
        accepted_at=timezone.now(),
    )
    person = account_of(invitation, name=name, password=password or None, language=language or invitation.language)
    if not person.is_active:
        raise InvalidTransition(_("This account has been closed. Contact the coordinator."))
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=person)
    join(person, invitation, title=title, level=level, function=function)
    if rules is not None:
        accept_rules(person, rules)
    return person


def account_of(invitation: Invitation, **new: Any) -> User:
    """The account of the invited address, or a new one: of two invitations used at once one makes it for both."""
    found = User.objects.filter(email=invitation.email)
    if person := found.first():
        return person
    try:
        with transaction.atomic():
            return User.objects.create_user(invitation.email, **new)
    except IntegrityError:
        if person := found.first():
            return person
        raise


def join(person: User, invitation: Invitation, *, title: str, level: str, function: str) -> None:
    """The membership that the invitation promises. One that stands gets the rights and keeps its words."""
    function = "" if invitation.organisation else invitation.function or function
    if not invitation.organisation and not function:
        return
    current = person.memberships.lasting().filter(organisation=invitation.organisation)
    if not invitation.organisation:
        current = current.filter(function=function)
    membership = current.select_for_update(of=("self",)).first() or Membership(
        person=person, organisation=invitation.organisation, function=function, title=title, level=level
    )
    membership.role = membership.role or invitation.role
    membership.is_editor = membership.is_editor or invitation.is_editor
    membership.is_contact_person = membership.is_contact_person or invitation.is_contact_person
    membership.save()
