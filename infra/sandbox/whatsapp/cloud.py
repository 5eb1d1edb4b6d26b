"""The WhatsApp Cloud API's routes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.whatsapp.models import SendRequest
from infra.sandbox.whatsapp.replies import Reply, receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp


class Cloud:
    """The endpoints of the Cloud API."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/v{version}/{phone}/messages", self._send, methods=["POST"]),
            Route("/v{version}/{node}", self._node),
            Route("/attachments/{phone}/{media}", self._download),
        ]

    async def _send(self, request: Request) -> Response:
        given: dict[str, Any] = await request.json()
        kind = given.get("type", "text")
        content = given.get(kind)
        to = given.get("to") or given.get("recipient")  # a phone, or an id of somebody who hides theirs
        if given.get("messaging_product") != "whatsapp" or not to or not isinstance(content, dict):
            return JSONResponse(_error(100, "Invalid parameter"), 400)
        if not content.get("body" if kind == "text" else "link"):
            return JSONResponse(_error(131008, "Required parameter is missing"), 400)
        text = content.get("body") or content.get("caption", "")
        account, url, name = request.path_params["phone"], content.get("link", ""), content.get("filename", "")
        send_request = SendRequest("whatsapp_cloud", account, to, kind, text, url, name)
        return await receive(self._whatsapp, send_request, _token(request), _respond)

    async def _node(self, request: Request) -> Response:
        """A phone number or a file: the API has the same address for both."""
        node = request.path_params["node"]
        phones = [account for gateway, account, media in self._whatsapp.media if media == node]
        if phones:
            return self._media(request, phones[0], node)
        if "phone_number_id" in request.query_params:  # a parameter of files only
            return JSONResponse(_error(100, "Unsupported get request"), 400)
        return self._phone(request, node)

    def _media(self, request: Request, phone: str, media_id: str) -> Response:
        if not self._whatsapp.knows("whatsapp_cloud", phone, _token(request)):
            return JSONResponse(_error(190, "Invalid OAuth access token"), 401)
        if request.query_params.get("phone_number_id", phone) != phone:
            return JSONResponse(_error(100, "Unsupported get request"), 400)
        media = self._whatsapp.media["whatsapp_cloud", phone, media_id].media
        path = f"{request.scope['root_path']}/attachments/{phone}/{media_id}"
        url = str(request.url.replace(path=path, query=""))
        answer = {"messaging_product": "whatsapp", "url": url, "mime_type": media.mime if media else "", "id": media_id}
        return JSONResponse(answer)

    async def _download(self, request: Request) -> Response:
        """The file. Meta has it on another host, which wants the token and a user agent, too."""
        phone, media_id = request.path_params["phone"], request.path_params["media"]
        written = self._whatsapp.media.get(("whatsapp_cloud", phone, media_id))
        known = self._whatsapp.knows("whatsapp_cloud", phone, _token(request))
        if not known or not request.headers.get("user-agent"):
            return Response(status_code=401)
        if written is None or written.media is None:
            return Response(status_code=404)
        return Response(base64.b64decode(written.media.base64), headers={"content-type": written.media.mime})

    def _phone(self, request: Request, phone: str) -> Response:
        if not self._whatsapp.knows("whatsapp_cloud", phone, _token(request)):
            return JSONResponse(_error(190, "Invalid OAuth access token"), 401)
        return JSONResponse({"verified_name": "Sandbox", "display_phone_number": "+7 701 000-00-09", "id": phone})


def _respond(request: SendRequest, what: str, detail: int | str) -> Reply:
    if what == "refuse":
        return 401, _error(190, "Invalid OAuth access token")
    if what == "limit":
        return 400, _error(130429, "Rate limit hit")
    if what == "fail":
        return 400, _error(int(detail), "Not sent")
    contacts = [{"input": request.to, "wa_id": request.to}]
    return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": detail}]}


def _error(code: int, details: str) -> dict[str, Any]:
    detail = {"messaging_product": "whatsapp", "details": details}
    return {"error": {"message": f"(#{code}) {details}", "type": "OAuthException", "code": code, "error_data": detail}}


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
