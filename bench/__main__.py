"""One run: every page at every size in turn, round after round, so that whatever else the machine does hits all alike.

Each page is measured twice: as readers get it while nobody edits (`kept`), and made anew for each request (`anew`, by a
word in the address that changes nothing), as after an edit or for somebody who is signed in.
"""

import argparse
import itertools
import os
import statistics
import sys
from collections import defaultdict
from typing import Any

from .client import Connection, Times, ask_many
from .pages import FLOOR, FLOOR_WITHIN, PAGES, Page
from .report import draw, table, write
from .server import Server

Key = tuple[int, str, str, int]  # services, page, kept or anew, clients
FRESH = itertools.count()


def main() -> None:
    options = arguments()
    sizes = sorted(set(options.services))
    load = os.getloadavg()
    servers = {size: Server(size) for size in sizes}
    seeding = {size: server.prepare() for size, server in servers.items()}
    for size, seconds in seeding.items():
        if seconds:
            say(f"{size} services written in {seconds:.0f} s")
    try:
        for server in servers.values():
            server.start()
        result = measure(servers, options)
    finally:
        for server in servers.values():
            server.stop()
    result["machine"] = {"cpus": os.cpu_count(), "load_before": load, "load_after": os.getloadavg()}
    result["dictionaries"] = dictionaries(servers[sizes[0]])
    result["seeding_seconds"] = {str(size): round(seconds, 1) for size, seconds in seeding.items() if seconds}
    say(table(result))
    if options.write:
        write(result)
        draw(result)


DICTIONARIES = """
import time
from bench.server import pss
from network.finnish_text import analyse, dictionary
import os
before, began = pss(os.getpid()), time.perf_counter()
dictionary.load()
loaded, seconds = pss(os.getpid()), time.perf_counter() - began
from services.models import Service
for text in Service.objects.values_list("description", flat=True)[:1000]:
    analyse(text)
print(round(seconds, 3), round(loaded - before, 1), round(pss(os.getpid()) - before, 1))
"""


def dictionaries(server: Server) -> dict[str, float]:
    """What one process pays for them alone: seconds to map, megabytes then and after it has read a thousand texts."""
    seconds, mapped, used = server.manage("shell", "--verbosity", "0", "-c", DICTIONARIES).split()
    return {"seconds": float(seconds), "megabytes_mapped": float(mapped), "megabytes_used": float(used)}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=60, help="of each page in a round")
    parser.add_argument("--anew", type=int, default=8, help="of each page in a round that are made anew")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--pages", nargs="+", help="only these, by name")
    parser.add_argument(
        "--memory-requests", type=int, default=10_000, help="before the memory is read for good; 0: none"
    )
    parser.add_argument("--write", action=argparse.BooleanOptionalAction, default=True, help="docs/bench/ anew")
    return parser.parse_args()


def measure(servers: dict[int, Server], options: argparse.Namespace) -> dict[str, Any]:
    pages = [page for page in PAGES if not options.pages or page.name in options.pages or page in (FLOOR, FLOOR_WITHIN)]
    about = {size: {page.name: look_at(server, page) for page in pages} for size, server in servers.items()}
    pages = [page for page in pages if all(about[size][page.name]["status"] == 200 for size in servers)]
    rounds: dict[Key, list[Times]] = defaultdict(list)
    for _round in range(options.rounds):
        for clients, page, (size, server) in itertools.product(options.clients, pages, servers.items()):
            rounds[size, page.name, "kept", clients].append(
                ask_many(server.port, [page.address] * options.requests, clients, **server.headers(page.person))
            )
            if not page.bare and options.anew:
                addresses = [fresh(page.address) for _ in range(options.anew)]
                headers = server.headers(page.person)
                rounds[size, page.name, "anew", clients].append(ask_many(server.port, addresses, clients, **headers))
    rows = [
        row(key, times, rounds[key[0], floor_of(key[1]), "kept", key[3]]) | about[key[0]][key[1]]
        for key, times in rounds.items()
    ]
    return {"rows": rows, "rounds": options.rounds, "memory": memory(servers, pages, options.memory_requests)}


def floor_of(name: str) -> str:
    """A page that somebody signed in asks for is measured against the floor as the same person gets it."""
    within = [page.name for page in PAGES if page.person and page is not FLOOR_WITHIN]
    return FLOOR_WITHIN.name if name in within else FLOOR.name


def look_at(server: Server, page: Page) -> dict[str, Any]:
    """Size, queries when it is made, and whether the page is there at all."""
    headers = server.headers(page.person)
    with Connection(server.port) as connection:
        connection.ask(fresh(page.address), **headers)  # templates are read
        made = connection.ask(fresh(page.address), X_Count_Queries="1", **headers)
    if made.status != 200:
        say(f"{page.name} is left out: {page.address} was answered with {made.status}")
        return {"status": made.status}
    kept = []
    for _ in range(10):  # each connection is another worker's, as chance has it
        with Connection(server.port) as connection:
            kept.append(connection.ask(page.address, X_Count_Queries="1", **headers))
    return {
        "status": 200, "bytes": made.size, "queries_anew": int(made.headers["x-queries"]),
        "queries_kept": min(int(answer.headers["x-queries"]) for answer in kept),
    }  # fmt: skip


def fresh(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}bench={next(FRESH)}"


def row(key: Key, times: list[Times], floor: list[Times]) -> dict[str, Any]:
    """Medians over the rounds; the ratio is the median of each round's own ratio to the floor."""
    size, name, way, clients = key
    middle = statistics.median
    ratios = [one.percentile(50) / least.percentile(50) for one, least in zip(times, floor, strict=True)]
    everything = Times()
    for one in times:
        everything.add(one)
    return {
        "services": size, "page": name, "way": way, "clients": clients,
        "p50": round(middle(one.percentile(50) for one in times), 2),
        "p95": round(everything.percentile(95), 2),
        "p99": round(everything.percentile(99), 2),
        "per_second": round(middle(one.per_second for one in times), 1),
        "floors": round(middle(ratios), 2),
    }  # fmt: skip


def memory(servers: dict[int, Server], pages: list[Page], requests: int) -> dict[str, Any]:
    """Of the workers with the largest catalogue: after half of that many requests for all pages, and after all."""
    size = max(servers)
    seen = [servers[size].memory()]
    for _half in range(2 if requests else 0):
        each = max(requests // 2 // len(pages), 1)
        for page in pages:
            few = [fresh(page.address) for _ in range(min(each // 100, 5))] if not page.bare else []
            headers = servers[size].headers(page.person)
            ask_many(servers[size].port, [page.address] * (each - len(few)) + few, 8, **headers)
        seen.append(servers[size].memory())
    return {"services": size, "requests": requests, "megabytes": [[round(one, 1) for one in step] for step in seen]}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
