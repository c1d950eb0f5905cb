"""Asks a server for pages over kept connections, and takes the time."""

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    size: int
    seconds: float


class Connection:
    """One browser: asks one page after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def ask(self, address: str, **headers: str) -> Answer:
        told = {"Host": f"127.0.0.1:{self.port}", "Accept-Encoding": "gzip", **headers}
        lines = [f"GET {address} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in told.items())]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        began = time.perf_counter()
        try:
            status, given, size = self._send(request)
        except (BrokenPipeError, ConnectionResetError, EOFError):  # the server had closed the kept connection
            self.close()
            status, given, size = self._send(request)
        return Answer(status, given, size, time.perf_counter() - began)

    def _send(self, request: bytes) -> tuple[int, dict[str, str], int]:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, body = data.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = int(headers["content-length"])
        left = size - len(body)
        while left > 0:
            left -= len(self._more())
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(first.split()[1]), headers, size

    def _more(self) -> bytes:
        data = self.socket.recv(65536) if self.socket else b""
        if not data:
            raise EOFError
        return data


@dataclass
class Times:
    """What a number of requests took, in seconds each and altogether."""

    each: list[float] = field(default_factory=list)
    wall: float = 0

    def add(self, other: "Times") -> None:
        self.each += other.each
        self.wall += other.wall

    def percentile(self, percent: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.each)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] * 1000

    @property
    def per_second(self) -> float:
        return len(self.each) / self.wall


def ask_many(port: int, addresses: list[str], clients: int, **headers: str) -> Times:
    """Ask all the addresses, shared among the clients; RuntimeError when one is not answered with 200."""
    shares = [addresses[at::clients] for at in range(clients)]
    found: list[list[float]] = [[] for _ in shares]
    wrong: list[str] = []

    def run(at: int) -> None:
        with Connection(port) as connection:
            for address in shares[at]:
                answer = connection.ask(address, **headers)
                found[at].append(answer.seconds)
                if answer.status != 200:
                    wrong.append(f"{address} was answered with {answer.status}")

    threads = [threading.Thread(target=run, args=(at,)) for at in range(1, clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    run(0)
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return Times([seconds for share in found for seconds in share], time.perf_counter() - began)
