"""The door: the secret that `carillon bots set-webhook` gave to Telegram, then what the update means."""

import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.telegram_webhook import updates
from functions.telegram_webhook.bots import Bot, find
from shared import config, http, logs, secrets
from shared.db import Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import WELCOME_BACK
from shared.errors import Stranger
from shared.poke import Poke

NAME = "telegram_webhook"
MOST_BYTES = 1_000_000
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name
WELCOME = "Снова на связи: сообщения опять приходят сюда."

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def telegram_webhook(request: Request) -> Response:
    """POST `/{bot}` (protocols: section 2, Webhook delivery). Answers `{}`; 503 makes Telegram repeat."""
    return await http.answer(NAME, request, _take_in)


async def _take_in(request: Request) -> Response:
    bot = await _authenticate(request)
    http.require_method(request, "POST")
    update = _read(await http.read_body(request, MOST_BYTES))
    match updates.understand(update):
        case updates.Return(chat_id):
            await _welcome(bot, chat_id, update.get("update_id"))
        case updates.Move(old, new):
            async with _database.transaction() as connection:
                await chats.move(connection, old, new)
            logs.info("chat_moved", bot=bot.name)
    return http.json_answer({})


async def _authenticate(request: Request) -> Bot:
    """The bot in the path, if the caller knows its secret. Raises Stranger, before anything of the body is read."""
    offered = request.headers.get(SECRET_HEADER, "")
    if not offered:
        raise Stranger
    async with _database.connection() as connection:
        bot = await find(connection, http.path(request).strip("/"))
    if bot is None:
        raise Stranger
    expected = secrets.telegram_webhook_secret(_settings.secrets_key, bot.name, bot.webhook_version)
    if not hmac.compare_digest(offered.encode(), expected.encode()):
        raise Stranger
    return bot


def _read(body: bytes) -> dict[str, Any]:
    """The update; an empty one when this is none: Telegram could not mend it."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        update = None
    if not isinstance(update, dict):
        logs.warning("update_not_understood", bytes=len(body))
        return {}
    return update


async def _welcome(bot: Bot, chat_id: int, update_id: Any) -> None:
    """Open the chat again and say that it worked; when nothing was closed, nothing is said."""
    async with _database.transaction() as connection:
        revived = await chats.revive(connection, bot.id, chat_id)
        if revived:
            key = f"platform/welcome-back/{bot.id}/{update_id}"
            message = Message(bot.id, WELCOME_BACK, key, {"text": WELCOME}, logs.correlation_id.get(), chat_id)
            await enqueue(connection, [message])
    if revived:
        logs.info("chat_revived", bot=bot.name)
        await _poke(bot.id)
