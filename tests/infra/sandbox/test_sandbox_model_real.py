"""A real model in the stand-in's place: here another sandbox's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
import pytest_asyncio

from infra.sandbox.server import SandboxServer, running
from tests.infra.sandbox.conftest import Client

KEY, REAL_KEY = "key-of-whoever-asks", "key-of-the-real-model"
PRICES: list[Any] = [
    {"role": "system", "content": "- Цены: стрижка 6000 ₸"},
    {"role": "user", "content": "Какие цены?"},
]


@pytest_asyncio.fixture
async def real() -> AsyncIterator[SandboxServer]:
    async with running() as started:
        yield started


@asynccontextmanager
async def asking(server: SandboxServer) -> AsyncIterator[openai.AsyncOpenAI]:
    web = openai.DefaultAsyncHttpxClient(trust_env=False)
    address = f"{server.url}/model/v1"
    async with openai.AsyncOpenAI(api_key=KEY, base_url=address, max_retries=0, http_client=web, timeout=60) as client:
        yield client


async def choose(client: Client, address: str, model: str = "") -> None:
    said = await client.control("model/real", address=f"{address}/model/v1/", key=REAL_KEY, model=model)
    assert said == {"address": f"{address}/model/v1", "model": model}


async def test_a_real_model_answers_whole_and_in_pieces_and_the_journal_says_who_it_was(
    server: SandboxServer, client: Client, real: SandboxServer
) -> None:
    await choose(client, real.url, "better")

    async with asking(server) as official:
        whole = await official.chat.completions.create(model="any", messages=PRICES)
        stream: Any = await official.chat.completions.create(model="any", messages=PRICES, stream=True)
        said = "".join([piece.choices[0].delta.content or "" async for piece in stream if piece.choices])
        response = await official.responses.create(model="any", input="Какие цены?")

    assert whole.choices[0].message.content == said == "С удовольствием подскажу. Цены: стрижка 6000 ₸"
    assert (whole.model, response.model) == ("better", "better")
    assert [row["asked"]["model"] for row in real.model.journal] == ["better"] * 3
    rows = list(server.model.journal)
    assert [(row["by"], row["answer"], row["status"]) for row in rows[:2]] == [(real.url.split("/")[2], said, 200)] * 2


async def test_the_key_is_never_shown_and_the_stand_in_comes_back(
    server: SandboxServer, client: Client, real: SandboxServer
) -> None:
    await choose(client, real.url)

    async with asking(server) as official:
        await official.chat.completions.create(model="any", messages=PRICES)
        shown = [(await client.http.get(f"/_sandbox/model/{page}")).text for page in ("real", "journal")]
        assert (await client.http.delete("/_sandbox/model/real")).json() == {}
        await official.chat.completions.create(model="any", messages=PRICES)

    assert all(REAL_KEY not in text for text in [*shown, repr(server.model.real), repr(vars(server.model))])
    assert (len(server.model.journal), len(real.model.journal)) == (2, 1)


async def test_a_real_model_that_is_away_refuses_or_gets_a_fault_is_told_in_openais_words(
    server: SandboxServer, client: Client, real: SandboxServer
) -> None:
    await choose(client, real.url)
    real.model.fail(does="quota")
    server.model.fail(does="limit", seconds=3, after=1)

    async with asking(server) as official:
        for expected in ("insufficient_quota", "rate_limit_exceeded"):
            with pytest.raises(openai.RateLimitError) as limited:
                await official.chat.completions.create(model="any", messages=PRICES)
            assert limited.value.code == expected
        await choose(client, "http://127.0.0.1:9")
        with pytest.raises(openai.InternalServerError, match=r"no answer from 127\.0\.0\.1:9: ConnectError") as away:
            await official.chat.completions.create(model="any", messages=PRICES)

        await choose(client, server.url)
        with pytest.raises(openai.InternalServerError, match="asks itself"):
            await official.chat.completions.create(model="any", messages=PRICES)

    assert away.value.status_code == 502


@pytest.mark.parametrize("address", ["", "ftp://example.com/v1", "https://", "https://me:secret@example.com/v1"])
async def test_an_address_that_is_none_is_refused_without_its_key(client: Client, address: str) -> None:
    refused = await client.http.post("/_sandbox/model/real", json={"address": address, "key": REAL_KEY})

    assert refused.status_code == 422
    assert refused.json()["error"].startswith("address: it looks like https://")
    assert REAL_KEY not in refused.text
