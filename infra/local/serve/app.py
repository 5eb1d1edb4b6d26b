"""What a worker answers: each function below its name, `/health` of all of them together, and `/metrics`."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local import server
from infra.local.serve import metrics
from shared import config
from shared.config import Settings
from shared.database.pool import Database
from shared.http import health, requests
from shared.http.function import Function
from shared.http.responses import Handler, handle, not_found
from shared.version import SCHEMA, VERSION

METRICS_PATH = "/metrics"
GRAVITY = ("ok", "degraded", "failing")


def load_settings(own_url: str, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `environ`, and pokes at `own_url` where it names no other. Raises ConfigError."""
    pokes = {"POKE": "dispatch_notifications", "POKE_ANSWERS": "answer_conversations"}
    defaults = {name: f"http:{own_url}/{function}" for name, function in pokes.items() if not environ.get(name)}
    return config.load({**environ, **defaults})


def create_functions(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, Function]:
    """Each function by its name, with the database login of its own where DATABASE_URL_<function> names one.

    Raises ConfigError.
    """
    functions = {}
    for name in server.names():
        url = environ.get(f"DATABASE_URL_{name}")
        own = {"database_url": config.database_url({**environ, "DATABASE_URL": url})} if url else {}
        functions[name] = import_module(f"functions.{name}.main").create(Settings({**vars(settings), **own}))
    return functions


def create_app(functions: Mapping[str, Function], database: Database, secrets: Sequence[str] | None) -> Starlette:
    """The application. What is not there is answered as functions answer strangers.

    `/metrics` of `database` is for callers who have one of the scheduler's `secrets`, or, where there are none, nobody.
    """
    handlers = {name: function.handler for name, function in functions.items()}

    async def all_health(_: Request) -> Response:
        bodies = dict(zip(handlers, await asyncio.gather(*map(_health_of, handlers.values())), strict=True))
        worst = max((body["status"] for body in bodies.values()), key=GRAVITY.index)
        answer = {"status": worst, "version": VERSION, "schema": SCHEMA, "functions": bodies}
        return JSONResponse(answer, 503 if worst == "failing" else 200)

    async def all_metrics(request: Request) -> Response:
        requests.require_scheduler(request, secrets or ())
        return Response(await metrics.read(database), media_type=metrics.CONTENT_TYPE)

    async def answer_metrics(request: Request) -> Response:
        return await handle("serve", request, all_metrics)

    async def missing(_request: Request, _error: Exception) -> Response:
        return not_found()

    routes = [Route(health.PATH, all_health), Route(METRICS_PATH, answer_metrics), *server.routes_of(handlers)]
    return Starlette(routes=routes, exception_handlers={404: missing, 405: missing})


async def _health_of(handler: Handler) -> dict[str, Any]:
    scope = {"type": "http", "method": "GET", "path": health.PATH, "headers": [], "query_string": b""}
    body: dict[str, Any] = json.loads(bytes((await handler(Request(scope))).body))
    return body
