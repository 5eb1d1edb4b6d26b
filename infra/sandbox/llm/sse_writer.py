"""A streamed answer: word by word, with pauses, and perhaps not to its end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from infra.sandbox.connections import Dropped, has_left

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from infra.sandbox.llm.completion import Reply
    from infra.sandbox.llm.state import Fault

BYTES_AT_ONCE = 7  # of a split stream: less than an event, and no multiple of a character's


class SseWriter(Response):
    """The events of an answer; its row in the journal says when the caller left before their end."""

    def __init__(self, reply: Reply, row: dict[str, Any], between: float, fault: Fault | None) -> None:
        super().__init__(media_type="text/event-stream")
        self._reply = reply
        self._row = row
        self._between = between
        self._does = fault.does if fault else None
        self._silence = fault.seconds if fault else 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        request = Request(scope, receive)
        words = 0 if self._does == "split" else len(list(self._reply.spoken()))
        for number, part in enumerate(self._parts()):
            if number == 1:  # the first part has no word yet
                self._row["spoke_unix"] = time.time()
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)  # or the parts of a split stream would leave together
            if 0 < number < words and await has_left(request, self._between):
                self._row["left"] = True
                return
        if self._does == "stall" and await has_left(request, self._silence):
            self._row["left"] = True
        elif self._does in ("stall", "break"):
            await Dropped()(scope, receive, send)
        else:
            await send({"type": "http.response.body", "body": b""})

    def _parts(self) -> list[bytes]:
        parts = list(self._reply.pieces())
        if self._does in ("stall", "break"):
            words = len(list(self._reply.spoken()))
            return parts[: 1 + words // 2]
        if self._does == "no_done":
            return parts[:-1]
        if self._does == "split":
            body = b"".join(parts)
            return [body[at : at + BYTES_AT_ONCE] for at in range(0, len(body), BYTES_AT_ONCE)]
        return parts
