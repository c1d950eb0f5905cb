"""Tells of what changed in a listing: new, closed, in use again, moved, of another organisation, renamed.

    with telling(service.pk):
        ...  # whatever writes the listing

In one transaction with the change itself. Nothing is told of drafts, nor of what only some may see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from .models import Service, ServiceNotice, ServicePlace
from .models.notice import SETTLES

Kind = ServiceNotice.Kind
LONGEST = 500


class Picture(NamedTuple):
    """What everybody knows of a listing as far as a change of it is worth telling."""

    name: str
    organisation: str
    places: tuple[str, ...]
    published: bool
    archived: bool

    @property
    def is_shown(self) -> bool:
        return self.published and not self.archived


@contextmanager
def telling(*pks: int, new: bool = True) -> Iterator[None]:
    """Compares the listings before and after; the rows are held meanwhile. `new`: whether a first publishing is told."""
    with transaction.atomic():
        before = pictures(*pks)
        yield
        write_notices(before, new=new)


def write_notices(before: dict[int, Picture], *, added: tuple[int, ...] = (), new: bool = True) -> None:
    """Notices of what is different now; `added` are listings that were not there."""
    after = pictures(*before, *added)
    notices: list[ServiceNotice] = []
    for pk, now in after.items():
        then = before.get(pk)
        told = differences(then, now)
        if Kind.REOPENED in [kind for kind, _before, _after in told] and take_back(pk):
            told = [row for row in told if row[0] != Kind.REOPENED]
        if not new or (then is not None and was_shown(pk)):
            told = [row for row in told if row[0] != Kind.NEW]
        notices += [ServiceNotice(service_id=pk, kind=kind, before=old, after=given) for kind, old, given in told]
    ServiceNotice.objects.bulk_create(notices)


def pictures(*pks: int) -> dict[int, Picture]:
    if not pks:
        return {}
    services = Service.objects.select_for_update(of=("self",)).select_related("organisation").order_by("pk")
    services = services.filter(pk__in=pks).defer("search")
    places: dict[int, list[str]] = {}
    for place in ServicePlace.objects.filter(service__in=pks, confidential=False).select_related("municipality"):
        parts = (place.street_address or place.name, place.municipality.name if place.municipality else "")
        places.setdefault(place.service_id, []).append(", ".join(part for part in parts if part))
    return {
        service.pk: Picture(
            service.name,
            service.organisation.name if service.organisation else "",
            tuple(sorted(text for text in places.get(service.pk, []) if text)),
            service.published_at is not None,
            service.archived_at is not None,
        )
        for service in services
    }


def differences(then: Picture | None, now: Picture) -> list[tuple[Kind, str, str]]:
    """(kind, before, after) of all that is worth telling."""
    was_shown = then is not None and then.is_shown
    if then is None or not was_shown:
        if not now.is_shown:
            return []
        return [(Kind.REOPENED if then and then.archived and then.published else Kind.NEW, "", "")]
    if not now.is_shown:
        return [(Kind.CLOSED, "", "")] if now.archived else []  # else it is a draft again
    told = [
        (Kind.RENAMED, then.name, now.name),
        (Kind.HANDED_OVER, then.organisation, now.organisation),
        (Kind.MOVED, *moved(then.places, now.places)),
    ]
    return [(kind, old[:LONGEST], new[:LONGEST]) for kind, old, new in told if old != new]


def moved(then: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, str]:
    """Old and new places when one was left for another; a place more or one less is no move."""
    left, found = [one for one in then if one not in now], [one for one in now if one not in then]
    return ("; ".join(left), "; ".join(found)) if left and found else ("", "")


def was_shown(pk: int) -> bool:
    """Whether the listing was published before, so that it is not new when it is published again."""
    from network.models import StatusEvent

    return StatusEvent.objects.of(Service(pk=pk)).filter(status="draft").exists()


def take_back(pk: int) -> bool:
    """An archive that was undone at once was a slip: its notice goes, and nobody has been told by mail."""
    newest = ServiceNotice.objects.filter(service=pk).order_by("-at", "-pk").first()
    if newest is None or newest.kind != Kind.CLOSED or newest.at <= timezone.now() - SETTLES:
        return False
    newest.delete()
    return True
