"""A sandbox on a free port, and a client that calls it as a bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest_asyncio
from telegram.request import HTTPXRequest

from infra.sandbox.server import SandboxServer, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BOT = 7100000001
TOKEN = f"{BOT}:{'Carillon-sandbox_token' + '0' * 13}"


@dataclass
class Client:
    """Calls the sandbox over HTTP."""

    server: SandboxServer
    http: httpx.AsyncClient
    token: str = TOKEN

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """Call a Bot API method; the answer's body."""
        response = await self.send(method, **params)
        body: dict[str, Any] = response.json()
        assert response.status_code == body.get("error_code", 200)
        return body

    async def send(self, method: str, **params: object) -> httpx.Response:
        """Call a Bot API method; the whole answer."""
        return await self.http.post(f"/bot{self.token}/{method}", json=params)

    async def refusal(self, method: str, **params: object) -> str:
        """Call a Bot API method that must fail; why it did."""
        body = await self.call(method, **params)
        assert body["ok"] is False
        return str(body["description"])

    async def control(self, path: str, **params: object) -> dict[str, Any]:
        """Steer the sandbox."""
        response = await self.http.post(f"/_sandbox/{path}", json=params)
        assert response.status_code == httpx.codes.OK, response.text
        body: dict[str, Any] = response.json()
        return body

    async def journal(self, **query: str | int) -> list[dict[str, Any]]:
        """Read the journal."""
        rows: list[dict[str, Any]] = (await self.http.get("/_sandbox/journal", params=query)).json()
        return rows


def unhurried() -> dict[str, Any]:
    """A real client's options: by itself it gives up after 5 s, and after one in its own queue."""
    seconds: dict[str, Any] = dict.fromkeys(("read_timeout", "write_timeout", "connect_timeout", "pool_timeout"), 60.0)
    return {"request": HTTPXRequest(**seconds), "get_updates_request": HTTPXRequest(**seconds)}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[SandboxServer]:
    async with running() as started:
        yield started


@pytest_asyncio.fixture
async def client(server: SandboxServer) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=60) as http:
        yield Client(server, http)
