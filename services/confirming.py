"""Confirming: somebody who keeps a listing or an organisation right says that its facts still are.

Confirmed is not edited. The form carries a stamp of what the page showed (`version_of`), so that nobody confirms what
she has not seen, and pressing twice confirms once.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Confirmable, Membership, Organisation, User
from network.models.confirmable import told_as
from network.models.organisation import with_units
from network.transitions import InvalidTransition

from . import permissions
from .models import Confirmation, ConfirmationRequest, Service

Thing = Service | Organisation

NOT_PUBLIC = _("Only what is published can be confirmed.")
CHANGED = _("The details were changed after this page was opened. Look at them once more.")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Claim(NamedTuple):
    """As whom somebody confirms: what the public page tells beside the date."""

    organisation: Organisation | None
    title: str

    def __str__(self) -> str:
        return told_as(self.organisation, self.title)


class ChangedMeanwhile(InvalidTransition):
    """What the person saw is not what there is now."""


def version_of(thing: Thing) -> str:
    """A stamp that moves whenever the thing is edited or confirmed."""
    confirmed = _number(thing.confirmed_at) if thing.confirmed_at else 0
    return f"{_number(thing.updated_at)}.{confirmed}"


def seen_at(version: str) -> dt.datetime | None:
    """When what a stamp stands for was last edited; None when it is no stamp."""
    edited = _read(version)[0]
    return None if edited is None else EPOCH + dt.timedelta(microseconds=edited)


def _number(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def _read(version: str) -> tuple[int | None, int | None]:
    edited, _dot, confirmed = version.partition(".")
    if not (edited.isascii() and edited.isdecimal() and confirmed.isascii() and confirmed.isdecimal()):
        return None, None
    return (int(edited), int(confirmed)) if len(version) < 40 else (None, None)


def is_public(thing: Thing) -> bool:
    return thing.is_published if isinstance(thing, Service) else thing.is_active


@transaction.atomic
def confirm(
    thing: Thing,
    *,
    by: User,
    show_name: bool = False,
    version: str | None = None,
    request: ConfirmationRequest | None = None,
) -> Confirmation | None:
    """Say that the facts are right as the person saw them: as `thing` was read, or as a form's `version` stamp tells.

    One guarded UPDATE decides. None when somebody, or the same button pressed twice, has confirmed the same facts
    already. PermissionDenied for who does not keep the thing right, ChangedMeanwhile when it was edited since it was
    seen, InvalidTransition when it is not public.
    """
    if not permissions.can_confirm(by, thing):
        raise PermissionDenied
    if not is_public(thing):
        raise InvalidTransition(str(NOT_PUBLIC))
    edited, confirmed = _read(version_of(thing))
    if version is not None and (edited, confirmed) != (seen := _read(version)):
        if edited != seen[0]:
            raise ChangedMeanwhile(str(CHANGED))
        return None
    body, title = stands_for(by, thing)
    name = by.name if show_name else ""
    now = timezone.now()
    fields: dict[str, Any] = {"confirmed_at": now, "confirmed_organisation": body}
    fields |= {"confirmed_title": title, "confirmed_name": name}
    if isinstance(thing, Service):
        fields["kept_in_search"] = False  # fresh again; when it gets old, somebody decides anew
    manager: Any = type(thing)._base_manager
    as_seen = manager.filter(pk=thing.pk, updated_at=thing.updated_at, confirmed_at=thing.confirmed_at)
    if isinstance(thing, Service):
        as_seen = as_seen.filter(published_at__isnull=False, archived_at__isnull=True)
    if not as_seen.update(**fields):
        _explain(thing)
        return None
    thing.refresh_from_db(fields=list(fields))
    which = "service" if isinstance(thing, Service) else "organisation"
    return Confirmation.objects.create(
        **{which: thing}, person=by, on_behalf_of=body, title=title, shown_name=name, at=now, request=request
    )


def _explain(thing: Thing) -> None:
    """Why the guarded UPDATE met no row. Confirmed by somebody else at the same moment is no failure."""
    now: Any = type(thing)._base_manager.filter(pk=thing.pk).first()
    if now is None or not is_public(now):
        raise InvalidTransition(str(NOT_PUBLIC))
    if now.updated_at != thing.updated_at:
        raise ChangedMeanwhile(str(CHANGED))


def stands_for(person: User, thing: Thing) -> Claim:
    """For which organisation the person confirms, and her title there: the nearest, going up, whose editor she is."""
    return nearest(own_memberships(person), thing)


def own_memberships(person: User) -> dict[int | None, Membership]:
    """The organisations whose editor the person is."""
    current = Membership.objects.current().filter(person=person, is_editor=True).select_related("organisation")
    return {one.organisation_id: one for one in current}


def nearest(own: dict[int | None, Membership], thing: Thing) -> Claim:
    """Who speaks for the thing; nobody's editor is the coordinator, who speaks for the network."""
    body = thing.organisation if isinstance(thing, Service) else thing
    while body is not None:
        if membership := own.get(body.pk):
            return Claim(membership.organisation, membership.title)
        body = body.parent
    return Claim(None, Confirmable.COORDINATOR)


# What waits -----------------------------------------------------------------------------------------------------------


def edit_address(thing: Thing) -> str:
    """Where what is wrong is put right."""
    name = "services:edit" if isinstance(thing, Service) else "services:organisation_edit"
    try:
        return reverse(name, args=[thing.slug])
    except NoReverseMatch:
        return thing.get_absolute_url()


def kept_by(person: User) -> set[int]:
    """Organisations whose editor the person is, with their units; a coordinator's too are only her own."""
    current = Membership.objects.current().filter(person=person, is_editor=True)
    return with_units(current.values_list("organisation", flat=True))
