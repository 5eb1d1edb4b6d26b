"""The language model's stand-in while it speaks: OpenAI's own client hears it, its pauses and its faults."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest

from infra.sandbox.llm.state import Model
from infra.sandbox.server import SandboxServer
from tests.helpers.waiting import until
from tests.infra.sandbox.conftest import Client

ASKED: Any = [{"role": "system", "content": "Адрес: улица Абая, 10"}, {"role": "user", "content": "Напомните адрес"}]
SAID = "С удовольствием подскажу. Адрес: улица Абая, 10"
ASK: dict[str, Any] = {"model": "any", "messages": ASKED}


@pytest.fixture
def model(server: SandboxServer) -> Model:
    return server.model


@pytest.fixture
async def official(server: SandboxServer) -> AsyncIterator[openai.AsyncOpenAI]:
    web = openai.DefaultAsyncHttpxClient(trust_env=False)
    url = f"{server.url}/model/v1"
    async with openai.AsyncOpenAI(api_key="any", base_url=url, max_retries=0, http_client=web, timeout=60) as client:
        yield client


async def hear(official: openai.AsyncOpenAI, heard: list[str]) -> list[str]:
    """Puts the words into `heard` as they come; the reasons to finish."""
    stream = await official.chat.completions.create(**ASK, stream=True)
    finishes = []
    async for chunk in stream:
        heard += [choice.delta.content for choice in chunk.choices if choice.delta.content]
        finishes += [choice.finish_reason for choice in chunk.choices if choice.finish_reason]
    return finishes


async def ask(client: Client, **more: Any) -> httpx.Response:
    """A question without a library."""
    return await client.http.post(
        "/model/v1/chat/completions", json=ASK | more, headers={"Authorization": "Bearer any"}
    )


@pytest.mark.parametrize(
    ("does", "said", "finish"),
    [
        ("no_done", SAID, ["stop"]),
        ("split", f"{SAID} \ud83c\udfe0", ["stop"]),
        ("nul", f"\x00{SAID}\ud800", ["stop"]),
        ("empty", "", ["stop"]),
        ("cut", "С удовольствием подскажу.", ["length"]),
        ("filter", "С удовольствием подскажу.", ["content_filter"]),
    ],
)
async def test_the_real_client_hears_how_it_ended(
    official: openai.AsyncOpenAI, model: Model, does: str, said: str, finish: list[str]
) -> None:
    model.fail(does=does)
    heard: list[str] = []

    assert await hear(official, heard) == finish
    assert "".join(heard) == said


@pytest.mark.parametrize(("does", "seconds"), [("break", 30), ("stall", 0.2)])
async def test_the_connection_breaks_in_the_middle(
    official: openai.AsyncOpenAI, model: Model, does: str, seconds: float
) -> None:
    model.fail(does=does, seconds=seconds)
    started, heard = time.monotonic(), list[str]()
    with pytest.raises(openai.APIConnectionError):
        await hear(official, heard)

    assert heard == ["С", " удовольствием", " подскажу."]
    assert (time.monotonic() - started >= seconds) is (does == "stall")
    assert (model.journal[0]["status"], model.journal[0]["left"]) == (200, False)


@pytest.mark.parametrize(
    ("fault", "raised", "code"),
    [
        ({"does": "limit", "seconds": 90}, openai.RateLimitError, "rate_limit_exceeded"),
        ({"does": "quota"}, openai.RateLimitError, "insufficient_quota"),
        ({"does": "status"}, openai.InternalServerError, None),
    ],
)
async def test_a_stream_that_never_begins_is_an_error(
    official: openai.AsyncOpenAI, model: Model, fault: dict[str, Any], raised: type[openai.APIStatusError], code: str
) -> None:
    model.fail(**fault)
    with pytest.raises(raised) as caught:
        await hear(official, [])

    assert caught.value.code == code
    assert len(model.journal) == 1


async def test_a_split_stream_breaks_inside_characters(client: Client, model: Model) -> None:
    model.fail(does="split")
    headers = {"Authorization": "Bearer any"}
    async with client.http.stream(
        "POST", "/model/v1/chat/completions", json=ASK | {"stream": True}, headers=headers
    ) as answer:
        parts = [part async for part in answer.aiter_raw()]

    assert any(b"\x80" <= part[:1] < b"\xc0" for part in parts), "none begins in the middle of one"
    assert rb'"content": " \ud83c"' in b"".join(parts)
    assert rb'"content": "\udfe0"' in b"".join(parts)


async def test_words_come_as_slowly_as_was_asked_for(client: Client, model: Model) -> None:
    await client.control("model/latency", between=0.05)
    started = time.monotonic()
    assert (await ask(client, stream=True)).text.endswith("[DONE]\n\n")
    slow = time.monotonic() - started
    await client.control("model/latency", seconds=0)

    assert slow >= 0.05 * (len(SAID.split()) - 1)
    assert model.between == 0
    wrong = await client.http.post("/_sandbox/model/latency", json={"between": -1})
    assert wrong.status_code == 422


@pytest.mark.parametrize("pause", [{"between": 30}, {"seconds": 30}])
async def test_the_journal_tells_who_left_before_the_end(
    official: openai.AsyncOpenAI, client: Client, model: Model, pause: dict[str, Any]
) -> None:
    await hear(official, [])
    await client.control("model/latency", **pause)
    with pytest.raises(openai.APITimeoutError):
        await hear(official.with_options(timeout=0.3), [])
    await until(lambda: model.journal[-1]["left"])

    assert [(row["streamed"], row["left"]) for row in model.journal] == [(True, False), (True, True)]


@pytest.mark.parametrize(
    ("does", "said"), [("split", f"{SAID} 🏠"), ("no_done", SAID), ("break", None), ("stall", None)]
)
async def test_an_answer_that_comes_at_once_can_only_miss(
    client: Client, model: Model, does: str, said: str | None
) -> None:
    model.fail(does=does, seconds=0.1)
    if said is None:
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(client)
    else:
        assert (await ask(client)).json()["choices"][0]["message"]["content"] == said
    assert (model.journal[0]["fault"], model.journal[0]["streamed"]) == (does, False)
