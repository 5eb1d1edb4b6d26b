"""Killing the dispatcher in the middle of a message, as a machine that goes away does it."""

import asyncio
import time
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from infra.demo.courses import dispatcher
from infra.sandbox.telegram.faults import Fault
from shared.http.responses import Handler

if TYPE_CHECKING:
    from infra.demo.stack import Stack

POLL_SECONDS = 0.02
MAX_WAIT_SECONDS = 60.0


class Gate:
    """In front of the dispatcher: while it is closed nobody reaches it."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._is_closed = False
        self._inside = 0

    async def handler(self, request: Request) -> Response:
        """Pass a call on, or answer 503."""
        if self._is_closed:
            return PlainTextResponse("the gate is closed", 503)
        self._inside += 1
        try:
            return await self._handler(request)
        finally:
            self._inside -= 1

    async def close(self) -> None:
        """Let nobody in, and wait until whoever is inside has left."""
        self._is_closed = True
        while self._inside:  # noqa: ASYNC110 - a demo
            await asyncio.sleep(POLL_SECONDS)

    def open(self) -> None:
        """Let everybody in."""
        self._is_closed = False


async def kill_at_the_next_message(stack: "Stack", gate: Gate) -> bool:
    """Let a process of its own send, kill it (SIGKILL) in its first call of Telegram, and wait for its lease to end.

    Telegram gets the message and never answers. Whether there was a message within MAX_WAIT_SECONDS.
    """
    telegram = stack.sandbox.telegram
    await gate.close()
    hang = Fault.model_validate({"hang": True, "deliver": True})
    telegram.faults.waiting.insert(0, hang)
    stack.sandbox.changes.notify()
    try:
        with await dispatcher.start(dispatcher.settings_of(stack)) as process:
            try:
                killed = await _is_taken(hang, telegram.faults.waiting)
            finally:
                process.kill()
        await asyncio.sleep(dispatcher.LEASE_SECONDS)
    finally:
        if hang in telegram.faults.waiting:
            telegram.faults.waiting.remove(hang)
        gate.open()
    return killed


async def _is_taken(fault: Fault, waiting: list[Fault]) -> bool:
    give_up_at = time.monotonic() + MAX_WAIT_SECONDS
    while any(armed is fault for armed in waiting):
        if time.monotonic() > give_up_at:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
