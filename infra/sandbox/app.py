"""The stand-ins as one web application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route

from infra.sandbox.inside.control import routes as inside_routes
from infra.sandbox.llm.control import routes as model_routes
from infra.sandbox.own_page_only import OwnPageOnly
from infra.sandbox.page.learning.page import page as learning_page
from infra.sandbox.page.routes import routes as page_routes
from infra.sandbox.state import Sandbox
from infra.sandbox.telegram.control import Control
from infra.sandbox.telegram.files.received import Downloads
from infra.sandbox.telegram.routes import BotApi
from infra.sandbox.testing.routes import routes as testing_routes
from infra.sandbox.whatsapp.control import routes as whatsapp_routes
from infra.sandbox.yclients.control import routes as yclients_routes

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request
    from starlette.responses import Response


def create_app(sandbox: Sandbox | None = None, hosts: Collection[str] = ()) -> Starlette:
    """The application. Pass a state to look into it.

    `hosts`: names of this machine, beside localhost, under which it is called.
    """
    sandbox = sandbox or Sandbox()

    async def lesson(_request: Request) -> Response:
        return HTMLResponse(learning_page(sandbox.lesson), headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", BotApi(sandbox.telegram)),
            Route("/file/bot{token}/{path:path}", Downloads(sandbox.telegram).answer),
            Route("/bot{rest:path}", _no_bot, methods=["GET", "POST"]),
            *whatsapp_routes(sandbox.whatsapp),
            *model_routes(sandbox.model),
            *yclients_routes(sandbox.yclients),
            *page_routes(sandbox),
            *inside_routes(sandbox),
            Mount("/_sandbox/stack", app=sandbox.stack),
            Mount("/_sandbox", routes=[*Control(sandbox.telegram).routes(), *testing_routes(sandbox)]),
            Route("/lesson", lesson),
        ],
        exception_handlers={HTTPException: _problem},
        middleware=[Middleware(OwnPageOnly, hosts=hosts)],
    )


async def _no_bot(_request: Request) -> Response:
    return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return JSONResponse({"error": ""}, 500)
    said = {
        "Not Found": f"the sandbox has nothing at {request.url.path}; docs/sandbox.md lists what it has",
        "Method Not Allowed": f"{request.url.path} takes {(error.headers or {}).get('Allow')}, not {request.method}",
    }
    return JSONResponse({"error": said.get(error.detail, error.detail)}, error.status_code)
