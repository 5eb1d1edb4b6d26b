"""The door: the secret that `carillon bots set-webhook` gave to Telegram, then what the update means."""

import asyncio
import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.telegram_webhook import updates
from functions.telegram_webhook.bots import Bot, find
from functions.telegram_webhook.desk.effect import Effect
from functions.telegram_webhook.desk.press import press
from functions.telegram_webhook.desk.said import edited, handover, said
from functions.telegram_webhook.desk.stats import stats
from functions.telegram_webhook.salon import accept
from shared import config, http, logs, secrets
from shared.db import Connection, Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import WELCOME_BACK
from shared.errors import Stranger
from shared.poke import Poke
from shared.support import letters

NAME = "telegram_webhook"
MOST_BYTES = 1_000_000
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name
WELCOME = "Снова на связи: сообщения опять приходят сюда."

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def telegram_webhook(request: Request) -> Response:
    """POST `/{bot}` (protocols: section 2, Webhook delivery). 503 makes Telegram repeat.

    Answers `{}`, and a press by answerCallbackQuery: Telegram does what an answer says.
    """
    return await http.answer(NAME, request, _take_in)


async def _take_in(request: Request) -> Response:
    bot = await _authenticate(request)
    http.require_method(request, "POST")
    update = _read(await http.read_body(request, MOST_BYTES))
    match updates.understand(update, bot.username):
        case updates.Return(chat_id):
            await _welcome(bot, chat_id, update.get("update_id"))
        case updates.Move(old, new):
            async with _database.transaction() as connection:
                await chats.move(connection, old, new)
            logs.info("chat_moved", bot=bot.name)
        case updates.Press() as pressed:
            toast = (await _carry_out(bot, pressed)).toast
            answer = {"method": "answerCallbackQuery", "callback_query_id": pressed.query_id, "text": toast}
            return http.json_answer(answer)
        case updates.Said() | updates.Edited() | updates.Handover() | updates.Stats() as event:
            await _carry_out(bot, event)
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


async def _carry_out(bot: Bot, event: updates.Press | updates.OfDesk) -> Effect:
    """What happened at the support desk or in a salon's chat and all that follows from it, in one transaction."""
    async with _database.transaction() as connection:
        effect = await _effect(connection, bot.id, event)
        await letters.send(connection, effect.letters)
    await asyncio.gather(*(_poke(number) for number in {letter.message.bot_id for letter in effect.letters}))
    return effect


async def _effect(connection: Connection, bot_id: int, event: updates.Press | updates.OfDesk) -> Effect:
    match event:
        case updates.Press():
            alert_id = accept.read_press(event.data)
            if alert_id is not None:
                return await accept.accept(connection, bot_id, event, alert_id)
            return await press(connection, bot_id, event)
        case updates.Said():
            return await said(connection, bot_id, event, _settings)
        case updates.Edited():
            return await edited(connection, bot_id, event)
        case updates.Handover():
            return await handover(connection, bot_id, event)
        case updates.Stats():
            return await stats(connection, bot_id, event)
