"""The routes of the inside: webhooks and prompts, waiting for a message, what a chat's owner may do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from infra.sandbox import control

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.inside.webhook_log import Sent
    from infra.sandbox.state import Sandbox
    from infra.sandbox.telegram.state import Telegram

_ROWS_SHOWN = 100


class _Again(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str | None = None  # another one in its place


class _Topic(BaseModel):
    model_config = ConfigDict(extra="forbid")

    chat_id: int
    thread: int


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """What the page asks for when it shows the inside."""

    async def webhooks(_request: Request) -> Response:
        latest = list(sandbox.webhook_log.rows)[-_ROWS_SHOWN:]
        return JSONResponse([row.public() for row in reversed(latest)])

    async def send_again(request: Request) -> Response:
        row = sandbox.webhook_log.find(request.path_params["number"])
        if row is None:
            raise HTTPException(404, "this webhook is not kept any more")
        given = await control.read(request, _Again)
        content = _renewed(sandbox.telegram, row, given.body)
        return JSONResponse((await sandbox.webhook_log.again(row, content)).public())

    async def delete_topic(request: Request) -> Response:
        given = await control.read(request, _Topic)
        chat = sandbox.telegram.chats.get((0, given.chat_id))
        if chat is None or given.thread not in chat.topics:
            raise HTTPException(404, "no such topic")
        chat.delete_topic(given.thread)
        sandbox.telegram.touch(chat)
        return control.done()

    return [
        Route("/_sandbox/webhooks", webhooks),
        Route("/_sandbox/webhooks/{number:int}/send", send_again, methods=["POST"]),
        Route("/_sandbox/topics/delete", delete_topic, methods=["POST"]),
    ]


def _renewed(telegram: Telegram, row: Sent, body: str | None) -> bytes:
    """The content to send: the same, or what was typed; an update that was changed is a new one."""
    if body is None:
        return row.content
    sender, _, number = row.sender.partition(":")
    try:
        given: Any = json.loads(body)
    except ValueError:
        return body.encode()  # broken on purpose, perhaps
    before = json.loads(row.content) if sender == "telegram" else {}
    is_changed = isinstance(given, dict) and given != before
    if sender == "telegram" and is_changed and given.get("update_id") == before["update_id"]:
        bot = telegram.bot_of(int(number))
        bot.update_id += 1
        given["update_id"] = bot.update_id
        return json.dumps(given, ensure_ascii=False).encode()
    return body.encode()
