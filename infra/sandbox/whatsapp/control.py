"""The control surface under `/_sandbox/whatsapp`: the journal, the faults, people who write, what the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox.whatsapp.chatflow import ChatFlow
from infra.sandbox.whatsapp.cloud import Cloud
from infra.sandbox.whatsapp.evolution import Evolution
from infra.sandbox.whatsapp.models import Fault, Webhook, Written
from infra.sandbox.whatsapp.view import view

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

_Model = TypeVar("_Model", bound=BaseModel)


def routes(whatsapp: WhatsApp) -> list[BaseRoute]:
    """The three gateways and what steers them."""
    control = _Control(whatsapp)
    return [
        Mount("/chatflow", routes=ChatFlow(whatsapp).routes()),
        Mount("/evolution", routes=Evolution(whatsapp).routes()),
        Mount("/whatsapp_cloud", routes=Cloud(whatsapp).routes()),
        Route("/_sandbox/whatsapp/journal", control.journal),
        Route("/_sandbox/whatsapp/view", control.view),
        Route("/_sandbox/whatsapp/faults", control.arm, methods=["POST"]),
        Route("/_sandbox/whatsapp/webhooks", control.register, methods=["POST"]),
        Route("/_sandbox/whatsapp/say", control.say, methods=["POST"]),
    ]


class _Control:
    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    async def journal(self, _request: Request) -> Response:
        return JSONResponse(list(self._whatsapp.journal))

    async def view(self, request: Request) -> Response:
        return JSONResponse(view(self._whatsapp, request.query_params.get("chat", "")))

    async def arm(self, request: Request) -> Response:
        self._whatsapp.faults.append(await _read(request, Fault))
        return JSONResponse({"ok": True})

    async def register(self, request: Request) -> Response:
        self._whatsapp.register(await _read(request, Webhook))
        return JSONResponse({"ok": True})

    async def say(self, request: Request) -> Response:
        return JSONResponse(await self._whatsapp.say(await _read(request, Written)))


async def _read(request: Request, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        said = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
        raise HTTPException(422, said) from None
