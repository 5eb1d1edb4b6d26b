"""The Evolution API's routes (v2.3)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.params import Upload, parse_body
from infra.sandbox.whatsapp.bodies import evolution_data, plain_kind
from infra.sandbox.whatsapp.models import PEOPLE, ChatMessage, Json, SendRequest, Webhook, sent_message
from infra.sandbox.whatsapp.replies import Reply, receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

_NEEDS = {
    "sendText": ("number", "text"),
    "sendMedia": ("number", "mediatype"),
    "sendWhatsAppAudio": ("number", "audio"),
}
_LACKING = ("sendLocation", "sendContact", "sendReaction", "sendButtons", "sendList", "sendPoll", "sendSticker",
            "sendPtv", "sendStatus", "sendTemplate")  # fmt: skip
_KINDS = ("image", "document", "video", "audio")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?|https?://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?")
_GROUP_DIGITS = 18
Endpoint = Callable[["Request"], Awaitable[Response]]


class _Refusal(Exception):
    def __init__(self, status: int, error: str, message: Any) -> None:
        super().__init__(error)
        self.reply = _problem(status, error, message)


class Evolution:
    """The endpoints of Evolution."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        post = {
            "/message/{method}/{instance}": self._send,
            "/chat/getBase64FromMediaMessage/{instance}": self._file,
            "/chat/whatsappNumbers/{instance}": self._numbers,
            "/chat/markMessageAsRead/{instance}": self._read,
            "/webhook/set/{instance}": self._set_webhook,
        }
        return [
            *(Route(path, _answering(endpoint), methods=["POST"]) for path, endpoint in post.items()),
            Route("/instance/connectionState/{instance}", _answering(self._state)),
            Route("/instance/fetchInstances", _answering(self._instances)),
            Route("/webhook/find/{instance}", _answering(self._webhook)),
            Route("/{path:path}", _answering(_no_such_path), methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    async def _send(self, request: Request) -> Response:
        method, given = request.path_params["method"], await _body(request)
        if method in _LACKING:
            raise _Refusal(404, "Not Found", [f"This sandbox lacks {method}, which Evolution has"])
        if method not in _NEEDS:
            await _no_such_path(request)
        _check(method, given)
        kind = {"sendText": "text", "sendWhatsAppAudio": "voice"}.get(method) or given["mediatype"]
        text = given["text"] if kind == "text" else str(given.get("caption") or "")
        url = str(given.get("media") or given.get("audio") or "") if kind != "text" else ""
        account, name = request.path_params["instance"], str(given.get("fileName") or "")
        shown = url if _ADDRESS.fullmatch(url) else ""
        send_request = SendRequest("evolution", account, _address(given["number"]), kind, text, shown, name)
        return await receive(self._whatsapp, send_request, request.headers.get("apikey", ""), _respond)

    async def _file(self, request: Request) -> Response:
        """The decrypted file of a message that this instance has received."""
        instance, given = self._known(request), await _body(request)
        key = (given.get("message") or {}).get("key") if isinstance(given.get("message"), dict) else None
        message_id = key.get("id") if isinstance(key, dict) else None
        written = self._whatsapp.media.get(("evolution", instance, str(message_id)))
        if written is None:
            raise _Refusal(400, "Bad Request", ["Message not found"])
        return JSONResponse(_file(written), 201)

    async def _numbers(self, request: Request) -> Response:
        """Everybody is on WhatsApp here, unless it was said that they are not."""
        self._known(request)
        numbers = (await _body(request)).get("numbers")
        if not isinstance(numbers, list) or not numbers:
            raise _Refusal(400, "Bad Request", [['instance requires property "numbers"']])
        found = [(str(number), _jid(str(number))) for number in numbers]
        is_there = self._whatsapp.is_there
        return JSONResponse([{"jid": jid, "exists": is_there(jid), "number": number} for number, jid in found])

    async def _read(self, request: Request) -> Response:
        self._known(request)
        if not isinstance((await _body(request)).get("readMessages"), list):
            raise _Refusal(400, "Bad Request", [['instance requires property "readMessages"']])
        return JSONResponse({"message": "Read messages", "read": "success"}, 201)

    async def _state(self, request: Request) -> Response:
        return JSONResponse({"instance": {"instanceName": self._known(request), "state": "open"}})

    async def _instances(self, request: Request) -> Response:
        """The instances that the key opens; in a real one each has its own."""
        key = request.headers.get("apikey", "")
        names = [name for name in self._whatsapp.accounts("evolution") if self._whatsapp.knows("evolution", name, key)]
        return JSONResponse([{"name": name, "connectionStatus": "open"} for name in sorted(names)])

    async def _webhook(self, request: Request) -> Response:
        webhook = self._whatsapp.webhooks.get(("evolution", self._known(request)))
        return JSONResponse(webhook and _described(webhook))

    async def _set_webhook(self, request: Request) -> Response:
        name, given = self._known(request), (await _body(request)).get("webhook")
        if not isinstance(given, dict):
            raise _Refusal(400, "Bad Request", [['instance requires property "webhook"']])
        fields: Json = {"url": given.get("url"), "by_events": bool(given.get("byEvents"))}
        fields |= {"headers": given.get("headers") or {}, "events": given.get("events") or []}
        try:
            webhook = Webhook.model_validate({"gateway": "evolution", "account": name} | fields)
        except ValidationError as error:
            raise _Refusal(400, "Bad Request", [[f"instance.webhook.{error.errors()[0]['loc'][0]}"]]) from None
        self._whatsapp.register(webhook)
        return JSONResponse(_described(webhook), 201)

    def _known(self, request: Request) -> str:
        name: str = request.path_params["instance"]
        if not self._whatsapp.knows("evolution", name, request.headers.get("apikey", "")):
            raise _Refusal(401, "Unauthorized", "Unauthorized")
        return name


def _answering(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _Refusal as refusal:
            status, body = refusal.reply
            return JSONResponse(body, status)

    return answer


async def _no_such_path(request: Request) -> Response:
    raise _Refusal(404, "Not Found", [f"Cannot {request.method} {request.url.path}"])


async def _body(request: Request) -> Json:
    """The fields; an uploaded file is its base64."""
    content, kind = await request.body(), request.headers.get("content-type", "")
    try:
        given = parse_body(content, kind) if kind.startswith("multipart/") else json.loads(content)
    except (ApiError, ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise _Refusal(400, "Bad Request", ["the body is no JSON object"])
    if isinstance(upload := given.pop("file", None), Upload):
        given["media"] = given["audio"] = base64.b64encode(upload.content).decode()
        given.setdefault("fileName", upload.name)
    return given


def _check(method: str, given: Json) -> None:
    """Raises _Refusal for what Evolution's schemas and controllers refuse."""
    problems = [f'instance requires property "{name}"' for name in _NEEDS[method] if given.get(name) is None]
    problems += ["Invalid format"] if given.get("number") is not None and not isinstance(given["number"], str) else []
    kind = given.get("mediatype")
    if method == "sendMedia" and kind is not None and kind not in _KINDS:
        problems.append(f"instance.mediatype is not one of enum values: {','.join(_KINDS)}".removeprefix("instance."))
    if problems:
        raise _Refusal(400, "Bad Request", [problems])
    if method == "sendText":
        if not isinstance(given["text"], str) or not given["text"].strip():
            raise _Refusal(400, "Bad Request", ["Text is required"])
        return
    source = given.get("media" if method == "sendMedia" else "audio")
    if _is_base64(source) and kind == "document" and not given.get("fileName"):
        raise _Refusal(400, "Bad Request", ["For base64 the file name must be informed."])
    if not _is_base64(source) and not (isinstance(source, str) and _ADDRESS.fullmatch(source)):
        words = "Owned media must be a url or base64"
        audio = "Owned media must be a url, base64, or valid file with buffer"
        raise _Refusal(400, "Bad Request", [words if method == "sendMedia" else audio])


def _is_base64(source: object) -> bool:
    try:
        return isinstance(source, str) and bool(base64.b64decode(source, validate=True))
    except (binascii.Error, ValueError):
        return False


def _address(number: str) -> str:
    """Whom a number, as people write it, or a jid means."""
    return number if "@" in number else re.sub(r"\D", "", number.partition(":")[0])


def _jid(number: str) -> str:
    digits = _address(number)
    if "@" in digits:
        return digits
    return f"{digits}@{'g.us' if len(digits) >= _GROUP_DIGITS else PEOPLE}"


def _respond(request: SendRequest, what: str, detail: int | str) -> Reply:
    if what == "refuse":
        return _problem(401, "Unauthorized", "Unauthorized")
    if what == "limit":  # only a proxy in front of it limits
        return 429, "Too Many Requests"
    if what == "fail":
        return _problem(400, "Bad Request", [{"jid": _jid(request.to), "exists": False, "number": request.to}])
    data = evolution_data(sent_message(request, str(detail)))
    return 201, data | {"key": {"remoteJid": _jid(request.to), "fromMe": True, "id": detail}}


def _described(webhook: Webhook) -> Json:
    about = {"enabled": True, "url": webhook.url, "events": webhook.events}
    return about | {"webhookByEvents": webhook.by_events, "webhookBase64": False}


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
