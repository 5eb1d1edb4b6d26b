"""Alerts about messages that failed, to those who look after a bot: once per bot, class and hour.

An alert about a bot that Telegram refuses goes through another bot; the log line and `carillon doctor` say it in any
case.
"""

from collections.abc import Mapping
from typing import Any

from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import alert_texts
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ALERT, CARD_EDIT

_SQL = sql.load(__file__)

# An alert that fails raises no further one; a card that vanished is posted again.
SILENT_KINDS = (ALERT.name, CARD_EDIT.name)

Cause = tuple[int, str]  # a bot's id, and the class of what went wrong with a message of it


async def messages(connection: Connection, causes: Mapping[Cause, str]) -> list[Message]:
    """The alerts that `causes` call for; the value of each is a correlation id. The caller enqueues them."""
    if not causes:
        return []
    columns = {"bots": [bot for bot, _ in causes], "classes": [error_class for _, error_class in causes]}
    rows = await sql.fetch_all(connection, _SQL["alert_routes"], columns)
    return [_alert(row, causes[row["bot_id"], row["error_class"]]) for row in rows]


def _alert(row: Mapping[str, Any], correlation_id: str) -> Message:
    text = alert_texts.alert(row["bot"], row["error_class"], row["language"])
    return Message(
        bot_id=row["sender_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/{row['bot']}/{row['error_class']}/{row['hour']}",
        payload={"text": text, "parse_mode": "HTML"},
        correlation_id=correlation_id,
    )
