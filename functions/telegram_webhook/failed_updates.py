"""Updates that fail for a reason nobody foresaw. Telegram brings nothing later of a bot before it got 2xx for them."""

from functions.telegram_webhook.bots import Bot
from shared import logs
from shared.database import sql
from shared.database.pool import Database

MAX_ATTEMPTS = 3

_SQL = sql.load(__file__)


async def set_aside(database: Database, bot: Bot, update_id: int | None, body: bytes, error: Exception) -> bool:
    """Count a failed attempt; True: it was the last, and the update is kept for a person.

    Raises DatabaseUnavailable.
    """
    if update_id is None:  # Telegram numbers all; what cannot be counted is not asked for again
        logs.error("update_without_id_failed", cause=error, bot=bot.name)
        return True
    parameters = {
        "bot_id": bot.id,
        "update_id": update_id,
        "max_attempts": MAX_ATTEMPTS,
        "error": logs.location(error),
        "correlation_id": logs.correlation_id.get(),
        "body": body,
    }
    async with database.connection() as connection:
        failed = await sql.fetch_one(connection, _SQL["count"], parameters)
    if failed["is_set_aside"]:
        logs.error(
            "update_set_aside", cause=error, bot=bot.name, update_id=update_id, attempts=failed["attempts"],
            next_step="carillon inbox updates",
        )  # fmt: skip
    return bool(failed["is_set_aside"])
