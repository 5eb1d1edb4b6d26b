"""Calls as providers make them: a 503 asks for the same again, and a busy machine answers some calls too late."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import httpx

TRIES = 6
Body = TypeVar("Body")


def redelivered(call: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer of `call()`, made again while it is 503."""
    for _ in range(TRIES - 1):
        if (answer := call()).status_code != 503:
            return answer
    return call()


async def all_redelivered(
    send: Callable[[Body], Awaitable[httpx.Response]], bodies: Sequence[Body], tries: int = TRIES
) -> list[httpx.Response]:
    """The answers of `send(body)`, all at once; each made again while it is 503."""

    async def answer_to(body: Body) -> httpx.Response:
        for _ in range(tries - 1):
            if (answer := await send(body)).status_code != 503:
                return answer
        return await send(body)

    return await asyncio.gather(*(answer_to(body) for body in bodies))
