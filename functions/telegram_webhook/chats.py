"""What happens to the chats of any bot: somebody comes back, or a group becomes a supergroup."""

from typing import Any

from functions.telegram_webhook.bots import Bot
from shared import logs
from shared.database.pool import Database
from shared.delivery import chats
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import WELCOME_BACK

CHAT_REOPENED_TEXT = "Снова на связи: сообщения опять приходят сюда."


async def reopen(database: Database, bot: Bot, chat_id: int, update_id: Any) -> bool:
    """Unblock the chat and enqueue a message that says so; False when it was not blocked."""
    async with database.transaction() as connection:
        unblocked = await chats.unblock(connection, bot.id, chat_id)
        if unblocked:
            key = f"platform/welcome-back/{bot.id}/{update_id}"
            payload = {"text": CHAT_REOPENED_TEXT}
            message = Message(bot.id, WELCOME_BACK, key, payload, logs.correlation_id.get(), chat_id)
            await enqueue(connection, [message])
    if unblocked:
        logs.info("chat_revived", bot=bot.name)
    return unblocked


async def migrate(database: Database, bot: Bot, old: int, new: int) -> None:
    """Redirect to `new` whatever waits for the chat `old`, and all that will be sent to it."""
    async with database.transaction() as connection:
        await chats.move(connection, old, new)
    logs.info("chat_moved", bot=bot.name)
