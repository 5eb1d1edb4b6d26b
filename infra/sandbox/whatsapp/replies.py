"""How each gateway takes a message: the token, a fault that waits, the journal, the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from infra.sandbox.connections import Dropped
from infra.sandbox.whatsapp.models import Arrived, Fault

if TYPE_CHECKING:
    from infra.sandbox.whatsapp.state import WhatsApp

Reply = tuple[int, Any]  # status and body
# A gateway's words for "refuse", "limit" and "fail" (with a code), and for a message that has got an id.
Says = Callable[[Arrived, str, "int | str"], Reply]


async def take(whatsapp: WhatsApp, message: Arrived, token: str, says: Says) -> Response:
    """Take a message, or do what a fault says."""
    known = whatsapp.knows(message.gateway, message.account, token)
    fault = whatsapp.fault(message.gateway) if known else None
    hidden = fault is not None and fault.deliver and fault.does in ("drop", "break")
    message_id = whatsapp.new_id(message.gateway) if hidden or (known and fault is None) else ""
    status, response = _answer(message, says, fault, message_id)
    whatsapp.note(message, status, delivered=bool(message_id))
    if message_id:
        await whatsapp.sent(message, message_id)
    return response


def _answer(message: Arrived, says: Says, fault: Fault | None, message_id: str) -> tuple[int | None, Response]:
    if fault and fault.does == "drop":
        return None, Dropped()
    if fault and fault.does == "break":
        return 502, HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
    if fault:
        status, body = says(message, fault.does, fault.code)
    else:
        status, body = says(message, "sent", message_id) if message_id else says(message, "refuse", 0)
    return status, JSONResponse(body, status)
