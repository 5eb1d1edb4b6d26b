"""A function at the other end of WhatsApp's webhooks, on a port of its own."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from infra.local.web_server import address, listen
from infra.sandbox.server import config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tests.infra.sandbox.conftest import Client


@dataclass
class Call:
    """A webhook as it came."""

    content: bytes
    headers: dict[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.content)


@dataclass
class Receiver:
    """Keeps what it gets; answers the statuses that wait, then 200, each after `delay`."""

    url: str
    statuses: list[int] = field(default_factory=list)
    delay: float = 0
    got: list[Call] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        content = await request.body()
        await asyncio.sleep(self.delay)
        self.got.append(Call(content, dict(request.headers)))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@asynccontextmanager
async def receiving(client: Client, gateway: str, account: str, **hook: object) -> AsyncIterator[Receiver]:
    """Listen, and let the account's webhooks come here."""
    listener = listen(0)
    receiver = Receiver(f"{address(listener)}/hook")
    app = Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])
    server = uvicorn.Server(config(app))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await client.control("whatsapp/webhooks", gateway=gateway, account=account, url=receiver.url, **hook)
    yield receiver
    server.should_exit = True
    await task
