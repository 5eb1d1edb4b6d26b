"""The stand-ins as one web application."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route

from infra.sandbox.llm.control import routes as model_routes
from infra.sandbox.llm.state import Model
from infra.sandbox.own_page_only import OwnPageOnly
from infra.sandbox.page.learning.page import page as learning_page
from infra.sandbox.page.page import page
from infra.sandbox.telegram.control import Control
from infra.sandbox.telegram.files.received import Downloads
from infra.sandbox.telegram.routes import BotApi
from infra.sandbox.telegram.state import Telegram
from infra.sandbox.whatsapp.control import routes as whatsapp_routes
from infra.sandbox.whatsapp.state import WhatsApp
from infra.sandbox.yclients.control import routes as yclients_routes
from infra.sandbox.yclients.state import YClients

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.requests import Request
    from starlette.responses import Response


def create_app(
    telegram: Telegram | None = None,
    whatsapp: WhatsApp | None = None,
    model: Model | None = None,
    yclients: YClients | None = None,
    lesson: Mapping[str, str] | None = None,
    hosts: Collection[str] = (),
) -> Starlette:
    """The application. Pass a state to look into it; `lesson` has the `functions` and `token` that its page uses.

    `hosts`: names of this machine, beside localhost, under which it is called.
    """
    telegram = telegram or Telegram()
    # Ids of an earlier run must not be used again: callers may have stored them.
    whatsapp = whatsapp or WhatsApp(time.time_ns())
    config = lesson if lesson is not None else {}  # an empty one may be filled later

    async def learning_answer(_request: Request) -> Response:
        return HTMLResponse(learning_page(config), headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", BotApi(telegram)),
            Route("/file/bot{token}/{path:path}", Downloads(telegram).answer),
            Route("/bot{rest:path}", _no_bot, methods=["GET", "POST"]),
            *whatsapp_routes(whatsapp),
            *model_routes(model or Model()),
            *yclients_routes(yclients or YClients()),
            Mount("/_sandbox", routes=Control(telegram).routes()),
            Route("/", _page),
            Route("/lesson", learning_answer),
        ],
        exception_handlers={HTTPException: _problem},
        middleware=[Middleware(OwnPageOnly, hosts=hosts)],
    )


async def _page(_request: Request) -> Response:
    return HTMLResponse(page(), headers={"Cache-Control": "no-store"})


async def _no_bot(_request: Request) -> Response:
    return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


async def _problem(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"error": str(getattr(error, "detail", ""))}, status)
