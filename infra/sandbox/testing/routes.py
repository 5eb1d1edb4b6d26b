"""The routes for tests: `/_sandbox/wait`, `latest`, `messages`, `reset` and `seed`."""

from __future__ import annotations

import asyncio
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from infra.sandbox import control
from infra.sandbox.connections import has_left
from infra.sandbox.telegram.state import mask_tokens
from infra.sandbox.testing.events import MAX_WAITING, TooManyWait
from infra.sandbox.testing.seed import Seed, plant
from infra.sandbox.testing.wanted import Wanted, WantedAll, WantedSoon, read

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.state import Sandbox
    from infra.sandbox.testing.events import Event, Events

_SHOWN_INSTEAD = 5


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The endpoints, relative to `/_sandbox`."""
    events = sandbox.events

    async def wait(request: Request) -> Response:
        wanted = read(request, WantedSoon)
        event = next(filter(wanted.matches, events.after(wanted.after)), None)
        try:
            return _answer(event.public()) if event else await _later(events, wanted, request)
        except TooManyWait:
            raise HTTPException(503, f"{MAX_WAITING} wait already: the sandbox lets no more wait at once") from None

    async def latest(request: Request) -> Response:
        wanted = read(request, Wanted)
        event = next(filter(wanted.matches, events.latest()), None)
        if event is None:
            return _none_such(events, wanted, 404, "there is no such message")
        return _answer(event.public())

    async def messages(request: Request) -> Response:
        wanted = read(request, WantedAll)
        found = list(islice(filter(wanted.matches, events.latest()), wanted.count))
        return _answer([event.public() for event in reversed(found)])

    async def reset(_request: Request) -> Response:
        sandbox.reset()
        return control.done()

    async def seed(request: Request) -> Response:
        return _answer(plant(sandbox, await control.read(request, Seed)))

    return [
        Route("/wait", wait),
        Route("/latest", latest),
        Route("/messages", messages),
        Route("/reset", reset, methods=["POST"]),
        Route("/seed", seed, methods=["POST"]),
    ]


async def _later(events: Events, wanted: WantedSoon, request: Request) -> Response:
    """The first matching event from now on; 408 when there was none in time."""
    with events.waiting(wanted.matches) as waiting:
        leaving = asyncio.create_task(has_left(request, wanted.timeout))
        try:
            either: set[asyncio.Future[Any]] = {waiting, leaving}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
        if not waiting.done():
            return _none_such(events, wanted, 408, f"no such message came within {wanted.timeout:g} s")
        if (event := waiting.result()) is None:
            raise HTTPException(503, "the sandbox ends")
        return _answer(event.public())


def _none_such(events: Events, wanted: Wanted, status: int, problem: str) -> Response:
    """A refusal that says what there is instead."""
    others: list[Event] = [event for event in islice(events.latest(), _SHOWN_INSTEAD) if event.n > wanted.after]
    shown = [event.public() for event in reversed(others)]
    for row in shown:
        del row["message"]
    asked = wanted.model_dump(exclude_defaults=True, by_alias=True)
    return _answer({"error": problem, "asked": asked, "latest_events": shown}, status)


def _answer(content: Any, status: int = 200) -> Response:
    # Half characters are escaped, as they were sent.
    return Response(mask_tokens(json.dumps(content)), status, media_type="application/json")
