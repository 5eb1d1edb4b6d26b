"""The WhatsApp Cloud API's routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.whatsapp.answering import Said, take
from infra.sandbox.whatsapp.models import Arrived

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp


class Cloud:
    """The gateway."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/v{version}/{phone}/messages", self._send, methods=["POST"]),
            Route("/v{version}/{phone}", self._phone),
        ]

    async def _send(self, request: Request) -> Response:
        given: dict[str, Any] = await request.json()
        kind = given.get("type", "text")
        said = given.get(kind)
        if given.get("messaging_product") != "whatsapp" or not given.get("to") or not isinstance(said, dict):
            return JSONResponse(_error(100, "Invalid parameter"), 400)
        if not said.get("body" if kind == "text" else "link"):
            return JSONResponse(_error(131008, "Required parameter is missing"), 400)
        text = said.get("body") or said.get("caption", "")
        account, url, name = request.path_params["phone"], said.get("link", ""), said.get("filename", "")
        message = Arrived("whatsapp_cloud", account, given["to"], kind, text, url, name)
        return await take(self._whatsapp, message, _token(request), _says)

    async def _phone(self, request: Request) -> Response:
        phone = request.path_params["phone"]
        if not self._whatsapp.knows("whatsapp_cloud", phone, _token(request)):
            return JSONResponse(_error(190, "Invalid OAuth access token"), 401)
        return JSONResponse({"verified_name": "Sandbox", "quality_rating": "GREEN", "id": phone})


def _says(message: Arrived, what: str, detail: int | str) -> Said:
    if what == "refuse":
        return 401, _error(190, "Invalid OAuth access token")
    if what == "limit":
        return 400, _error(130429, "Rate limit hit")
    if what == "fail":
        return 400, _error(int(detail), "Not sent")
    contacts = [{"input": message.to, "wa_id": message.to}]
    return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": detail}]}


def _error(code: int, words: str) -> dict[str, Any]:
    detail = {"messaging_product": "whatsapp", "details": words}
    return {"error": {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code, "error_data": detail}}


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
