"""Breaking a connection without a response, and noticing that the caller has closed it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.responses import Response

from infra.sandbox.telegram.routes import TRANSPORT

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send


class Dropped(Response):
    """Aborts the connection instead of a response."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Abort the connection and wait until it is closed."""
        scope["extensions"][TRANSPORT].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def has_left(request: Request, seconds: float) -> bool:
    """Wait `seconds`; whether the caller has closed the connection meanwhile."""
    if not seconds:
        return False
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return True
    return False


async def unless_left(request: Request, waiting: asyncio.Future[str]) -> str | None:
    """Wait for `waiting`; None when the caller closes the connection before."""
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
    return waiting.result() if waiting.done() else None


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
