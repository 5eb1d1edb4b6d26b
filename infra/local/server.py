"""Every function on one local port, each under its name.

They are found in functions/: a folder with a main.py is a function.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, request_response

import functions
from infra.local import web_server
from shared.config import Settings
from shared.http.function import Function
from shared.http.responses import Handler

FOLDER = Path(functions.__file__).parent
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")  # each function decides which it answers


def names(folder: Path = FOLDER) -> list[str]:
    """The names of all functions, sorted."""
    return sorted(main.parent.name for main in folder.glob("*/main.py"))


def create_functions(settings: Settings) -> dict[str, Function]:
    """Each function by its name, made of `settings`."""
    return {name: import_module(f"functions.{name}.main").create(settings) for name in names()}


def create_app(served: Mapping[str, Handler]) -> Starlette:
    """An application with each handler at `/<function>` and below, and an index at `/`."""

    async def index(request: Request) -> Response:
        return PlainTextResponse("".join(f"{name:24} {request.base_url}{name}/\n" for name in served))

    return Starlette(routes=[Route("/", index), *routes_of(served)])


def routes_of(served: Mapping[str, Handler]) -> list[BaseRoute]:
    """Each handler at `/<function>` and below."""
    routes: list[BaseRoute] = []
    for name, handler in served.items():
        # A Mount begins at the slash; without one the caller would be redirected, and schedulers do not follow.
        routes.append(Route(f"/{name}", handler, methods=METHODS))
        routes.append(Mount(f"/{name}", request_response(handler)))
    return routes


@asynccontextmanager
async def serving(served: Mapping[str, Function], listener: socket.socket) -> AsyncIterator[str]:
    """Serve functions in this event loop; the address. What is under way at the end has a second to finish."""
    app = create_app({name: function.handler for name, function in served.items()})
    config = uvicorn.Config(
        app, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=1, timeout_keep_alive=75
    )
    try:
        async with web_server.serving(config, listener) as url:
            yield url
    finally:
        for function in served.values():
            await function.close()
