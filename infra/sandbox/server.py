"""The sandbox on a real port, for tests, the demo and the command line."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from infra.sandbox.app import create_app
from infra.sandbox.llm.state import Model
from infra.sandbox.telegram.routes import TRANSPORT
from infra.sandbox.telegram.state import Telegram
from infra.sandbox.whatsapp.state import WhatsApp
from infra.sandbox.yclients.state import YClients

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.applications import Starlette


@dataclass(frozen=True, slots=True)
class SandboxServer:
    """A running sandbox: its address, the state to assert on and to steer, and what the lesson's page is told."""

    url: str
    telegram: Telegram
    whatsapp: WhatsApp
    model: Model
    yclients: YClients
    lesson: dict[str, str]


@asynccontextmanager
async def running(port: int = 0, last_id: int = 0) -> AsyncIterator[SandboxServer]:
    """Serve in the current event loop; port 0 picks a free one. WhatsApp's messages are numbered after `last_id`."""
    telegram, whatsapp, model, yclients = Telegram(), WhatsApp(last_id), Model(), YClients()
    lesson: dict[str, str] = {}
    listener = listen(port)
    server = Embedded(config(create_app(telegram, whatsapp, model, yclients, lesson)))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        # No need to wait for the start: the socket listens already.
        yield SandboxServer(address(listener), telegram, whatsapp, model, yclients, lesson)
    finally:
        server.should_exit = True
        await task
        whatsapp.stop()


def config(app: Starlette) -> uvicorn.Config:
    """How a sandbox is served: no access log, because tokens are part of the paths."""
    return uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback interface."""
    # asyncio turns Nagle off only where the protocol is named: 40 ms of every call on a kept connection.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(2048)
    return listener


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


class _Protocol(HttpToolsProtocol):
    """Lets an endpoint drop its connection, which ASGI has no word for."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]


class Embedded(uvicorn.Server):
    """Leaves the signals to the program around it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
