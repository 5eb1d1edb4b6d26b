"""What happens to chats: a group becomes a supergroup, a person comes back."""

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import chat_states, lane_heads
from shared.delivery.chat_states import Cleared

_SQL = sql.load(__file__)


async def move(connection: Connection, old: int, new: int) -> None:
    """A chat has another id now (Telegram's migrate_to_chat_id): rewrite it everywhere; waiting messages go there.

    Safe to repeat; the caller opens the transaction. A lane whose head is being sent stays; see `moves_with_pending`.
    """
    chats = {"old": old, "new": new}
    await connection.execute(_SQL["note_move"], chats)
    locked = await sql.fetch_all(connection, _SQL["lock_chat"], chats)
    await connection.execute(_SQL["move_messages"], chats)
    await lane_heads.refresh(connection, [(row["bot_id"], row["lane"]) for row in locked if row["is_old"]])
    await connection.execute(_SQL["refresh_new_chat"], {"new": new})


async def moves_with_pending(connection: Connection) -> list[tuple[int, int]]:
    """Old and new id of chats that moved while something of theirs was being sent, or handed over with the old id."""
    return [(row["old"], row["new"]) for row in await sql.fetch_all(connection, _SQL["moves_with_pending"])]


async def unblock(connection: Connection, bot_id: int, chat_id: int) -> bool:
    """A chat can be written to again (/start, or the bot was unblocked); whether it could not before.

    What waits because of a group's state (shared/delivery/chat_states.py) is tried at once.
    """
    if chat_id < 0:
        await chat_states.release(connection, [Cleared(bot_id, str(chat_id))])
    cursor = await connection.execute(_SQL["unblock"], {"bot": bot_id, "chat": str(chat_id)})
    return cursor.rowcount > 0
