"""The door: the secret that `carillon bots set-webhook` gave to Telegram, then what the update means."""

import asyncio
import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.telegram_webhook.bots import Bot, find
from functions.telegram_webhook.reaction import Reaction
from functions.telegram_webhook.salon import acknowledge
from functions.telegram_webhook.support.press import press
from functions.telegram_webhook.support.stats import stats
from functions.telegram_webhook.support.topic_message import edited, forward, handover
from functions.telegram_webhook.updates import parse
from shared import config, logs
from shared.credentials import secrets
from shared.database.pool import Connection, Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import WELCOME_BACK
from shared.delivery.poke import Poke
from shared.errors import Unauthenticated
from shared.http import responses
from shared.support import outgoing

NAME = "telegram_webhook"
MAX_BYTES = 1_000_000
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name
CHAT_REOPENED_TEXT = "Снова на связи: сообщения опять приходят сюда."

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def telegram_webhook(request: Request) -> Response:
    """POST `/{bot}` (protocols: section 2, Webhook delivery). 503 makes Telegram repeat.

    Answers `{}`, and a press by answerCallbackQuery: Telegram does what an answer says.
    """
    return await responses.handle(NAME, request, _take_in)


async def _take_in(request: Request) -> Response:
    bot = await _authenticate(request)
    responses.require_method(request, "POST")
    update = _read(await responses.read_body(request, MAX_BYTES))
    match parse.parse(update, bot.username):
        case parse.ChatReopened(chat_id):
            await _reopen_chat(bot, chat_id, update.get("update_id"))
        case parse.ChatMigrated(old, new):
            async with _database.transaction() as connection:
                await chats.move(connection, old, new)
            logs.info("chat_moved", bot=bot.name)
        case parse.Press() as pressed:
            toast = (await _carry_out(bot, pressed)).toast
            answer = {"method": "answerCallbackQuery", "callback_query_id": pressed.query_id, "text": toast}
            return responses.json_answer(answer)
        case parse.TopicMessage() | parse.Edited() | parse.Handover() | parse.Stats() as event:
            await _carry_out(bot, event)
    return responses.json_answer({})


async def _authenticate(request: Request) -> Bot:
    """The bot in the path, if the caller knows its secret. Raises Stranger, before anything of the body is read."""
    offered = request.headers.get(SECRET_HEADER, "")
    if not offered:
        raise Unauthenticated
    async with _database.connection() as connection:
        bot = await find(connection, responses.path(request).strip("/"))
    if bot is None:
        raise Unauthenticated
    expected = secrets.telegram_webhook_secret(_settings.secrets_key, bot.name, bot.webhook_version)
    if not hmac.compare_digest(offered.encode(), expected.encode()):
        raise Unauthenticated
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


async def _reopen_chat(bot: Bot, chat_id: int, update_id: Any) -> None:
    """Open the chat again and say that it worked; when nothing was closed, nothing is said."""
    async with _database.transaction() as connection:
        revived = await chats.unblock(connection, bot.id, chat_id)
        if revived:
            key = f"platform/welcome-back/{bot.id}/{update_id}"
            message = Message(
                bot.id, WELCOME_BACK, key, {"text": CHAT_REOPENED_TEXT}, logs.correlation_id.get(), chat_id
            )
            await enqueue(connection, [message])
    if revived:
        logs.info("chat_revived", bot=bot.name)
        await _poke(bot.id)


async def _carry_out(bot: Bot, event: parse.Press | parse.SupportEvent) -> Reaction:
    """What happened at the support desk or in a salon's chat and all that follows from it, in one transaction."""
    async with _database.transaction() as connection:
        effect = await _effect(connection, bot.id, event)
        await outgoing.enqueue_linked(connection, effect.linked_messages)
    await asyncio.gather(*(_poke(number) for number in {linked.message.bot_id for linked in effect.linked_messages}))
    return effect


async def _effect(connection: Connection, bot_id: int, event: parse.Press | parse.SupportEvent) -> Reaction:
    match event:
        case parse.Press():
            alert_id = acknowledge.read_press(event.data)
            if alert_id is not None:
                return await acknowledge.acknowledge(connection, bot_id, event, alert_id)
            return await press(connection, bot_id, event)
        case parse.TopicMessage():
            return await forward(connection, bot_id, event, _settings)
        case parse.Edited():
            return await edited(connection, bot_id, event)
        case parse.Handover():
            return await handover(connection, bot_id, event)
        case parse.Stats():
            return await stats(connection, bot_id, event)
