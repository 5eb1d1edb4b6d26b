"""Alerts about messages that failed, to those who look after a bot: once per bot, class and hour.

An alert about a bot that Telegram refuses goes through another bot; the log line and `carillon doctor` say it in any
case.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.dispatch_notifications.outbox import texts
from functions.dispatch_notifications.outbox.retry_policy import Finished
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ALERT, CARD_EDIT

_SQL = sql.load(__file__)

# An alert that fails raises no further one; a card that vanished is posted again.
SILENT_KINDS = (ALERT.name, CARD_EDIT.name)


async def raise_alerts(connection: Connection, finished: Sequence[Finished]) -> None:
    """Enqueue the alerts that these endings call for."""
    causes: dict[tuple[int, str], str] = {}
    for attempt, decision in finished:
        alarming = decision.state in ("dead", "unknown") or decision.result == "bot_refused"
        if alarming and attempt.kind not in SILENT_KINDS:
            causes.setdefault((attempt.bot_id, decision.error_class or decision.result), attempt.correlation_id)
    if not causes:
        return
    columns = {"bots": [bot for bot, _ in causes], "classes": [error_class for _, error_class in causes]}
    rows = await sql.fetch_all(connection, _SQL["alert_routes"], columns)
    await enqueue(connection, [_alert(row, causes[row["bot_id"], row["error_class"]]) for row in rows])


def _alert(row: Mapping[str, Any], correlation_id: str) -> Message:
    text = texts.alert(row["bot"], row["error_class"], row["language"])
    return Message(
        bot_id=row["sender_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/{row['bot']}/{row['error_class']}/{row['hour']}",
        payload={"text": text, "parse_mode": "HTML"},
        correlation_id=correlation_id,
    )
