"""What happens to the chats of any bot: somebody comes back, or a group becomes a supergroup."""

from typing import Any

from functions.telegram_webhook import bots, texts
from functions.telegram_webhook.bots import Bot
from functions.telegram_webhook.updates.events import ChatReopened
from shared import logs
from shared.database.pool import Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import WELCOME_BACK


async def reopen(database: Database, bot: Bot, reopened: ChatReopened, update_id: Any) -> bool:
    """Unblock the chat and enqueue a message that says so; False when it was not blocked.

    The message is in the bot's language, or else in that of whoever came back.
    """
    async with database.transaction() as connection:
        unblocked = await chats.unblock(connection, bot.id, reopened.chat_id)
        if unblocked:
            key = f"platform/welcome-back/{bot.id}/{update_id}"
            language = await bots.language(connection, bot.id) or reopened.language
            payload = {"text": texts.CHAT_REOPENED.in_(language)}
            message = Message(bot.id, WELCOME_BACK, key, payload, logs.correlation_id.get(), reopened.chat_id)
            await enqueue(connection, [message])
    if unblocked:
        logs.info("chat_revived", bot=bot.name)
    return unblocked


async def migrate(database: Database, bot: Bot, old: int, new: int) -> None:
    """Redirect to `new` what the bot has waiting for the chat `old`, and all that it will send there."""
    async with database.transaction() as connection:
        moved = await chats.move(connection, bot.id, old, new)
    if moved:
        logs.info("chat_moved", bot=bot.name)
    else:
        logs.info("update_ignored", bot=bot.name, reason="a move of a group in which this bot has nothing to do")
