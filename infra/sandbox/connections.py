"""What stand-ins do to connections: break one without an answer, and notice that a caller has left."""

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
    """The connection breaks without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Break it."""
        scope["extensions"][TRANSPORT].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def gone(request: Request, seconds: float) -> bool:
    """Wait; whether the caller has left meanwhile."""
    if not seconds:
        return False
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return True
    return False
