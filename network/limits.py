"""How often a visitor may do something, without keeping who it was.

A client is known by a keyed hash of its network address and the day; the address itself is written nowhere. The
counters are rows of the cache `limits` in the database, so that they hold across processes.
"""

import ipaddress

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

HOUR = 3600


def client_mark(request: HttpRequest) -> str:
    """The same for one client through one day. An IPv6 client is its network of /64, which it can choose from freely."""
    return salted_hmac(f"network.limits {timezone.localdate()}", _address(request), algorithm="sha256").hexdigest()[:32]


def _address(request: HttpRequest) -> str:
    """As the outermost proxy that is ours saw it."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    forwarded = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    if proxies and len(forwarded) >= proxies:
        address = forwarded[-proxies]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return str(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found)


def may(what: str, who: str, *, times: int, seconds: int = HOUR) -> bool:
    """Take one of the `times` places that `who` has for `what`; False when none is free.

    Each place is a row of its own and its insertion decides: two at once never share one.
    """
    limits = caches["limits"]
    return any(limits.add(f"{what}:{who}:{place}", 1, seconds) for place in range(times))
