"""What the sandbox page asks the stack: its state, a message's way, another hour, a story's next step."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import psycopg
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from infra.admin.trace.target import Target, parse_target
from infra.demo.banner import pages_link
from infra.demo.inside import clock, state
from infra.demo.inside.killing import kill_at_the_next_message
from infra.demo.inside.telling import Telling
from infra.demo.outside.routes import Outside
from infra.demo.stack import Stack
from infra.demo.stories import CHAPTERS
from infra.local.schedules import read_schedules
from infra.sandbox import control

MAX_MINUTES = 60 * 24 * 31
MAX_FROZEN_SECONDS = 30
THAWED_SECONDS = 0.2  # by then it has thawed
CALL_SECONDS = 120.0


class _Forward(BaseModel):
    model_config = ConfigDict(extra="forbid")

    minutes: int = Field(ge=1, le=MAX_MINUTES)


def add(stack: Stack, *, played: Sequence[str]) -> None:
    """Let the sandbox page see the stack; the chapters `played` have been played on its database already."""
    telling = Telling(stack, CHAPTERS)
    telling.mark_played(played)
    stack.sandbox.stack.routes.extend([*Inside(stack, telling).routes(), *Outside(stack).routes()])


class _Freeze(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: int = Field(10, ge=1, le=MAX_FROZEN_SECONDS)


class Inside:
    """The routes under `/_sandbox/stack`."""

    def __init__(self, stack: Stack, telling: Telling) -> None:
        self._stack = stack
        self._telling = telling

    def routes(self) -> list[Route]:
        """The routes themselves."""
        return [
            Route("/state", self._state),
            Route("/way", self._way),
            Route("/pages", self._pages),
            Route("/clock", self._clock, methods=["POST"]),
            Route("/tick/{function}", self._tick, methods=["POST"]),
            Route("/kill", self._kill, methods=["POST"]),
            Route("/freeze", self._freeze, methods=["GET", "POST"]),
            Route("/stories", self._stories),
            Route("/stories/{chapter}", self._step, methods=["POST"]),
        ]

    async def _state(self, _request: Request) -> Response:
        found = await asyncio.to_thread(state.state, self._stack.database_url)
        return _json(found | {"frozen": self._stack.database_proxy.frozen_seconds})

    async def _way(self, request: Request) -> Response:
        """The way of `of` (as for `carillon trace`), or of the message `message` in `chat` of `bot`."""
        target = await asyncio.to_thread(self._target, request.query_params)
        steps = await asyncio.to_thread(state.way, self._stack.database_url, target) if target else []
        return _json(steps)

    def _target(self, query: Mapping[str, str]) -> Target | None:
        try:
            if "of" in query:
                return parse_target(query["of"])
            bot, chat = (int(query[name]) if query.get(name) else None for name in ("bot", "chat"))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        return state.target_of(self._stack.database_url, bot, chat, query.get("message", ""))

    async def _pages(self, _request: Request) -> Response:
        """The salon's pages, signed in as the example owner."""
        return RedirectResponse(await asyncio.to_thread(pages_link, self._stack), 303)

    async def _clock(self, request: Request) -> Response:
        """Time moves forward, and then every scheduled function has its turn."""
        given = await control.read(request, _Forward)
        by = timedelta(minutes=given.minutes)
        try:
            moved = await asyncio.to_thread(clock.forward, self._stack.database_url, by)
        except psycopg.errors.InsufficientPrivilege:
            raise HTTPException(409, "only a superuser of the database can move its clock") from None
        runs = {schedule.function: await self._call(schedule.function) for schedule in read_schedules()}
        self._stack.sandbox.changes.notify()
        return _json({"rows": moved, "runs": runs})

    async def _tick(self, request: Request) -> Response:
        function = request.path_params["function"]
        if function not in {schedule.function for schedule in read_schedules()}:
            raise HTTPException(404, "no schedule calls this function")
        return _json({"status": await self._call(function)})

    async def _call(self, function: str) -> int:
        headers = {"x-cron-secret": self._stack.keys.cron_secret}
        async with httpx.AsyncClient(timeout=CALL_SECONDS, trust_env=False) as http:
            return (await http.post(f"{self._stack.functions_url}/{function}", headers=headers)).status_code

    async def _kill(self, _request: Request) -> Response:
        killed = await kill_at_the_next_message(self._stack, self._stack.gate)
        await self._call("dispatch_notifications")
        return _json({"killed": killed})

    async def _freeze(self, request: Request) -> Response:
        """For how many more seconds Postgres answers no function; POST freezes it."""
        if request.method == "POST":
            seconds = (await control.read(request, _Freeze)).seconds
            self._stack.database_proxy.freeze(seconds)
            self._stack.sandbox.changes.notify()
            asyncio.get_running_loop().call_later(seconds + THAWED_SECONDS, self._stack.sandbox.changes.notify)
        return _json({"seconds": self._stack.database_proxy.frozen_seconds})

    async def _stories(self, _request: Request) -> Response:
        return _json(self._telling.chapters())

    async def _step(self, request: Request) -> Response:
        chapter = request.path_params["chapter"]
        if chapter not in self._telling.stories:
            raise HTTPException(404, "there is no such chapter")
        return _json(await self._telling.step(chapter))


def _json(content: Any) -> Response:
    return Response(json.dumps(content, default=str, ensure_ascii=False), media_type="application/json")
