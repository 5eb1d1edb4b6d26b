"""A reply as server-sent events (WHATWG HTML: Server-sent events): `delta`s, then `done` or `error`."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from shared import logs

MEDIA_TYPE = "text/event-stream"
POLL_SECONDS = 0.25


def accepts_sse(request: Request) -> bool:
    """Whether the caller asks for events."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(media_type.partition(";")[0].strip() == MEDIA_TYPE for media_type in accepted)


def event(name: str, data: dict[str, Any]) -> bytes:
    """One event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def single_event(answer: dict[str, Any]) -> Response:
    """The events of a reply that is known already."""
    body = event("delta", {"text": answer["message"]}) + event("done", answer)
    return Response(body, headers=_headers(), media_type=MEDIA_TYPE)


async def response(request: Request, events: AsyncGenerator[bytes]) -> Response:
    """The answer that sends `events` as they come. Raises what goes wrong before the first of them.

    Whoever leaves before that ends them, too.
    """
    first = asyncio.ensure_future(anext(events))
    while not (await asyncio.wait([first], timeout=POLL_SECONDS))[0]:
        if await request.is_disconnected():
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)  # whatever it ends with, nobody is there to read it
            raise ClientDisconnect
    return _SseBody(await first, events)


class _SseBody(StreamingResponse):
    """When the caller has left, the events are ended, and clean up after themselves."""

    def __init__(self, first: bytes, others: AsyncGenerator[bytes]) -> None:
        super().__init__(_all(first, others), headers=_headers(), media_type=MEDIA_TYPE)
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self._others.aclose()


async def _all(first: bytes, others: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for following in others:
        yield following


def _headers() -> dict[str, str]:
    return {
        "cache-control": "no-store",
        "x-accel-buffering": "no",  # nginx would hold them back
        "x-correlation-id": logs.correlation_id.get(),
    }
