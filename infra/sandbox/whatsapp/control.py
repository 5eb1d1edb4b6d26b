"""The control surface under `/_sandbox/whatsapp`: the journal, the faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox.whatsapp.chatflow import ChatFlow
from infra.sandbox.whatsapp.cloud import Cloud
from infra.sandbox.whatsapp.evolution import Evolution
from infra.sandbox.whatsapp.state import Fault, WhatsApp

if TYPE_CHECKING:
    from starlette.requests import Request


def routes() -> list[BaseRoute]:
    """The three gateways and what steers them."""
    whatsapp = WhatsApp()
    control = _Control(whatsapp)
    return [
        Mount("/chatflow", routes=ChatFlow(whatsapp).routes()),
        Mount("/evolution", routes=Evolution(whatsapp).routes()),
        Mount("/whatsapp_cloud", routes=Cloud(whatsapp).routes()),
        Route("/_sandbox/whatsapp/journal", control.journal),
        Route("/_sandbox/whatsapp/faults", control.arm, methods=["POST"]),
    ]


class _Control:
    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    async def journal(self, _request: Request) -> Response:
        return JSONResponse(list(self._whatsapp.journal))

    async def arm(self, request: Request) -> Response:
        try:
            self._whatsapp.faults.append(Fault.model_validate_json(await request.body()))
        except ValidationError as error:
            raise HTTPException(422, f"not a fault: {error.error_count()} problems") from None
        return JSONResponse({"ok": True})
