"""ChatFlow's routes. How it refuses is made up, but for a flow that is not there: it is documented nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.whatsapp.models import SendRequest
from infra.sandbox.whatsapp.replies import Reply, receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

_JID = re.compile(r"[0-9A-Za-z.:-]+@(s\.whatsapp\.net|c\.us|g\.us|lid)")
_SENDS = {
    "send-text": ("text", "msg", ""),
    "send-image": ("image", "caption", "imageurl"),
    "send-doc": ("document", "caption", "docurl"),
    "send-audio": ("audio", "", "audiourl"),
    "send-video": ("video", "caption", "videourl"),
}


class ChatFlow:
    """The endpoints of ChatFlow."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [Route("/api/v1/n8n/action/text", self._flow), Route("/api/v1/{method}", self._send)]

    async def _send(self, request: Request) -> Response:
        query, method = request.query_params, request.path_params["method"]
        if method not in _SENDS:
            return JSONResponse({"success": False, "message": "Not found"}, 404)
        kind, text_field, url_field = _SENDS[method]
        if missing := [name for name in ("instance_id", "jid", text_field, url_field) if name and not query.get(name)]:
            return _invalid(f"{missing[0]} is required")
        if not _JID.fullmatch(query["jid"]):
            return _invalid("jid is no address of WhatsApp, such as 77010000001@s.whatsapp.net")
        text, address = query.get(text_field, ""), query.get(url_field, "")
        send_request = SendRequest("chatflow", query["instance_id"], query["jid"], kind, text, address)
        return await receive(self._whatsapp, send_request, query.get("token", ""), _respond)

    async def _flow(self, request: Request) -> Response:
        query = request.query_params
        if not query.get("flow_id"):
            return JSONResponse({"success": False, "message": "Flow ID not found"}, 404)
        if missing := [name for name in ("recipient", "msg") if not query.get(name)]:
            return _invalid(f"{missing[0]} is required")
        account = f"flow:{query['flow_id']}"
        send_request = SendRequest("chatflow", account, query["recipient"], "text", query["msg"])
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return await receive(self._whatsapp, send_request, token, _respond)


def _invalid(message: str) -> Response:
    return JSONResponse({"success": False, "message": message}, 400)


def _respond(_request: SendRequest, what: str, _detail: int | str) -> Reply:
    return {
        "sent": (200, {"success": True}),
        "refuse": (401, {"success": False, "message": "Unauthorized"}),
        "limit": (429, {"success": False, "message": "Too many requests"}),
        "fail": (200, {"success": False, "message": "Instance is not connected"}),
    }[what]
