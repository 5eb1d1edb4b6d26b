"""Large bodies of one caller are read few at once, and those of others beside them."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import HttpProblem, Unauthenticated
from shared.http import responses
from shared.http.large_bodies import MAX_OF_A_CALLER, LargeBodies
from shared.http.requests import LARGE_BYTES


class Reader:
    """Stands for what reads a body; it ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.ends = asyncio.Event()

    async def __call__(self, _request: Request, _limit: int) -> bytes:
        self.begun += 1
        await self.ends.wait()
        return b"body"


def request(**headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": pairs})


LARGE = {"content_length": str(LARGE_BYTES + 1)}


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_caller_reads_few_large_bodies_at_once_and_others_read_theirs() -> None:
    bodies, reader = LargeBodies(), Reader()
    calls = [asyncio.create_task(bodies.read(request(**LARGE), 0, 1, reader)) for _ in range(MAX_OF_A_CALLER + 3)]
    await settle()
    assert reader.begun == MAX_OF_A_CALLER

    calls.append(asyncio.create_task(bodies.read(request(**LARGE), 0, 2, reader)))
    calls.append(asyncio.create_task(bodies.read(request(content_length="1"), 0, 1, reader)))
    await settle()
    assert reader.begun == MAX_OF_A_CALLER + 2, "another caller, and a small body"

    reader.ends.set()
    assert await asyncio.gather(*calls) == [b"body"] * (MAX_OF_A_CALLER + 5)


@pytest.mark.parametrize(
    "headers", [LARGE, {}, {"content_length": "x"}, {"content_length": "1", "transfer_encoding": "chunked"}]
)
async def test_whoever_waits_too_long_for_a_turn_shall_call_again(headers: dict[str, str]) -> None:
    bodies, reader = LargeBodies(wait_seconds=0), Reader()
    calls = [asyncio.create_task(bodies.read(request(**LARGE), 0, 1, reader)) for _ in range(MAX_OF_A_CALLER)]
    await settle()

    with pytest.raises(HttpProblem) as raised:
        await bodies.read(request(**headers), 0, 1, reader)

    assert (raised.value.status, list(raised.value.headers)) == (503, ["retry-after"])
    reader.ends.set()
    await asyncio.gather(*calls)
    assert await bodies.read(request(**headers), 0, 1, reader) == b"body"


@pytest.mark.parametrize(
    ("headers", "closes"),
    [
        ({}, False),
        ({"content_length": str(LARGE_BYTES)}, False),
        (LARGE, True),
        ({"content_length": "x"}, True),
        ({"transfer_encoding": "chunked"}, True),
    ],
)
async def test_a_strangers_connection_ends_with_the_answer_where_a_large_body_comes(
    headers: dict[str, str], *, closes: bool
) -> None:
    async def refuse(_: Request) -> Response:
        raise Unauthenticated

    response = await responses.handle("some_function", request(**headers), refuse)

    assert response.body == responses.not_found().body
    assert (response.headers.get("connection") == "close") == closes
