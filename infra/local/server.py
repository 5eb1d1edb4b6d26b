"""Every function on one local port, each under its name.

They are found by looking into functions/: a folder with a main.py is a function, and its door has the folder's name.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, request_response

import functions
from infra.sandbox.server import Embedded, address
from shared.clients.llm import Model
from shared.database.pool import Database

FunctionTarget = Callable[[Request], Awaitable[Response]]

FOLDER = Path(functions.__file__).parent
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")  # which of them, each door says itself


def names(folder: Path = FOLDER) -> list[str]:
    """All functions."""
    return sorted(main.parent.name for main in folder.glob("*/main.py"))


def targets() -> dict[str, FunctionTarget]:
    """Import all functions; the settings must be in the environment by now. Raises ConfigError."""
    return {name: getattr(import_module(f"functions.{name}.main"), name) for name in names()}


def create_app(served: Mapping[str, FunctionTarget]) -> Starlette:
    """An application with each door at `/<function>` and below, and an index at `/`."""

    async def index(request: Request) -> Response:
        return PlainTextResponse("".join(f"{name:24} {request.base_url}{name}/\n" for name in served))

    routes: list[BaseRoute] = [Route("/", index)]
    for name, door in served.items():
        # A Mount begins at the slash; without one the caller would be redirected, and schedulers do not follow.
        routes.append(Route(f"/{name}", door, methods=METHODS))
        routes.append(Mount(f"/{name}", request_response(door)))
    return Starlette(routes=routes)


@asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[str]:
    """Serve `app` in this event loop; its address. What is under way at the end has a second to finish."""
    server = Embedded(
        uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        await task
        await _close_connections()


async def _close_connections() -> None:
    """A function keeps its connections until its process ends, which here lives on."""
    for name in names():
        module = sys.modules.get(f"functions.{name}.main")
        for value in list(vars(module).values()) if module else []:
            if isinstance(value, Database | Model):
                await value.close()
