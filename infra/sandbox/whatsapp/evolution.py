"""The Evolution API's routes (v2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.whatsapp.bodies import plain_kind
from infra.sandbox.whatsapp.models import ChatMessage, SendRequest
from infra.sandbox.whatsapp.replies import Reply, receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

_NEEDS = {"sendText": "text", "sendMedia": "media", "sendWhatsAppAudio": "audio"}
_KINDS = {"sendText": "text", "sendWhatsAppAudio": "voice"}


class Evolution:
    """The endpoints of Evolution."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/message/{method}/{instance}", self._send, methods=["POST"]),
            Route("/chat/getBase64FromMediaMessage/{instance}", self._file, methods=["POST"]),
            Route("/instance/connectionState/{instance}", self._state),
            Route("/webhook/find/{instance}", self._webhook),
        ]

    async def _send(self, request: Request) -> Response:
        method, given = request.path_params["method"], await request.json()
        if method not in _NEEDS:
            return _response(_problem(404, "Not Found", [f"Cannot POST {request.url.path}"]))
        if missing := [name for name in ("number", _NEEDS[method]) if not given.get(name)]:
            return _response(_problem(400, "Bad Request", [[f'requires property "{missing[0]}"']]))
        kind = _KINDS.get(method) or given.get("mediatype", "")
        text, url = (given["text"], "") if kind == "text" else (given.get("caption", ""), given[_NEEDS[method]])
        account, name = request.path_params["instance"], given.get("fileName", "")
        send_request = SendRequest("evolution", account, given["number"], kind, text, url, name)
        return await receive(self._whatsapp, send_request, request.headers.get("apikey", ""), _respond)

    async def _file(self, request: Request) -> Response:
        """The decrypted file of a message that this instance has received."""
        instance = request.path_params["instance"]
        if not self._whatsapp.knows("evolution", instance, request.headers.get("apikey", "")):
            return _response(_problem(401, "Unauthorized", "Unauthorized"))
        message_id = (await request.json())["message"]["key"]["id"]
        written = self._whatsapp.media.get(("evolution", instance, message_id))
        if written is None:
            return _response(_problem(400, "Bad Request", ["Message not found"]))
        return JSONResponse(_file(written), 201)

    async def _state(self, request: Request) -> Response:
        name = request.path_params["instance"]
        if not self._whatsapp.knows("evolution", name, request.headers.get("apikey", "")):
            return _response(_problem(401, "Unauthorized", "Unauthorized"))
        return JSONResponse({"instance": {"instanceName": name, "state": "open"}})

    async def _webhook(self, request: Request) -> Response:
        name = request.path_params["instance"]
        if not self._whatsapp.knows("evolution", name, request.headers.get("apikey", "")):
            return _response(_problem(401, "Unauthorized", "Unauthorized"))
        webhook = self._whatsapp.webhooks.get(("evolution", name))
        return JSONResponse(webhook and {"enabled": True, "url": webhook.url, "events": webhook.events})


def _respond(request: SendRequest, what: str, detail: int | str) -> Reply:
    if what == "refuse":
        return _problem(401, "Unauthorized", "Unauthorized")
    if what == "limit":  # only a proxy in front of it limits
        return 429, "Too Many Requests"
    jid = request.to if "@" in request.to else f"{request.to}@s.whatsapp.net"
    if what == "fail":
        return _problem(400, "Bad Request", [{"jid": jid, "exists": False, "number": request.to}])
    content: Any = {"conversation": request.text} if request.kind == "text" else {f"{request.kind}Message": {}}
    key = {"remoteJid": jid, "fromMe": True, "id": detail}
    return 201, {"key": key, "message": content, "messageTimestamp": str(int(time.time())), "status": "PENDING"}


def _file(written: ChatMessage) -> dict[str, Any]:
    media = written.media
    if media is None:
        return {}
    return {
        "mediaType": f"{plain_kind(media)}Message",
        "fileName": media.file_name or f"{written.id}.{media.mime.partition(';')[0].rpartition('/')[2]}",
        "caption": written.text_or_caption,
        "size": {"fileLength": str(len(media.base64) * 3 // 4), "height": 600, "width": 800},
        "mimetype": media.mime,
        "base64": media.base64,
        "buffer": None,
    }


def _problem(status: int, error: str, message: Any) -> Reply:
    return status, {"status": status, "error": error, "response": {"message": message}}


def _response(reply: Reply) -> Response:
    return JSONResponse(reply[1], reply[0])
