"""Streams of servers that do it their own way, over real HTTP."""

import asyncio
import json

import pytest

from shared.clients.llm import Completion, ModelError
from tests.shared.clients.llm_server import ASKED, model_at, serving

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
KIND = b"Content-Type: text/event-stream\r\n"
EVENTS = OK + KIND
CHUNKED = EVENTS + b"Transfer-Encoding: chunked\r\n\r\n"


def event(content: str, finish: str | None = None) -> bytes:
    return (
        b"data: %s\n\n" % json.dumps({"choices": [{"delta": {"content": content}, "finish_reason": finish}]}).encode()
    )


async def received(answer: bytes) -> list[str | Completion]:
    """What is received of a server that says `answer` and hangs up."""

    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with serving(speak) as url, model_at(url) as model:
        return [piece async for piece in model.stream(ASKED, max_tokens=100)]


def framed(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


async def test_a_server_that_knows_no_streams_is_understood_as_one_piece() -> None:
    body = json.dumps({"choices": [{"message": {"content": " Да. "}}], "usage": {"total_tokens": 3}}).encode()
    head = OK + b"Content-Type: application/json\r\n\r\n"

    assert await received(head + body) == ["Да.", Completion("Да.", {"total_tokens": 3})]


async def test_words_that_end_with_the_connection_are_all_when_it_said_so() -> None:
    said = ["Да.", Completion("Да.", None)]

    assert await received(EVENTS + b"\r\n" + event("Да.", "stop")) == said
    assert await received(CHUNKED + framed(event("Да.", "stop"))) == said, "broken, but after the last word"
    assert await received(CHUNKED + framed(event("Да.") + b"data: [DONE]\n\n")) == said


@pytest.mark.parametrize(
    "answer", [EVENTS + b"\r\n" + event("Да"), CHUNKED + framed(event("Да")), CHUNKED, EVENTS + b"\r\n"]
)
async def test_words_that_end_with_the_connection_alone_are_no_answer(answer: bytes) -> None:
    with pytest.raises(ModelError, match=r"^no_answer$"):
        await received(answer)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (OK + b"Content-Type: text/plain\r\n\r\n" + event("Да.", "stop"), "garbage"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\r\n" + KIND + b"\r\n", "garbage"),
        (b"HTTP/1.1 500 Oh\r\nConnection: close\r\n" + KIND + b"\r\n" + event("Да."), "server_error"),
        (OK + b"\r\n" + b"[" * 1_100_000, "garbage"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "no_answer"),
        (EVENTS + b"\r\ndata: {\r\n\r\n", "garbage"),
        (EVENTS + b"Content-Encoding: gzip\r\n\r\n" + event("Да."), "no_answer"),
    ],
)
async def test_what_is_no_stream_has_one_word(answer: bytes, kind: str) -> None:
    with pytest.raises(ModelError) as caught:
        await received(answer)
    assert caught.value.kind == kind


async def test_a_stream_of_comments_alone_gives_nothing() -> None:
    async def breathe(writer: asyncio.StreamWriter) -> None:
        writer.write(EVENTS + b"\r\n")
        while True:
            writer.write(b": ping\n\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(breathe) as url, model_at(url, LLM_DEADLINE_SECONDS="0.4") as model:
        with pytest.raises(ModelError, match=r"^timeout$"):
            await anext(model.stream(ASKED, max_tokens=100))
