"""Tells of what changed in a listing: new, closed, in use again, moved, of another organisation, renamed.

    with telling(service.pk):
        ...  # whatever writes the listing

In one transaction with the change itself. Nothing is told of drafts, nor of what only some may see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from network.models import StatusEvent

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
    told = [
        (pk, *difference)
        for pk, now in pictures(*before, *added).items()
        for difference in differences(before.get(pk), now)
    ]
    known = shown_before([pk for pk, kind, _old, _new in told if kind == Kind.NEW]) if new else None
    slips = take_back([pk for pk, kind, _old, _new in told if kind == Kind.REOPENED])
    ServiceNotice.objects.bulk_create(
        ServiceNotice(service_id=pk, kind=kind, before=old, after=now)
        for pk, kind, old, now in told
        if not (kind == Kind.NEW and (known is None or pk in known)) and not (kind == Kind.REOPENED and pk in slips)
    )


def pictures(*pks: int) -> dict[int, Picture]:
    if not pks:
        return {}
    services = Service.objects.select_for_update(of=("self",)).select_related("organisation").order_by("pk")
    services = services.filter(pk__in=pks)
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


def shown_before(pks: list[int]) -> set[int]:
    """Those that were published before and taken back to drafts: they are not new when they are published again."""
    if not pks:
        return set()
    kind = ContentType.objects.get_for_model(Service)
    events = StatusEvent.objects.filter(subject_type=kind, subject_id__in=pks, status="draft")
    return set(events.order_by().values_list("subject_id", flat=True))


def take_back(pks: list[int]) -> set[int]:
    """An archive that was undone at once was a slip: its notice goes, and nobody has been told by mail."""
    if not pks:
        return set()
    newest = ServiceNotice.objects.filter(service__in=pks).order_by("service_id", "-at", "-pk").distinct("service_id")
    slips = [notice for notice in newest if notice.kind == Kind.CLOSED and notice.at > timezone.now() - SETTLES]
    ServiceNotice.objects.filter(pk__in=[notice.pk for notice in slips]).delete()
    return {notice.service_id for notice in slips}
