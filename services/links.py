"""Looks whether the web addresses of the catalogue still work: a few at a time, slowly, each once a week.

Addresses are typed by people, so that the portal must not be made to look into its own network: the host's addresses
are asked for here, each must be public, and the connection goes to that very address. The same at every redirect.
"""

import contextlib
import datetime as dt
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from network.models import Organisation, OrganisationLink

from .models import Contact, LinkCheck, Service
from .models.link import BELIEVED

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Failure = LinkCheck.Failure

PER_RUN = 20
WEEK = dt.timedelta(days=7)
PAUSE = 2.0  # seconds between two requests to one host
TIMEOUT = 10.0  # seconds for one step of a connection
PATIENCE = 25.0  # seconds for one link in all
REDIRECTS = 5
READ = 64 * 1024  # bytes of an answer, and no more
WEB_KINDS = (Contact.Kind.WEB, Contact.Kind.BOOKING, Contact.Kind.CHAT)


class Seen(NamedTuple):
    """What came of one look: the last answer's number, and what is wrong (empty: nothing)."""

    status: int | None
    failure: str = ""


# One address --------------------------------------------------------------------------------------------------------


def is_public(address: Address) -> bool:
    """Not of this machine, of a network at home, of the link or the like."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None and not is_public(inner):
            return False
        if address in NAT64 and not is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Forbidden(Exception):
    """The address leads to where the portal does not look."""


class TooLong(Exception):
    """It took longer than one link is worth."""


def look(url: str, *, is_allowed: Callable[[Address], bool] = is_public, patience: float = PATIENCE) -> Seen:
    """Ask for the page: the head first, the whole when the server does not give heads. Never raises for what it finds.

    `is_allowed` decides which addresses may be connected to; only tests give another than `is_public`.
    """
    until = time.monotonic() + patience
    status = None
    been: set[str] = set()
    try:
        for _hop in range(REDIRECTS + 1):
            if url in been:
                return Seen(status, Failure.LOOP)
            been.add(url)
            status, leads_to = ask_both_ways(url, is_allowed, until)
            if not leads_to:
                return Seen(status, judged(status))
            url = urljoin(url, leads_to)
        return Seen(status, Failure.LOOP)
    except Forbidden:
        return Seen(status, Failure.REFUSED)
    except (OSError, http.client.HTTPException, TooLong, ValueError):
        return Seen(status, Failure.NO_ANSWER)


def judged(status: int) -> str:
    """A server that does not talk to programs (401, 403, 429 and so on) is there all the same."""
    if status in (404, 410):
        return Failure.NOT_FOUND
    return Failure.SERVER if status >= 500 and status != 503 else ""


def ask_both_ways(url: str, is_allowed: Callable[[Address], bool], until: float) -> tuple[int, str]:
    try:
        status, leads_to = ask("HEAD", url, is_allowed, until)
    except (http.client.HTTPException, ConnectionError):  # some servers hang up when they are asked for a head
        return ask("GET", url, is_allowed, until)
    return ask("GET", url, is_allowed, until) if status >= 400 else (status, leads_to)


def ask(method: str, url: str, is_allowed: Callable[[Address], bool], until: float) -> tuple[int, str]:
    """One request: its status, and where it leads on to (or an empty text). Raises Forbidden, OSError and the like."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise Forbidden
    host = parts.hostname.encode("idna").decode("ascii")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = Pinned(host, port, find(host, port, is_allowed), secure=parts.scheme == "https", until=until)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    )
    hang_up = threading.Timer(left(until), connection.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        connection.request(method, path, headers=HEADERS | {"User-Agent": user_agent()})
        answer = connection.getresponse()
        left(until)
        if method == "GET":
            read_a_little(answer, until)
        leads_to = answer.headers.get("Location", "") if answer.status in (301, 302, 303, 307, 308) else ""
        return answer.status, leads_to
    finally:
        hang_up.cancel()
        connection.close()


HEADERS = {"Accept": "text/html, */*;q=0.5", "Accept-Language": "fi, sv;q=0.8, en;q=0.6", "Connection": "close"}


def user_agent() -> str:
    return f"LinkCheck/1.0 (once a week; +{settings.SITE_URL}/)"


def find(host: str, port: int, is_allowed: Callable[[Address], bool]) -> str:
    """The host's first address. Raises Forbidden when any of them may not be connected to."""
    found = [ipaddress.ip_address(row[4][0].split("%")[0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]  # type: ignore[union-attr]  # fmt: skip
    if not found or not all(map(is_allowed, found)):
        raise Forbidden
    return str(next((address for address in found if address.version == 4), found[0]))


class Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at, whatever the host's name leads to a moment later."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, until: float) -> None:
        self.default_port = 443 if secure else 80
        super().__init__(host, port, timeout=TIMEOUT)
        self.address, self.secure, self.until = address, secure, until

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), min(TIMEOUT, left(self.until)))
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(min(TIMEOUT, left(self.until)))

    def hang_up(self) -> None:
        """For a server that sends a little now and then, so that no single step takes too long."""
        with contextlib.suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


def left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TooLong
    return seconds


def read_a_little(answer: http.client.HTTPResponse, until: float) -> None:
    size = 0
    while size < READ and (piece := answer.read1(8192)):
        size += len(piece)
        left(until)


# All of them --------------------------------------------------------------------------------------------------------


class Link(NamedTuple):
    """A web address and what it stands on: a listing, or an organisation."""

    url: str
    service: int | None
    organisation: int | None


def addresses_of(services: "Iterable[object] | None" = None) -> list[Link]:
    """The web addresses of the listings (their own, of their places and of the organisation that is responsible).

    Without listings those of all that is published and of all organisations that are active.
    """
    if services is None:
        chosen = Service.objects.published()
        bodies = Organisation.objects.active()
    else:
        chosen = Service.objects.filter(pk__in=[getattr(one, "pk", one) for one in services])
        bodies = Organisation.objects.filter(services__in=chosen.values("pk")).distinct()
    pks, body_pks = chosen.order_by().values("pk"), bodies.order_by().values("pk")
    contacts = Contact.objects.filter(kind__in=WEB_KINDS).order_by()
    contacts = contacts.filter(Q(service__in=pks) | Q(place__service__in=pks) | Q(organisation__in=body_pks))
    links = [
        Link(url, service or of_place, organisation)
        for url, service, of_place, organisation in contacts.values_list(
            "value", "service", "place__service", "organisation"
        )
    ]
    links += [Link(url, pk, None) for pk, url in chosen.order_by().values_list("pk", "lahella_url") if url]
    websites = Organisation.objects.filter(pk__in=body_pks).order_by().exclude(website="")
    links += [Link(url, None, pk) for pk, url in websites.values_list("pk", "website")]
    more = OrganisationLink.objects.filter(organisation__in=body_pks).order_by()
    links += [Link(url, None, pk) for pk, url in more.values_list("organisation", "url")]
    return [link for link in links if link.url.startswith(("http://", "https://"))]


class Broken(NamedTuple):
    """A broken link for its editor. `service` is None for a link of the organisation itself."""

    check: LinkCheck
    service: Service | None
    organisation: Organisation | None


def broken(services: Iterable[Service]) -> list[Broken]:
    """The broken links of listings and of the organisations responsible for them, each where it stands."""
    by_pk = {service.pk: service for service in services}
    links = addresses_of(by_pk.values())
    checks = {check.url: check for check in LinkCheck.objects.failing().filter(url__in={link.url for link in links})}
    found = [link for link in dict.fromkeys(links) if link.url in checks]
    bodies = Organisation.objects.in_bulk([link.organisation for link in found if link.organisation])
    return [
        Broken(checks[link.url], by_pk.get(link.service or 0), bodies.get(link.organisation or 0)) for link in found
    ]


def gather() -> None:
    """One row for each address of the catalogue, and none for what stands there no more."""
    wanted = {link.url for link in addresses_of() if len(link.url) <= 500}
    known = set(LinkCheck.objects.values_list("url", flat=True))
    LinkCheck.objects.bulk_create([LinkCheck(url=url) for url in sorted(wanted - known)], ignore_conflicts=True)
    LinkCheck.objects.filter(url__in=known - wanted).delete()


def check_some(
    *,
    limit: int = PER_RUN,
    is_allowed: Callable[[Address], bool] = is_public,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Look at the links that are due, one after the other. The number of those looked at.

    When no host of several answers it is the portal itself that has no way out: then nothing is written down.
    """
    gather()
    due = list(LinkCheck.objects.due()[:limit])
    results: list[tuple[LinkCheck, Seen]] = []
    asked_at: dict[str, float] = {}
    for check in due:
        host = urlsplit(check.url).hostname or ""
        if wait := asked_at.get(host, 0.0) + PAUSE - time.monotonic():
            sleep(max(0.0, wait))
        results.append((check, look(check.url, is_allowed=is_allowed)))
        asked_at[host] = time.monotonic()
    silent = [seen for _check, seen in results if seen.failure == Failure.NO_ANSWER]
    if len(asked_at) >= 3 and len(silent) == len(results):
        return 0
    for check, seen in results:
        write_down(check, seen, timezone.now())
    return len(results)


def write_down(check: LinkCheck, seen: Seen, now: dt.datetime) -> None:
    """A failure is believed after a second one a day later; then it is looked at once a week like the rest."""
    since = (check.failing_since or now) if seen.failure else None
    believed = since is not None and now - since >= BELIEVED
    LinkCheck.objects.filter(pk=check.pk).update(
        checked_at=now,
        due_at=now + (BELIEVED if seen.failure and not believed else WEEK),
        status=seen.status,
        failure=seen.failure,
        failing_since=since,
    )
