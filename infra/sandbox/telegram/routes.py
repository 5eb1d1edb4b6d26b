"""The Bot API over HTTP: `/bot<token>/<method>`, with the armed faults."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.files import by_url
from infra.sandbox.telegram.journal import Attempt

# Importing a module of methods registers them.
from infra.sandbox.telegram.methods import (  # noqa: F401
    chats,
    commands,
    copies,
    general_topic,
    media,
    messages,
    pins,
    topics,
    webhooks,
)
from infra.sandbox.telegram.methods.call import perform
from infra.sandbox.telegram.params import Params, chat_id, header, read_params
from infra.sandbox.telegram.recording import perform_and_record, record, to_json

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from infra.sandbox.telegram.faults import Fault
    from infra.sandbox.telegram.models import Bot
    from infra.sandbox.telegram.state import Telegram

TRANSPORT = "sandbox.transport"
_JSON = "application/json"


class BotApi:
    """A plain ASGI endpoint, without a framework's request object: benchmarks measure what calls it."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        token, method = scope["path_params"]["token"], scope["path_params"]["method"]
        params: Params = {}
        try:
            params = await read_params(scope, receive)
            bot = self._telegram.bot(token)
        except ApiError as error:
            await self._refuse(token, method, params, error, send)
            return
        if method.lower() == "getupdates":
            try:
                await webhooks.wait_for_updates(bot, params)
            except ApiError as error:
                await self._refuse(token, method, params, error, send)
                return
        await by_url.fetch(self._telegram, method, params)
        attempt = Attempt(bot.id, method, chat_id(params), params, _pid(scope))
        fault = self._telegram.faults.take(attempt)
        if fault:
            await self._apply(fault, bot, attempt, (scope, receive, send))
            return
        status, body = perform_and_record(self._telegram, bot, attempt)
        if self._telegram.latency:
            await asyncio.sleep(self._telegram.latency)
        await _answer(send, status, body, _pause_header(status, body))

    async def _refuse(self, token: str, method: str, params: Params, error: ApiError, send: Send) -> None:
        """Answer a call without a valid token; those of revoked bots are recorded."""
        body = to_json(error.body())
        number = token.partition(":")[0]
        if error.code == HTTPStatus.UNAUTHORIZED:
            attempt = Attempt(int(number), method, chat_id(params), params)
            record(self._telegram, attempt, error.code, body, delivered=False)
        await _answer(send, error.code, body)

    async def _apply(self, fault: Fault, bot: Bot, attempt: Attempt, asgi: tuple[Scope, Receive, Send]) -> None:
        scope, receive, send = asgi
        status, body, delivered = 0, b"", False
        if fault.delivers:
            status, answer = perform(self._telegram, bot, attempt.method, attempt.params)
            body, delivered = to_json(answer), answer["ok"]
        headers = _pause_header(status, body)
        if changed := fault.answer():
            status, body, headers = changed
        if fault.silent:
            record(self._telegram, attempt, None, None, delivered=delivered)
            await _leave_unanswered(fault, attempt.pid, scope, receive, send)
            return
        record(self._telegram, attempt, status, body, delivered=delivered)
        await self._telegram.faults.wait((fault.delay_s or 0) + self._telegram.latency)
        await _answer(send, status, body, headers, drip=fault.drip)


async def _leave_unanswered(fault: Fault, pid: int | None, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.kill_pid_header and pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not fault.hang:
        transport = scope.get("extensions", {}).get(TRANSPORT)
        if transport is None:
            # Another server than ours: it closes the connection when the promised body does not come.
            start = {"type": "http.response.start", "status": 200}
            await send(start | {"headers": [(b"content-length", b"2")]})
            return
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    *,
    drip: float | None = None,
) -> None:
    named = {"Content-Type": _JSON, "Content-Length": str(len(body))} | (headers or {})
    encoded = [(key.lower().encode(), value.encode("latin-1")) for key, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    if drip:
        for position in range(len(body)):
            piece = body[position : position + 1]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(drip)
        body = b""
    await send({"type": "http.response.body", "body": body})


def _pause_header(status: int, body: bytes) -> dict[str, str]:
    if status != HTTPStatus.TOO_MANY_REQUESTS:
        return {}
    return {"Retry-After": str(json.loads(body)["parameters"]["retry_after"])}


def _pid(scope: Scope) -> int | None:
    given = header(scope, b"x-sandbox-pid")
    return int(given) if given.isdigit() and int(given) > 1 else None
