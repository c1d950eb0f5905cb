"""What the address of a closed listing tells: that it has closed, why, what replaces it, and what is like it."""

from typing import Any

from network.models import Network

from . import anatomy
from .models import Service


def fetch(slug: str) -> Service | None:
    """A listing that was there for everybody once; None for drafts and for what never was."""
    services = Service.objects.archived().filter(published_at__isnull=False)
    related = ("organisation", "main_type", "replaced_by__organisation")
    prefetched = ("texts", "municipalities", "further_types", "next_steps", "replaced_by__texts")
    return services.select_related(*related).prefetch_related(*prefetched).filter(slug=slug).first()


def context(service: Service, network: Network) -> dict[str, Any]:
    return {
        "network": network,
        "service": service,
        "text": service.text,
        "reason": service.get_archive_reason_display() if service.archive_reason else "",
        "replacement": service.replacement,
        "related": [one for one in anatomy.related(service) if one != service.replacement],
    }
