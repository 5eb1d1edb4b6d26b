"""An answer whole, and while it comes, over real HTTP: what has come is there, what went wrong is an outcome."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from shared.clients.http import MAX_RESPONSE_BYTES, HttpClient, HttpResponse, NoResponse, StreamedResponse
from tests.helpers.serving import free_port

HEAD = b"HTTP/1.1 203 Here\r\nX-Of: us\r\nTransfer-Encoding: chunked\r\n\r\n"
NO_ANSWER = NoResponse("response")
NOT_CONNECTED = NoResponse("connect")


@asynccontextmanager
async def served(
    conversation: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[tuple[HttpClient, str]]:
    """A client, and the address of a server that talks so."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await conversation(reader, writer)
        finally:
            writer.close()

    web = HttpClient(5)
    async with await asyncio.start_server(one, "127.0.0.1", 0) as server:
        try:
            yield web, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        finally:
            await web.close()


@pytest.mark.parametrize(
    ("ending", "last"),
    [(b"0\r\n\r\n", []), (b"", [NO_ANSWER]), (b"7\r\nhal", [b"hal", NO_ANSWER])],
)
async def test_a_chunk_is_there_before_the_next_is_sent(ending: bytes, last: list[bytes | NoResponse]) -> None:
    seen = asyncio.Event()

    async def conversation(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"5\r\nfirst\r\n")
        await seen.wait()
        writer.write(ending)

    async with served(conversation) as (web, url), web.stream("GET", url) as answer:
        assert isinstance(answer, StreamedResponse)
        assert (answer.status, answer.headers["x-of"]) == (203, "us")
        assert await anext(aiter(answer.chunks)) == b"first"
        seen.set()
        assert [chunk async for chunk in answer.chunks] == last


async def test_whoever_leaves_before_the_end_hangs_up() -> None:
    gone = asyncio.Event()

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"5\r\nfirst\r\n")
        assert await reader.read() == b""
        gone.set()

    async with served(conversation) as (web, url):
        async with web.stream("GET", url) as answer:
            assert isinstance(answer, StreamedResponse)
        await asyncio.wait_for(gone.wait(), 60)


async def test_the_rest_can_be_waited_for_and_has_an_end() -> None:
    bodies = [b"words", b"x" * (MAX_RESPONSE_BYTES + 1)]

    async def conversation(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bodies.pop(0))

    async with served(conversation) as (web, url):
        for body, is_complete in ((b"words", True), (b"", False)):
            async with web.stream("GET", url) as answer:
                assert isinstance(answer, StreamedResponse)
                assert await answer.read() == HttpResponse(200, answer.headers, body, is_complete)


async def test_no_answer_and_no_connection_are_outcomes() -> None:
    async def conversation(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")

    unreachable = f"http://127.0.0.1:{free_port()}/"
    async with served(conversation) as (web, url):
        for address, outcome in ((url, NO_ANSWER), (unreachable, NOT_CONNECTED)):
            assert await web.call("GET", address) == outcome
            async with web.stream("GET", address) as answer:
                assert answer == outcome
