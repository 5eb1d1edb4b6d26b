"""What is answered where a fault leaves no words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from infra.sandbox.connections import Dropped, has_left
from infra.sandbox.llm.answers import Row, in_json, left, noted
from infra.sandbox.llm.errors import error

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.llm.state import Fault


async def without_words(fault: Fault, does: str, request: Request, row: Row) -> Response | None:
    """What a fault answers instead of words; None: it changes them only."""
    row["fault"] = fault.does
    if does == "hang" and await has_left(request, fault.seconds):
        return left(row)
    if does in ("hang", "drop"):
        return Dropped()
    refusal = _refusal(fault)
    return noted(row, refusal) if refusal else None


def _refusal(fault: Fault) -> Response | None:
    if fault.does == "status":
        return in_json(error("The server had an error while processing your request.", "server_error"), fault.status)
    if fault.does == "garbage":
        return HTMLResponse("<html><h1>It works!</h1></html>")
    if fault.does == "quota":
        return in_json(error("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"), 429)
    if fault.does == "limit":
        resets = {"x-ratelimit-reset-requests": _duration(fault.seconds), "x-ratelimit-reset-tokens": "8ms"}
        pause = {"Retry-After": str(math.ceil(fault.seconds))} if fault.seconds >= 1 else {}
        return in_json(error("Rate limit reached.", "requests", "rate_limit_exceeded"), 429, resets | pause)
    return None


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    if not minutes:
        return f"{rest}ms" if rest < 1000 else f"{rest / 1000:g}s"
    return f"{minutes}m{rest / 1000:g}s"
