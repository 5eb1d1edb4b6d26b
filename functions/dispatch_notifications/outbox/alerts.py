"""Bad news about messages, told to those who look after a bot: once per bot, class and hour.

An alert about a bot that Telegram refuses goes through another bot; the log line and `carillon doctor` say it in any
case.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from functions.dispatch_notifications.outbox import texts
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ALERT, CARD_EDIT

_SQL = sql.load(__file__)

SILENT_KINDS = (
    ALERT.name,
    CARD_EDIT.name,
)  # an alert that fails raises no further one; a card that vanished is hung anew


class Alarming(Protocol):
    """What an alert needs to know of an attempt."""

    @property
    def bot_id(self) -> int:
        """The bot's id."""

    @property
    def kind(self) -> str:
        """The message's kind."""

    @property
    def correlation_id(self) -> str:
        """What leads from the alert to its cause."""


async def raise_alerts(connection: Connection, finished: Sequence[tuple[Alarming, Decision]]) -> None:
    """Enqueue what has to be told of these endings."""
    causes: dict[tuple[int, str], str] = {}
    for attempt, decision in finished:
        if attempt.kind not in SILENT_KINDS and (
            decision.state in ("dead", "unknown") or decision.outcome == "bot_refused"
        ):
            causes.setdefault((attempt.bot_id, decision.error_class or decision.outcome), attempt.correlation_id)
    if not causes:
        return
    columns = {"bots": [bot for bot, _ in causes], "classes": [error_class for _, error_class in causes]}
    rows = await (await connection.execute(_SQL["tellers"], columns)).fetchall()
    await enqueue(connection, [_alert(row, causes[row["bot_id"], row["error_class"]]) for row in rows])


def _alert(row: Mapping[str, Any], correlation_id: str) -> Message:
    text = texts.alert(row["bot"], row["error_class"], row["language"])
    return Message(
        bot_id=row["teller_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/{row['bot']}/{row['error_class']}/{row['hour']}",
        payload={"text": text, "parse_mode": "HTML"},
        correlation_id=correlation_id,
    )
