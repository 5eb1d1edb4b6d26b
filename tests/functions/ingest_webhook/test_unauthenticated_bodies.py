"""What is read of a body before its signature says whose it is."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from functions.ingest_webhook.unauthenticated_bodies import (
    MAX_LARGE_BODIES,
    MAX_WAITING,
    SMALL_BYTES,
    UnauthenticatedBodies,
)
from shared.errors import Unauthenticated

LIMIT = 3_000_000
PIECES = 4


class Sender:
    """Sends a body of PIECES pieces, and its end when it is told to."""

    def __init__(self, piece: bytes, **headers: str) -> None:
        self.sent = 0
        self.ends = asyncio.Event()
        self.body = piece * PIECES
        self._piece = piece
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    @property
    def request(self) -> Request:
        """The request as a handler gets it."""
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": self._headers}
        return Request(scope, self._receive)

    async def _receive(self) -> dict[str, Any]:
        if self.sent == PIECES:
            await self.ends.wait()
            return {"type": "http.request", "body": b"", "more_body": False}
        self.sent += 1
        return {"type": "http.request", "body": self._piece, "more_body": True}


async def settle() -> None:
    """Let everybody go as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_few_large_bodies_are_read_at_once_and_small_ones_beside_them() -> None:
    bodies = UnauthenticatedBodies()
    large = [Sender(b"x" * (SMALL_BYTES // 2 + 1)) for _ in range(MAX_LARGE_BODIES + 3)]
    reading = [asyncio.create_task(bodies.read(sender.request, LIMIT)) for sender in large]
    await settle()

    assert [sender.sent for sender in large] == [PIECES] * MAX_LARGE_BODIES + [2] * 3
    small = Sender(b"x")
    small.ends.set()
    assert await bodies.read(small.request, LIMIT) == b"xxxx"
    for sender in large:
        sender.ends.set()
    assert await asyncio.gather(*reading) == [sender.body for sender in large]


async def test_whoever_finds_all_places_to_wait_taken_is_refused_at_once() -> None:
    bodies = UnauthenticatedBodies()
    waiting = [Sender(b"x" * SMALL_BYTES) for _ in range(MAX_LARGE_BODIES + MAX_WAITING)]
    reading = [asyncio.create_task(bodies.read(sender.request, LIMIT)) for sender in waiting]
    await settle()
    late = Sender(b"x" * SMALL_BYTES)

    with pytest.raises(Unauthenticated):
        await bodies.read(late.request, LIMIT)
    assert late.sent == 2
    for sender in waiting:
        sender.ends.set()
    assert await asyncio.gather(*reading) == [sender.body for sender in waiting]
    late.ends.set()
    assert await bodies.read(late.request, LIMIT) == late.body[2 * SMALL_BYTES :], "places are free again"


async def test_whoever_is_slow_frees_their_turn_and_is_not_told_why() -> None:
    bodies = UnauthenticatedBodies()
    slow = [Sender(b"x" * SMALL_BYTES) for _ in range(MAX_LARGE_BODIES + 1)]
    calls = (bodies.read(sender.request, LIMIT, seconds=0.01) for sender in slow)
    assert [type(result) for result in await asyncio.gather(*calls, return_exceptions=True)] == [Unauthenticated] * 5
    honest = Sender(b"x" * SMALL_BYTES)
    honest.ends.set()

    assert await bodies.read(honest.request, LIMIT) == honest.body


@pytest.mark.parametrize("headers", [{"content-length": str(LIMIT + 1)}, {"content-encoding": "gzip"}, {}])
async def test_whoever_sends_too_much_or_packed_is_not_told_why(headers: dict[str, str]) -> None:
    sender = Sender(b"x" * (LIMIT // PIECES + 1), **headers)

    with pytest.raises(Unauthenticated):
        await UnauthenticatedBodies().read(sender.request, LIMIT)
    assert sender.sent == (0 if headers else PIECES)
