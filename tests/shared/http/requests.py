"""Requests as a door gets them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request


def request(method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
    """One whose body comes in two pieces."""
    pieces = [body[:7], body[7:]]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    return Request({"type": "http", "method": method, "path": "/", "query_string": b"", "headers": sent}, receive)


def dripping(*pieces: bytes) -> Request:
    """One of whose body no more than `pieces` arrive, and no end."""
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    return Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}, receive)
