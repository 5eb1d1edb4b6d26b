"""A load generator that costs little: kept connections, prepared requests, answers read by their length.

Run as a program it prints one JSON object: requests per second, latencies in milliseconds, answers by status.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from typing import cast
from urllib.parse import urlsplit

MARK = "<n>"  # a sign that no address and no e-mail holds
_MARK = MARK.encode()


class Client(asyncio.Protocol):
    """One kept connection that sends the next request when the last is answered."""

    def __init__(self, requests: "Requests", done: asyncio.Future[None]) -> None:
        """`requests` hands out what to send; `done` is set when there is nothing left."""
        self._requests = requests
        self._done = done
        self._buffer = b""
        self._started = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name
        self._next()

    def _next(self) -> None:
        assert self._transport is not None
        request = self._requests.next()
        if request is None:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._started = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole."""
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) < length:
            return
        self._buffer = b""
        self._requests.answered(int(head[9:12]), time.perf_counter() - self._started)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """An answer that never came counts as status 0."""
        if not self._done.done():
            self._requests.answered(0, time.perf_counter() - self._started)
            self._done.set_result(None)


class Requests:
    """Makes the requests of one run and keeps the score."""

    def __init__(
        self,
        url: str,
        template: str | Sequence[str],
        seconds: float,
        start_at: int,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`template` is the JSON body, or several that take turns.

        Each MARK in it and in `headers` is replaced by a running number.
        """
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        self._head = f"POST {parts.path or '/'}{query} HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode()
        self._head += "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items()).encode()
        self._head += b"Content-Type: application/json\r\nContent-Length: "
        self._bodies = [body.encode() for body in ([template] if isinstance(template, str) else template)]
        self._number = start_at
        self._ends = time.perf_counter() + seconds
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()

    def next(self) -> bytes | None:
        """The next request, or None when the time is up."""
        if time.perf_counter() >= self._ends:
            return None
        self._number += 1
        number = str(self._number).encode()
        body = self._bodies[self._number % len(self._bodies)].replace(_MARK, number)
        head = self._head.replace(_MARK, number)
        return head + str(len(body)).encode() + b"\r\n\r\n" + body

    def answered(self, status: int, seconds: float) -> None:
        """Note an answer."""
        self.statuses[status] += 1
        self.latencies.append(seconds)


async def run(url: str, template: str, seconds: float, connections: int, start_at: int = 0) -> dict[str, object]:
    """Load `url` for `seconds`; the score."""
    requests = Requests(url, template, seconds, start_at)
    started = time.perf_counter()
    await drive(url, requests, connections)
    took = time.perf_counter() - started
    quantiles = statistics.quantiles(requests.latencies, n=100)
    return {
        "per_second": len(requests.latencies) / took,
        "p50_ms": quantiles[49] * 1000,
        "p99_ms": quantiles[98] * 1000,
        "statuses": {str(status): count for status, count in requests.statuses.items()},
    }


async def drive(url: str, requests: Requests, connections: int, seconds_apart: float = 0.0) -> None:
    """Send all `requests` over so many connections, which are opened one after the other."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    futures: list[asyncio.Future[None]] = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        futures.append(done)
        client = Client(requests, done)
        await loop.create_connection(lambda client=client: client, parts.hostname or "", parts.port or 80)  # type: ignore[misc]
        await asyncio.sleep(seconds_apart)
    await asyncio.gather(*futures)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--template", default="{}")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--start-at", type=int, default=0)
    a = parser.parse_args()
    print(json.dumps(_run(run(a.url, a.template, a.seconds, a.connections, a.start_at))))


def _run(score: Coroutine[None, None, dict[str, object]]) -> dict[str, object]:
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return asyncio.run(score)
    return uvloop.run(score)


if __name__ == "__main__":
    main()
