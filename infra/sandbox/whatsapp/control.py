"""The control surface under `/_sandbox/whatsapp`: the journal, the faults, people who write, what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox import control
from infra.sandbox.whatsapp.chatflow import ChatFlow
from infra.sandbox.whatsapp.cloud.routes import Cloud
from infra.sandbox.whatsapp.evolution import Evolution
from infra.sandbox.whatsapp.models import Call, ChatMessage, Edit, Fault, Presence, Reading, Webhook

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp


def routes(whatsapp: WhatsApp) -> list[BaseRoute]:
    """The three gateways and what steers them."""
    steering = _Control(whatsapp)
    return [
        Mount("/chatflow", routes=ChatFlow(whatsapp).routes()),
        Mount("/evolution", routes=Evolution(whatsapp).routes()),
        Mount("/whatsapp_cloud", routes=Cloud(whatsapp).routes()),
        Route("/_sandbox/whatsapp/journal", steering.journal),
        Route("/_sandbox/whatsapp/faults", steering.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/whatsapp/webhooks", steering.register, methods=["POST"]),
        Route("/_sandbox/whatsapp/say", steering.say, methods=["POST"]),
        Route("/_sandbox/whatsapp/edit", steering.edit, methods=["POST"]),
        Route("/_sandbox/whatsapp/call", steering.call, methods=["POST"]),
        Route("/_sandbox/whatsapp/read", steering.read, methods=["POST"]),
        Route("/_sandbox/whatsapp/people", steering.people, methods=["POST"]),
    ]


class _Control:
    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    async def journal(self, _request: Request) -> Response:
        return JSONResponse(list(self._whatsapp.journal))

    async def faults(self, request: Request) -> Response:
        return await control.faults(request, self._whatsapp.faults, Fault)

    async def register(self, request: Request) -> Response:
        self._whatsapp.register(await control.read(request, Webhook))
        return control.done()

    async def say(self, request: Request) -> Response:
        return JSONResponse(await self._whatsapp.say(await control.read(request, ChatMessage)))

    async def edit(self, request: Request) -> Response:
        return JSONResponse(await self._whatsapp.edit(await control.read(request, Edit)))

    async def read(self, request: Request) -> Response:
        return JSONResponse({"ids": await self._whatsapp.read(await control.read(request, Reading))})

    async def people(self, request: Request) -> Response:
        given = await control.read(request, Presence)
        (self._whatsapp.absent.discard if given.on_whatsapp else self._whatsapp.absent.add)(given.number)
        return control.done()

    async def call(self, request: Request) -> Response:
        return JSONResponse(await self._whatsapp.call(await control.read(request, Call)))
