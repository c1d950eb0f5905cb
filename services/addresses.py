"""Addresses of listings: which are free, and where an old one leads."""

from typing import TYPE_CHECKING

from django.utils.text import slugify

from .models import Service, ServiceAddress
from .models.service import RESERVED_SLUGS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User

LONGEST = 100


def is_free(slug: str, service: Service | None = None) -> bool:
    """Whether the listing (a new one when None) may have the address: no other has it or has had it."""
    others = Service.objects.filter(slug=slug)
    before = ServiceAddress.objects.filter(slug=slug)
    if service is not None and service.pk:
        others, before = others.exclude(pk=service.pk), before.exclude(service=service)
    return slug not in RESERVED_SLUGS and not others.exists() and not before.exists()


def free_slug(name: str) -> str:
    """An address made from the name, or the first free one with a number behind it."""
    wanted = slugify(name).replace("_", "-")[: LONGEST - 5].strip("-") or "palvelu"
    taken = {*RESERVED_SLUGS, *Service.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    taken.update(ServiceAddress.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in [wanted, *(f"{wanted}-{number}" for number in range(2, 10_000))] if slug not in taken)


def moved(slug: str, user: "User | AnonymousUser") -> Service | None:
    """The listing that had this address before, when the reader may know of it: see it, or see that it has closed."""
    service = Service.objects.filter(old_addresses__slug=slug).first()
    if service is None:
        return None
    is_told = service.is_closed or Service.objects.visible_to(user).filter(pk=service.pk).exists()
    return service if is_told else None
