"""HTTP as attackers speak it: kept connections, requests at a rate, bodies without their end."""

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

PER_SECOND = 10_000 / 60  # requests of a flood
CONNECTIONS = 64

Json = dict[str, Any]


def http(
    method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None, length: int | None = None
) -> bytes:
    """A request; it may declare another `length` than it has."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Line:
    """A connection that is opened when it is needed."""

    def __init__(self, url: str) -> None:
        """`url` is the function's."""
        parts = urlsplit(url)
        self._address = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, content: bytes) -> None:
        """Send it, at the pace of the reader. Raises OSError."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        self._streams[1].write(content)
        await self._streams[1].drain()

    async def read(self, most: int) -> bytes:
        """Some bytes; none at the end. Raises OSError."""
        assert self._streams
        return await self._streams[0].read(most)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The answer: status and body; status 0 where there is none."""
        try:
            await self.send(request)
            assert self._streams
            head = (await self._streams[0].readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            body = await self._streams[0].readexactly(length)
            if b"connection: close" in head:
                self.close()
            return int(head[9:12]), body
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return 0, b""

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def post(url: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
    """What is answered, as JSON; {} where that is none."""
    line = Line(url)
    _, answer = await line.ask(http("POST", path, json.dumps(body).encode(), headers))
    line.close()
    return json.loads(answer or b"{}")


async def paced(
    url: str, requests: Iterator[bytes], per_second: float, seconds: float, connections: int
) -> Counter[int]:
    """Send `requests` at a rate until they or the `seconds` are over; the answers by status."""
    statuses: Counter[int] = Counter()
    started = time.monotonic()
    due = (started + number / per_second for number in range(round(per_second * seconds) or 1))

    async def work() -> None:
        line = Line(url)
        for at, request in zip(due, requests, strict=False):
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if time.monotonic() > started + seconds:
                break
            statuses[(await line.ask(request))[0]] += 1
        line.close()

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds + 5):
            await asyncio.gather(*(work() for _ in range(connections)))
    return statuses
