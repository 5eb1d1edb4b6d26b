"""What happens to chats: a group becomes a supergroup, a person comes back."""

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import chat_states, lane_heads
from shared.delivery.chat_states import Cleared

_SQL = sql.load(__file__)


async def move(connection: Connection, bot_id: int, old: int, new: int) -> bool:
    """A bot was told that a chat has another id now (Telegram's migrate_to_chat_id): rewrite what the bot has there.

    Messages of the bot that wait go to the new chat. Another bot brings its own move. False, and nothing is done, where
    the bot has no lane, topic or setting with the old chat. Safe to repeat; the caller opens the transaction. A lane
    whose head is being sent stays; see `moves_with_pending`.
    """
    moved = {"bot": bot_id, "old": old, "new": new}
    await connection.execute(_SQL["note_move"], moved)
    if not await sql.fetch_value(connection, _SQL["is_noted"], moved):
        return False
    locked = await sql.fetch_all(connection, _SQL["lock_chat"], moved)
    await connection.execute(_SQL["move_messages"], moved)
    await lane_heads.refresh(connection, [(bot_id, row["lane"]) for row in locked if row["is_old"]])
    await connection.execute(_SQL["refresh_new_chat"], moved)
    return True


async def moves_with_pending(connection: Connection) -> list[tuple[int, int, int]]:
    """Bot, old and new id of chats that moved while something was being sent, or handed over with the old id."""
    rows = await sql.fetch_all(connection, _SQL["moves_with_pending"])
    return [(row["bot"], row["old"], row["new"]) for row in rows]


async def block(connection: Connection, bot_id: int, chat_id: int) -> None:
    """A person has shut the bot out: nothing is sent before they come back, or an hour has passed."""
    await connection.execute(_SQL["block"], {"bot": bot_id, "chat": str(chat_id)})


async def unblock(connection: Connection, bot_id: int, chat_id: int) -> bool:
    """A chat can be written to again (/start, or the bot was unblocked); whether it could not before.

    What waits because of a group's state (shared/delivery/chat_states.py) is tried at once.
    """
    if chat_id < 0:
        await chat_states.release(connection, [Cleared(bot_id, str(chat_id))])
    cursor = await connection.execute(_SQL["unblock"], {"bot": bot_id, "chat": str(chat_id)})
    return cursor.rowcount > 0
