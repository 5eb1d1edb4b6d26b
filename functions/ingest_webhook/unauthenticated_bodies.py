"""Bodies that are read before it is known who sent them, as their signature proves it: few large ones at once."""

import asyncio
from collections.abc import Hashable, Mapping
from contextlib import AsyncExitStack

from starlette.requests import Request

from shared.errors import HttpProblem, Unauthenticated
from shared.http import requests
from shared.http.turns import Places

SMALL_BYTES = 65_536  # nearly all calls of Meta's
MAX_LARGE_BODIES = 4  # of up to 3 MB each; Meta repeats for days what was not taken
MAX_WAITING = 4  # for a turn; what they have sent is read even when they have left, at 6 ms each

_PLACES: Mapping[Hashable, int] = {"large": MAX_LARGE_BODIES + MAX_WAITING}


class UnauthenticatedBodies:
    """Reads them. Who is not known yet is not told what is wrong with theirs."""

    def __init__(self) -> None:
        self._large = asyncio.Semaphore(MAX_LARGE_BODIES)
        self._places = Places()

    async def read(self, request: Request, limit: int, seconds: float = requests.READ_SECONDS) -> bytes:
        """The body, at most `limit` bytes, within `seconds`. Raises Unauthenticated.

        What is more than SMALL_BYTES of it waits until fewer than MAX_LARGE_BODIES others are read, if fewer than
        MAX_WAITING others wait.
        """
        body = bytearray()
        try:
            async with asyncio.timeout(seconds), AsyncExitStack() as turn:
                async for chunk in requests.stream_body(request, limit):
                    if len(body) <= SMALL_BYTES < len(body) + len(chunk):
                        turn.enter_context(self._places.take(_PLACES, Unauthenticated))
                        await turn.enter_async_context(self._large)
                    body += chunk
                return bytes(body)
        except (HttpProblem, TimeoutError):
            raise Unauthenticated from None
