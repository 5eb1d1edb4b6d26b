"""Receiving a send request, the same for each gateway: token, fault, journal, response."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from infra.sandbox.connections import Dropped
from infra.sandbox.whatsapp.models import Fault, SendRequest

if TYPE_CHECKING:
    from infra.sandbox.whatsapp.state import WhatsApp

Reply = tuple[int, Any]  # status, body
# A gateway's response to "sent" (with the message's id), "refuse", "limit" or "fail" (with a code).
Respond = Callable[[SendRequest, str, "int | str"], Reply]


async def receive(whatsapp: WhatsApp, request: SendRequest, token: str, respond: Respond) -> Response:
    """Accept a message, or apply the oldest fault that is armed for it."""
    is_known = whatsapp.knows(request.gateway, request.account, token)
    fault = whatsapp.fault(request.gateway) if is_known else None
    if fault is None and not whatsapp.is_there(request.to):
        fault = Fault(does="fail_later" if request.gateway == "whatsapp_cloud" else "fail")
    is_lost = fault is not None and fault.deliver and fault.does in ("drop", "break")
    is_taken = is_known and (fault is None or fault.does == "fail_later")
    message_id = whatsapp.new_id(request.gateway) if is_lost or is_taken else ""
    status, response = _response(request, respond, fault, message_id)
    failed = fault.code if fault and fault.does == "fail_later" else None
    whatsapp.record(request, status, delivered=bool(message_id) and failed is None)
    if message_id:
        await whatsapp.add_sent(request, message_id, failed)
    return response


def _response(
    request: SendRequest, respond: Respond, fault: Fault | None, message_id: str
) -> tuple[int | None, Response]:
    if fault and fault.does == "drop":
        return None, Dropped()
    if fault and fault.does == "break":
        return 502, HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
    if fault and fault.does != "fail_later":
        status, body = respond(request, fault.does, fault.code)
    else:
        status, body = respond(request, "sent", message_id) if message_id else respond(request, "refuse", 0)
    return status, JSONResponse(body, status)
