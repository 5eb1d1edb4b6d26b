"""Large bodies of known callers: few are read at once, so that no caller fills the memory that all of them share."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AsyncExitStack

from starlette.requests import Request

from shared.errors import HttpProblem
from shared.http import requests, responses
from shared.http.turns import Turns

MAX_AT_ONCE, MAX_OF_A_CALLER = 32, 4
WAIT_SECONDS = 20.0  # for a turn; hardly anything of the body is read meanwhile

Read = Callable[[Request, int], Awaitable[bytes]]


class LargeBodies:
    """Reads bodies; small ones at once."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        """Nobody reads yet."""
        self._turns = Turns(MAX_AT_ONCE, MAX_OF_A_CALLER)
        self._wait_seconds = wait_seconds

    async def read(self, request: Request, limit: int, caller: Hashable, read: Read = requests.read_body) -> bytes:
        """What `read` answers. Raises HttpProblem: what `read` raises, and 503 when the turn does not come in time."""
        if _is_small(request):
            return await read(request, limit)
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self._wait_seconds):
                    await stack.enter_async_context(self._turns.turn(caller))
            except TimeoutError:
                raise _busy() from None
            return await read(request, limit)


def _is_small(request: Request) -> bool:
    """Whether the body is declared to be small: the server gives no more of it than that."""
    return "content-length" in request.headers and not requests.announces_large_body(request)


def _busy() -> HttpProblem:
    detail = "Too many large bodies are under way. Nothing is stored; call again."
    return HttpProblem(503, "Busy", detail, headers=responses.retry_after(responses.RETRY_AFTER_SECONDS))
