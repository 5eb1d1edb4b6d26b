"""Authenticate the caller, parse the update, and let the bot's system react.

Source: docs/protocols/telegram.md, Webhook delivery.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.telegram_webhook import bots, chats, failed_updates, members
from functions.telegram_webhook.bots import Bot, Bots
from functions.telegram_webhook.reaction import UNKNOWN_BUTTON, React, Reaction
from functions.telegram_webhook.starts import start as starts
from functions.telegram_webhook.updates.events import (
    ChatClosed,
    ChatMigrated,
    ChatReopened,
    Event,
    Ignored,
    MemberLeft,
    Press,
    PrivateEdit,
    PrivateMessage,
)
from functions.telegram_webhook.updates.parse import parse
from shared import logs
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import DatabaseUnavailable, HttpProblem, Unauthenticated
from shared.http import requests
from shared.http.responses import json_response
from shared.i18n.texts import DEFAULT_LANGUAGE, Text
from shared.payload.values import integer
from shared.support import outgoing

MAX_BYTES = 1_000_000
INVITATION_LENGTH = 43  # characters of shared.salon.sign_in_links' tokens
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name


class TelegramHandler:
    """Handles the updates of all bots."""

    def __init__(self, settings: Settings, database: Database, poke: Poke) -> None:
        """`poke` wakes the dispatcher."""
        self._database = database
        self._bots = Bots(database, settings.secrets_key)
        self._poke = poke

        @cache
        def support() -> React:
            from functions.telegram_webhook.support import handler  # noqa: PLC0415 - 25 ms, not for schools

            return handler.create(settings)

        @cache
        def salon() -> React:
            from functions.telegram_webhook.salon import handler  # noqa: PLC0415 - the same

            return handler.create(settings)

        def courses() -> React:
            from functions.telegram_webhook.courses import handler  # noqa: PLC0415 - no other system pays for its screens

            return handler.react

        self._systems: Mapping[str, Callable[[], React]] = {"courses": courses, "salon": salon, "support": support}

    async def handle(self, request: Request) -> Response:
        """POST `/{bot}`; 503 makes Telegram repeat. Raises HttpProblem, Unauthenticated, DatabaseUnavailable.

        Answers `{}`, and a press by answerCallbackQuery: Telegram does what an answer says. An update that fails again
        and again is set aside, and answered `{}`, too.
        """
        bot = await self._authenticate(request)
        requests.require_method(request, "POST")
        body = await requests.read_body(request, MAX_BYTES)
        update = read_update(body)
        try:
            return await self.process(bot, update)
        except (DatabaseUnavailable, HttpProblem, Unauthenticated):
            raise
        except Exception as error:  # nobody foresaw it, and Telegram would repeat the update before all later ones
            if not await failed_updates.set_aside(self._database, bot, integer(update.get("update_id")), body, error):
                raise
            return json_response({})

    async def process(self, bot: Bot, update: Mapping[str, Any]) -> Response:
        """What follows from an update, and what Telegram is answered. Raises DatabaseUnavailable."""
        match parse(update, bot.username):
            case Press() as press:
                toast = await self._localized(bot, (await self._react(bot, press)).toast)
                answer = {"method": "answerCallbackQuery", "callback_query_id": press.query_id, "text": toast}
                return json_response(answer)
            case ChatMigrated(old, new):
                await chats.migrate(self._database, bot, old, new)
            case MemberLeft(chat_id, telegram_id):
                async with self._database.connection() as connection:
                    await members.forget(connection, bot.id, chat_id, telegram_id)
            case ChatReopened() | PrivateMessage() as opened:
                await self._open(bot, opened, integer(update.get("update_id")))
            case PrivateEdit() | ChatClosed() if bot.system != "courses":
                logs.info("update_ignored", bot=bot.name, reason="only a school's bot answers people by itself")
            case Ignored(reason):
                logs.info("update_ignored", bot=bot.name, reason=reason)
            case event:
                await self._react(bot, event)
        return json_response({})

    async def _authenticate(self, request: Request) -> Bot:
        """The bot in the path, if the caller knows its secret. Raises Unauthenticated, before the body is read.

        `carillon bots set-webhook` gave the secret to Telegram.
        """
        name = requests.path(request, "telegram_webhook").strip("/")
        return await self._bots.authenticate(name, request.headers.get(SECRET_HEADER, ""))

    async def _open(self, bot: Bot, opened: ChatReopened | PrivateMessage, update_id: int | None) -> None:
        """Somebody opens a chat with the bot, or lets it into a group again."""
        if opened.chat_id > 0 and (bot.system == "courses" or (bot.system == "salon" and _asks_for_pages(opened))):
            await self._react(bot, opened)
        elif isinstance(opened, PrivateMessage) and not opened.is_start:
            await starts.note(self._database, bot, opened)
            logs.info("update_ignored", bot=bot.name, reason="a private message is nobody's question")
        elif opened.chat_id > 0:
            if await starts.start(self._database, bot, opened, update_id):
                await self._poke(bot.id)
        elif isinstance(opened, ChatReopened) and await chats.reopen(self._database, bot, opened, update_id):
            await self._poke(bot.id)

    async def _react(self, bot: Bot, event: Event) -> Reaction:
        """Let the bot's system react, in one transaction with the messages that follow; then poke their senders."""
        system = self._systems.get(bot.system)
        if system is None:  # its bots only send
            return UNKNOWN_BUTTON
        react = system()
        async with self._database.transaction() as connection:
            reaction = await react(connection, bot.id, event)
            await outgoing.enqueue_linked(connection, reaction.linked_messages)
        senders = {linked.message.bot_id for linked in reaction.linked_messages}
        await asyncio.gather(*(self._poke(sender) for sender in senders))
        return reaction

    async def _localized(self, bot: Bot, toast: str | Text) -> str:
        if isinstance(toast, str):
            return toast
        async with self._database.connection() as connection:
            return toast.in_(await bots.language(connection, bot.id) or DEFAULT_LANGUAGE)


def _asks_for_pages(opened: ChatReopened | PrivateMessage) -> bool:
    """Whether somebody wants to see the salon's pages, or comes by an invitation to them."""
    return isinstance(opened, PrivateMessage) and (
        len(opened.start_argument) == INVITATION_LENGTH or opened.content.text.partition("@")[0] == "/dashboard"
    )


def read_update(body: bytes) -> dict[str, Any]:
    """The update; {} for anything else, which Telegram could not mend."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        update = None
    if not isinstance(update, dict):
        logs.warning("update_not_understood", bytes=len(body))
        return {}
    return update
