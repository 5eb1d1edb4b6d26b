"""Who belongs to a group: whoever was seen to write or press in it.

A press usually names the message that has the button, and so the group that may press. Telegram may bring one without a
message, by `inline_message_id` alone. Updates come with the bot's secret, so nobody invents a press; but a changed
client may press any message of the bot that it sees, with any data. It sees messages of the bot in the bot's groups and
in its own chat with the bot, and nowhere else: the bot answers in no other group. So a person who was never seen in the
group may press if the bot has no other group, and this person has no chat with the bot.
"""

from shared.database import sql
from shared.database.pool import Connection
from shared.support.actor import Actor

_SQL = sql.load(__file__)


async def remember(connection: Connection, bot_id: int, chat_id: int, by: Actor) -> None:
    """Note that somebody wrote or pressed in a group; who acts in the group's own name is nobody's member."""
    if by.telegram_id is not None:
        parameters = {"bot_id": bot_id, "chat_id": chat_id, "telegram_id": by.telegram_id}
        await connection.execute(_SQL["remember"], parameters)


async def forget(connection: Connection, bot_id: int, chat_id: int, telegram_id: int) -> None:
    """Somebody left the group."""
    parameters = {"bot_id": bot_id, "chat_id": chat_id, "telegram_id": telegram_id}
    await connection.execute(_SQL["forget"], parameters)


async def may_press(connection: Connection, bot_id: int, chat_id: int, by: Actor) -> bool:
    """Whether a press that names no message may come from this chat."""
    if chat_id > 0 or by.telegram_id is None:
        return chat_id == by.telegram_id
    parameters = {"bot_id": bot_id, "chat_id": chat_id, "telegram_id": by.telegram_id}
    return bool(await sql.fetch_value(connection, _SQL["may_press"], parameters))
