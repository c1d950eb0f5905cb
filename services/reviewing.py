"""What a coordinator decides about a text that waits: approve it as it is or corrected, or send it back with a reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from network.actors import written
from network.models import User
from network.transitions import InvalidTransition

from . import emails
from .editing import body_of, checked, is_public, lock, merged, record_of, save, shape_of
from .exchange.keys import Keys
from .exchange.shapes import Row
from .merging import Conflict
from .models import ProposedEdit, Service


@transaction.atomic
def approve(proposal: ProposedEdit, record: Row, *, by: User, base: Row, version: int, trust: bool = False) -> None:
    """Publish the record that the reviewer has before her; `base` is the published text she saw it beside.

    Raises Conflict when that text changed in the same parts meanwhile (a draft's in any part: nobody has read its
    author's new words), InvalidTransition when the author sent another version or somebody else decided, ValidationError
    when the record is not right. Nothing has changed then.
    """
    locked = lock(proposal.thing)
    keys = Keys()
    published = record_of(locked, keys)
    record = checked(shape_of(locked), published | record, keys)
    _same_version(proposal, version)
    whole = merged(base, record, published, locked, keys)
    if not is_public(locked) and (unread := [key for key in published if published[key] != base.get(key)]):
        raise Conflict(unread, record, published, whole)
    Status = ProposedEdit.Status
    as_proposed = all(whole[key] == proposal.record.get(key, whole[key]) for key in _changed(proposal))
    proposal.decide(Status.APPROVED if as_proposed else Status.CORRECTED, by=by)
    with written(by=by, author=proposal.author):
        save(locked, whole, keys)
        if isinstance(locked, Service) and locked.published_at is None:
            fresh = Service.objects.get(pk=locked.pk)
            fresh.publish(by=by)
    body = body_of(locked)
    if trust and body is not None and not body.is_trusted:
        type(body).objects.filter(pk=body.pk).update(is_trusted=True)
    emails.proposal_decided(proposal)


def _changed(proposal: ProposedEdit) -> list[str]:
    return [key for key in proposal.record if proposal.record[key] != proposal.base.get(key)] or list(proposal.record)


@transaction.atomic
def reject(proposal: ProposedEdit, *, by: User, reason: str, version: int) -> None:
    """Send it back to its author, who keeps the text. InvalidTransition when it is decided, or not this version."""
    if not reason.strip():
        raise ValidationError(_("Tell the author the reason."))
    lock(proposal.thing)
    _same_version(proposal, version)
    proposal.decide(ProposedEdit.Status.REJECTED, by=by, reason=reason.strip())
    emails.proposal_decided(proposal)


def _same_version(proposal: ProposedEdit, version: int) -> None:
    """What is decided is what was read. Whoever sends a new version holds the same row of the thing."""
    proposal.refresh_from_db()
    if proposal.version != version:
        raise InvalidTransition(_("The author has sent another version meanwhile. Here it is."))
