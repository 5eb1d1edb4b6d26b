"""What gateways said of messages that they had taken: those whom a message concerns hear that it did not arrive."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared import logs, write_back
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery import alerts, failures
from shared.delivery.alerts import Cause
from shared.delivery.enqueue import enqueue
from shared.delivery.failures import Failure

_SQL = sql.load(__file__)


async def announce(database: Database) -> None:
    """Read the news that came since; write back what it ended, and raise alerts.

    News that was faster than our own note of its message's id waits for that; after some minutes it is dropped.
    """
    async with database.connection() as connection:
        if not await sql.fetch_value(connection, _SQL["has_news"]):
            return
    async with database.transaction() as connection:
        rows = await sql.fetch_all(connection, _SQL["take"])
        news = [Failure(**row) for row in rows]
        await failures.apply(connection, news)
        ended = await sql.fetch_all(connection, _SQL["ended"], {"failures": failures.to_json(news)})
        await _tell(connection, ended)
    for row in ended:
        logs.warning("message_failed_later", outbox_id=row["id"], kind=row["kind"], error_class=row["error_class"])


async def _tell(connection: Connection, ended: Sequence[Mapping[str, Any]]) -> None:
    await write_back.write_back(connection, ended)
    causes: dict[Cause, str] = {}
    for row in ended:
        causes.setdefault(Cause(row["bot_id"], row["error_class"]), row["correlation_id"])
    await enqueue(connection, await alerts.messages(connection, causes))
