"""What happens to an organisation's things when it merges into another, or another takes its place.

Its row stays, with its address (which leads on), its dates, its ended memberships and its history. What is alive moves
(`by`: who merges, for what is written of it):

    @succession.moves("services", _("Services"))
    def services(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
        …

Each app registers its own in its `succession.py`, which its AppConfig imports when it is ready. A test walks every
model that points at an organisation and fails when it neither moves nor is told to stay.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .transitions import InvalidTransition, move

if TYPE_CHECKING:
    from .models import Membership, Organisation, User

Work = Callable[["Organisation", "Organisation", bool, "User | None"], int]


@dataclass(frozen=True)
class Move:
    code: str
    title: str | Promise
    work: Work
    models: tuple[str, ...]  # "network.OrganisationLink.organisation"


MOVES: dict[str, Move] = {}


def moves(code: str, title: str | Promise, *relations: str) -> Callable[[Work], Work]:
    """Registers what moves. `relations`: the columns that this takes care of. The same code twice: ValueError."""

    def decorate(work: Work) -> Work:
        if code in MOVES:
            raise ValueError(f"What moves as {code} is registered twice.")
        MOVES[code] = Move(code, title, work, relations)
        return work

    return decorate


def plan(old: "Organisation", new: "Organisation") -> list[tuple[str | Promise, int]]:
    """What would move, with how much of it; for the page that asks to confirm."""
    return [(each.title, each.work(old, new, True, None)) for each in MOVES.values()]


def refusal(old: "Organisation", new: "Organisation", on: dt.date) -> str:
    """Why the one cannot go into the other; empty when it can."""
    if old.pk == new.pk:
        return _("An organisation does not merge into itself.")
    if old.merged_into_id:
        return _("This organisation has been merged already.")
    if new.merged_into_id:
        return _("The other organisation has itself been merged. Choose the one that it is part of now.")
    if on > timezone.localdate():
        return _("The day has not come yet. Do this when it has happened.")
    if old.active_from and on < old.active_from:
        return _("The day is before the organisation began.")
    return ""


@transaction.atomic
def merge(old: "Organisation", new: "Organisation", *, by: "User | None", editors_stay: bool, on: dt.date) -> None:
    """Move what is alive from the old to the new and let the old lead to it. See `Organisation.merge_into`.

    Both rows are held in one order, so that of two mergers at once the second sees the first. ValidationError with the
    reason, or InvalidTransition when somebody was faster: nothing has moved then.
    """
    from .models import Organisation
    from .own_data import emails

    held = Organisation.objects.order_by("pk").select_for_update(of=("self",)).in_bulk([old.pk, new.pk])
    if len(held) < 2 and old.pk != new.pk:
        raise InvalidTransition(_("One of the organisations is not there any more."))
    old_now, new_now = held[old.pk], held[new.pk]
    if reason := refusal(old_now, new_now, on):
        raise ValidationError(reason)
    told = people(old_now, new_now, editors_stay=editors_stay, on=on)
    for each in MOVES.values():
        each.work(old_now, new_now, False, by)
    standing = Organisation.objects.filter(merged_into__isnull=True)
    now = timezone.now()
    move(
        old, to="merged", allowed=standing, refusal=_("This organisation has been merged already."), by=by,
        note=f"→ {new_now.slug}", merged_into=new_now, active_until=on, updated_at=now,
    )  # fmt: skip
    for membership in told:
        emails.organisation_merged(old_now, membership)


# People ---------------------------------------------------------------------------------------------------------------


def alive(organisation: "Organisation", on: dt.date) -> "models.QuerySet[Membership]":
    """Memberships that have not ended by the day."""
    return organisation.memberships.filter(Q(until__isnull=True) | Q(until__gte=on))


def editors_of(organisation: "Organisation") -> "models.QuerySet[Any]":
    """People who edit it now, for the page that asks what becomes of their right."""
    from .models import User

    current = organisation.memberships.current().filter(is_editor=True)
    return User.objects.filter(pk__in=current.values("person"))


def people(old: "Organisation", new: "Organisation", *, editors_stay: bool, on: dt.date) -> "list[Membership]":
    """End the memberships on the day and open the same ones in the new organisation; those opened or widened.

    A right to edit goes along only with `editors_stay`: it would open everything of the new organisation and its units.
    Who stands for the new one already keeps that membership, with the rights of both.
    """
    opened = []
    for membership in alive(old, on).select_related("person"):
        editor = membership.is_editor and editors_stay
        there = new.memberships.filter(person=membership.person, until__isnull=True).first()
        if there is not None:
            type(there).objects.filter(pk=there.pk).update(
                is_editor=there.is_editor or editor,
                is_contact_person=there.is_contact_person or membership.is_contact_person,
            )
            there.refresh_from_db(fields=["is_editor", "is_contact_person"])
            opened.append(there)
        else:
            opened.append(
                type(membership).objects.create(
                    person=membership.person, organisation=new, role=membership.role, level=membership.level,
                    title=membership.title, function=membership.function, is_editor=editor,
                    is_contact_person=membership.is_contact_person, until=membership.until,
                    since=max(on, membership.since) if membership.since else on,
                )
            )  # fmt: skip
        if membership.since and membership.since > on:
            membership.delete()  # it had not begun
        else:
            type(membership).objects.filter(pk=membership.pk).update(until=on)
    old.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True, is_editor=True).update(
        is_editor=editors_stay
    )
    return opened


# What the ground floor has hanging on an organisation -----------------------------------------------------------------


@moves("memberships", gettext_lazy("People who stand for it"), "network.Membership.organisation")
def count_memberships(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """Counted only: `people` moves them, because that depends on what was chosen."""
    return alive(old, timezone.localdate()).count()


@moves("invitations", gettext_lazy("Invitations that wait for an answer"), "network.Invitation.organisation")
def invitations(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """Who has been invited to the new one as well keeps that invitation: the other is revoked."""
    from .invitations import revoke

    waiting = old.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    if dry_run:
        return waiting.count()
    invited = new.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True).values("email")
    for invitation in waiting.filter(email__in=list(invited.values_list("email", flat=True))):
        revoke(invitation, by=by, note=f"→ {new.slug}")
    return waiting.update(organisation=new)


@moves("units", gettext_lazy("Units below it"), "network.Organisation.parent")
def units(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """They become the new one's. A unit on the way from the old down to the new takes the old one's place instead."""
    if dry_run:
        return old.children.count()
    above, body = {new.pk}, new.parent
    while body is not None and body.pk not in above:
        above.add(body.pk)
        body = body.parent
    on_the_way = list(old.children.filter(pk__in=above).values_list("pk", flat=True))
    moved = old.children.filter(pk__in=on_the_way).update(parent=old.parent)
    return moved + old.children.exclude(pk__in=on_the_way).update(parent=new)


@moves("links", gettext_lazy("Links"), "network.OrganisationLink.organisation")
def links(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """One that the new organisation has already stays behind."""
    moving = old.links.exclude(url__in=list(new.links.values_list("url", flat=True)))
    return moving.count() if dry_run else moving.update(organisation=new)


@moves("domains", gettext_lazy("E-mail domains"), "network.OrganisationDomain.organisation")
def domains(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    return old.domains.count() if dry_run else old.domains.update(organisation=new)


@moves("competences", gettext_lazy("Competences"), "network.Organisation_competences.organisation")
def competences(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """Added to the new one's; the old row keeps its own, as it was."""
    return add_to(new.competences, old.competences, dry_run)


@moves(
    "municipalities", gettext_lazy("Municipalities served"), "network.Organisation_municipalities_served.organisation"
)
def municipalities(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """As competences; but a body that names none serves the whole region, and goes on doing so."""
    if not new.municipalities_served.exists():
        return 0
    return add_to(new.municipalities_served, old.municipalities_served, dry_run)


def add_to(there: Any, here: Any, dry_run: bool) -> int:
    missing = here.exclude(pk__in=list(there.values_list("pk", flat=True)))
    count = missing.count()
    if not dry_run:
        there.add(*missing)
    return count


@moves("notes", gettext_lazy("Coordinators’ notes"), "network.InternalNote.organisation")
def notes(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    return old.internal_notes.count() if dry_run else old.internal_notes.update(organisation=new)


@moves("requests-to-join", gettext_lazy("Requests to join that wait"), "network.JoinRequest.organisation")
def requests_to_join(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    waiting = old.join_requests.waiting()
    return waiting.count() if dry_run else waiting.update(organisation=new)


@moves("letters", gettext_lazy("Messages that wait for an answer"), "network.OrganisationMessage.organisation")
def letters(old: "Organisation", new: "Organisation", dry_run: bool, by: "User | None") -> int:
    """What was answered stays with those who answered it."""
    waiting = old.messages.filter(handled_at__isnull=True)
    return waiting.count() if dry_run else waiting.update(organisation=new)


# Old addresses and organisations merged earlier lead on by themselves, and a confirmation names who confirmed then.
STAYS = {
    "network.OrganisationAddress.organisation",
    "network.Organisation.merged_into",
    "network.Organisation.confirmed_organisation",
}


def leads_to(slug: str) -> "Organisation | None":
    """The organisation that had this address before, or what that was merged into; None when nobody had it."""
    from .models import Organisation

    found = Organisation.objects.filter(old_addresses__slug=slug).first()
    return (found.successor or found) if found else None
