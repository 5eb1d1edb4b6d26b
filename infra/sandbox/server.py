"""The sandbox on a real port, for tests, the demo and the command line."""

from __future__ import annotations

import sys
import time
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from infra.local import interrupts
from infra.local.web_server import listen, serving
from infra.sandbox.app import create_app
from infra.sandbox.history import kept
from infra.sandbox.state import Sandbox
from infra.sandbox.telegram.routes import TRANSPORT
from infra.sandbox.telegram.state import Telegram
from infra.sandbox.whatsapp.state import WhatsApp

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Collection
    from pathlib import Path

    from starlette.applications import Starlette

_GREETING = """Sandbox: {url}/

A bot     uses {url} in place of https://api.telegram.org, with any token of the usual form:
          {url}/bot7100000051:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe
A person  writes to it on the page above. A chat begins with that: before, the bot is told "chat not found".
A test    writes by POST {url}/_sandbox/say and waits by GET {url}/_sandbox/wait
Others    {url}/whatsapp_cloud, /evolution, /chatflow, /yclients, /model/v1
Ctrl-C ends it.
"""


@dataclass
class SandboxServer(Sandbox):
    """A running sandbox and its address."""

    url: str = ""


@asynccontextmanager
async def running(
    port: int = 0, last_id: int = 0, listener: socket.socket | None = None, folder: Path | None = None
) -> AsyncIterator[SandboxServer]:
    """Serve in the current event loop, at `listener` or at `port`; 0 picks a free one. Raises FolderError.

    Messages and updates are numbered after `last_id`; `folder`: where chats are kept until the next time.
    """
    sandbox = SandboxServer(telegram=Telegram(last_id=last_id), whatsapp=WhatsApp(last_id))
    history = kept(sandbox, folder) if folder else nullcontext()
    async with history, serving(config(create_app(sandbox)), listener or listen(port)) as sandbox.url:
        try:
            yield sandbox
        finally:
            sandbox.stop()


def run(port: int, *, is_strict: bool, hosts: Collection[str] = (), folder: Path | None = None) -> int:
    """Serve until interrupted, and print the address; the exit code. Raises OSError (the port is taken), FolderError.

    `is_strict`: only chats, files and addresses that there are; `hosts`: more names of this machine; `folder`: where
    chats are kept until the next time.
    """
    with listen(port) as listener:
        return interrupts.run(_serve(listener, is_strict=is_strict, hosts=hosts, folder=folder))


async def _serve(listener: socket.socket, *, is_strict: bool, hosts: Collection[str], folder: Path | None) -> int:
    sandbox = Sandbox(telegram=Telegram(is_strict=is_strict, last_id=time.time_ns()))
    sandbox.model.is_strict = sandbox.yclients.is_limited = is_strict
    history = kept(sandbox, folder) if folder else nullcontext()
    try:
        async with history, serving(config(create_app(sandbox, hosts)), listener) as url:
            sys.stdout.write(_GREETING.format(url=url))
            sys.stdout.flush()
            await interrupts.until_interrupted()
    finally:
        sandbox.stop()
    return 0


def config(app: Starlette) -> uvicorn.Config:
    """How a sandbox is served: no access log, because tokens are part of the paths."""
    return uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,  # as usual; with our client's 5 s a call could meet the close and get no answer
    )


class _Protocol(HttpToolsProtocol):
    """Gives endpoints the transport: ASGI cannot abort a connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]
