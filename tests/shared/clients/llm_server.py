"""The language model's client in front of its stand-in, and of servers that are none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from infra.sandbox.llm import state
from infra.sandbox.server import running
from shared import config
from shared.clients.llm import Completion, Model, ModelError
from tests.helpers import canaries

KEY = canaries.SOURCE_SECRET
ASKED = [
    {"role": "system", "content": "Отвечай коротко.\nАдрес: улица Абая, 10"},
    {"role": "user", "content": "Напомните адрес"},
]
SAID = "С удовольствием подскажу. Адрес: улица Абая, 10"


@dataclass
class Asking:
    """The client, and the stand-in behind it."""

    model: Model
    sandbox: state.Model

    async def failure(self, messages: list[dict[str, str]] = ASKED) -> str:
        """Why there is no answer."""
        with pytest.raises(ModelError) as caught:
            await self.model.complete(messages, max_tokens=100)
        assert str(caught.value) == caught.value.kind
        return caught.value.kind

    async def stream(self) -> list[str | Completion]:
        """All that a stream gives."""
        return [piece async for piece in self.model.stream(ASKED, max_tokens=100)]

    @property
    def statuses(self) -> list[int | None]:
        """What the stand-in answered, question by question."""
        return [row["status"] for row in self.sandbox.journal]


@asynccontextmanager
async def model_at(url: str, **settings: str) -> AsyncIterator[Model]:
    """A client of the model at `url`."""
    environ = {"DATABASE_URL": "postgresql://h/d", "LLM_API_URL": url, "LLM_API_KEY": KEY, "LLM_MODEL": "small"}
    model = Model(config.load(environ | settings))
    try:
        yield model
    finally:
        await model.close()


@asynccontextmanager
async def asking_with(**settings: str) -> AsyncIterator[Asking]:
    """The stand-in, and its client with other settings."""
    async with running() as server, model_at(f"{server.url}/model/v1/", **settings) as model:
        yield Asking(model, server.model)


@asynccontextmanager
async def serving(speak: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """The address of a server that answers each request with what `speak` writes; then it hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        [length] = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        await reader.readexactly(int(length.partition(b":")[2]))
        try:
            await speak(writer)
            await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
