"""How each gateway takes a message: the token, a fault that waits, the journal, the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from infra.sandbox.telegram.routes import TRANSPORT

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from infra.sandbox.whatsapp.state import Arrived, WhatsApp

Said = tuple[int, Any]  # status and body
# A gateway's words for "refuse", "limit" and "fail" (with a code), and for a message that has got an id.
Says = Callable[["Arrived", str, "int | str"], Said]


class Dropped(Response):
    """The connection breaks without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Break it."""
        scope["extensions"][TRANSPORT].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def take(whatsapp: WhatsApp, message: Arrived, token: str, says: Says) -> Response:
    """Take a message, or do what a fault says."""
    fault = whatsapp.fault(message.gateway) if whatsapp.knows(message.gateway, message.account, token) else None
    if fault and fault.does == "drop":
        whatsapp.note(message, None, delivered=fault.deliver)
        return Dropped()
    if fault and fault.does == "break":
        whatsapp.note(message, 502, delivered=fault.deliver)
        return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
    if fault:
        status, body = says(message, fault.does, fault.code)
    elif whatsapp.knows(message.gateway, message.account, token):
        status, body = says(message, "sent", whatsapp.new_id())
    else:
        status, body = says(message, "refuse", 0)
    whatsapp.note(message, status, delivered=status < 300 and fault is None)
    return JSONResponse(body, status)
