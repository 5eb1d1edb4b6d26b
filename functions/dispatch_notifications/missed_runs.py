"""Scheduled functions that nobody calls any more. That this one is not called, the others' health says."""

from collections.abc import Mapping
from typing import Any

from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import alert_texts
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ALERT

_SQL = sql.load(__file__)


async def announce(connection: Connection) -> None:
    """Log each that was not called for three periods, and tell those who look after a bot, once per absence."""
    rows = await sql.fetch_all(connection, _SQL["missed"])
    for row in rows:
        logs.error("schedule_missed", missed=row["function"], seconds=int(row["seconds"]), next_step="carillon doctor")
    await enqueue(connection, [_alert(row) for row in rows if row["bot_id"] is not None])


def _alert(row: Mapping[str, Any]) -> Message:
    text = alert_texts.NOT_CALLED.in_(row["language"])
    return Message(
        bot_id=row["bot_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/missed/{row['function']}/{row['started_at']:%Y-%m-%dT%H:%M:%S}",
        payload={
            "text": text.format(function=row["function"], minutes=int(row["seconds"] // 60)),
            "parse_mode": "HTML",
        },
        correlation_id=logs.correlation_id.get(),
    )
