"""Updates of Telegram that were set aside: listed, and processed after all, each once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow

from functions.telegram_webhook.bots import Bot
from functions.telegram_webhook.handler import TelegramHandler, read_update  # the very code that Telegram calls
from infra.admin.database import Connection as AdminConnection
from infra.admin.database import fetch
from infra.admin.errors import AdminError
from shared import logs
from shared.channels import media_links
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery.poke import Poke
from shared.errors import DatabaseUnavailable

SETTINGS = ("database_url", *media_links.SETTINGS)

_SQL = sql.load(__file__)
_LOOK = "look: carillon inbox updates"


@dataclass(frozen=True)
class Replayed:
    """The updates that were processed now, and those that failed again, with the place in the code."""

    processed: Sequence[int]
    failed: Sequence[tuple[int, str]]


class _OneTransaction(Database):
    """Where the function opens transactions, these are parts of one: an update has all of its effects, or none."""

    def __init__(self, connection: Connection) -> None:
        super().__init__("")
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        yield self._connection


def list_newest(connection: AdminConnection, bot: str | None, limit: int) -> list[DictRow]:
    """At most `limit` updates, the newest first, without what is in them. Raises AdminError: no such bot."""
    if bot:
        _require_bot(connection, bot)
    return fetch(connection, _SQL["list"], bot=bot, limit=limit)


def count(connection: AdminConnection) -> int:
    """How many there are."""
    return int(fetch(connection, _SQL["count"])[0]["updates"])


def choose(connection: AdminConnection, bot: str, ids: Sequence[int]) -> list[int]:
    """Those of `bot` with these ids, which must exist, or all of it, the oldest first. Raises AdminError."""
    _require_bot(connection, bot)
    existing = [row["update_id"] for row in fetch(connection, _SQL["of_bot"], bot=bot)]
    if missing := [str(number) for number in ids if number not in existing]:
        raise AdminError(f"nothing that was set aside for bot {bot} has the number {', '.join(missing)}", _LOOK)
    return [number for number in existing if not ids or number in ids]


def replay(
    settings: Settings, bot: str, ids: Sequence[int], on_progress: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Process updates of `bot` as if Telegram brought them now, each in one transaction in which it leaves the list.

    One that fails stays, and says why. `settings` has SETTINGS. Raises AdminError when the database breaks off.
    """
    return asyncio.run(_replay(settings, bot, ids, on_progress))


async def _replay(settings: Settings, bot: str, ids: Sequence[int], on_progress: Callable[[int], None]) -> Replayed:
    database = Database(settings.database_url, size=1)
    processed, failed = list[int](), list[tuple[int, str]]()
    try:
        for update_id in ids:
            update = {"bot": bot, "update_id": update_id}
            try:
                if await _process(settings, database, update):
                    processed.append(update_id)
            except DatabaseUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - nobody foresees what an update that failed three times does now
                failed.append((update_id, logs.location(error)))
                async with database.connection() as connection:
                    await connection.execute(_SQL["count_failure"], {**update, "error": logs.location(error)})
            on_progress(1)
    except DatabaseUnavailable:
        cause = f"the database broke off after {len(processed)} updates"
        raise AdminError(cause, "run it again: nothing is done twice") from None
    finally:
        await database.close()
    return Replayed(processed, failed)


async def _process(settings: Settings, database: Database, update: dict[str, Any]) -> bool:
    """False: somebody else was quicker."""
    async with database.transaction() as connection:
        row = await sql.fetch_optional(connection, _SQL["take"], update)
        if row is None:
            return False
        logs.start_request("telegram_webhook")
        logs.correlation_id.set(row["correlation_id"])  # the log line that named it leads to what it does now
        bot = Bot(row["bot_id"], update["bot"], row["system"], row["username"])
        telegram = TelegramHandler(settings, _OneTransaction(connection), Poke("none", ""))
        await telegram.process(bot, read_update(bytes(row["body"])))
    return True


def _require_bot(connection: AdminConnection, bot: str) -> None:
    if not fetch(connection, _SQL["bot"], bot=bot):
        raise AdminError(f"there is no bot {bot}", "look: carillon bots list")
