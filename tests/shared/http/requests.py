"""Requests as a door gets them."""

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
