"""The page of the sandbox: its files, what they show, and the stream that says when to look again."""

from __future__ import annotations

import asyncio
import mimetypes
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from infra.sandbox.page.view import MAX_MESSAGES, MIN_MESSAGES, Window, view

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from infra.sandbox.changes import Changes
    from infra.sandbox.state import Sandbox

_FOLDER = files(__package__)
_FILES = {entry.name for entry in _FOLDER.iterdir() if entry.name.endswith((".css", ".js"))}
# Nothing from elsewhere, and nobody else's page around this one.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}
_KEEP_ALIVE_SECONDS = 15.0
_PAUSE_SECONDS = 0.1  # between two calls to look again: a burst of messages is drawn at once


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """`/`, the page's files, and what they ask for."""

    async def viewed(request: Request) -> Response:
        query = request.query_params
        count, thread = query.get("count", str(MIN_MESSAGES)), query.get("thread", "0")
        if not count.isdecimal() or not thread.isdecimal():
            raise HTTPException(422, "count and thread are whole numbers")
        window = Window(min(int(count), MAX_MESSAGES), query.get("until", ""), int(thread))
        return JSONResponse(view(sandbox.telegram, sandbox.whatsapp, query.get("chat", ""), window))

    async def live(_request: Request) -> Response:
        return StreamingResponse(_numbers(sandbox.changes), media_type="text/event-stream", headers=_HEADERS)

    return [
        Route("/", _file),
        Route("/page/{name}", _file),
        Route("/_sandbox/view", viewed),
        Route("/_sandbox/live", live),
    ]


async def _file(request: Request) -> Response:
    name = request.path_params.get("name", "page.html")
    if name != "page.html" and name not in _FILES:
        raise HTTPException(404, "the page has no such file")
    content = (_FOLDER / name).read_bytes()
    return Response(content, media_type=mimetypes.guess_type(name)[0], headers=_HEADERS)


async def _numbers(changes: Changes) -> AsyncIterator[str]:
    """Server-sent events: the count of changes, now and whenever it has grown."""
    known = -1
    while not changes.is_over:
        number = await changes.after(known, _KEEP_ALIVE_SECONDS)
        yield f"data: {number}\n\n" if number > known else ": still here\n\n"
        known = number
        await asyncio.sleep(_PAUSE_SECONDS)
