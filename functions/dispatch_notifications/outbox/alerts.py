"""Bad news about messages, told to those who look after a bot: once per bot, class and hour.

An alert about a bot that Telegram refuses goes through another bot; the log line and `carillon doctor` say it in any
case.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

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

_WORDS = {
    "bot_refused": "его токен отклонён, сообщения ждут.\nЧто сделать: <code>carillon bots check {bot}</code>",
    "blocked": "получатель закрыл чат с ботом, сообщение не доставлено.\n"
    "Что сделать: попросите его снова открыть бота и нажать «Старт»",
    "chat_not_found": "чат не найден, сообщение не доставлено.\n"
    "Что сделать: проверьте id чата и начат ли диалог с ботом",
    "crashed": "неизвестно, дошло ли сообщение: отправка оборвалась.\n"
    "Что сделать: <code>carillon outbox list --state unknown</code>",
    "no_answer": "неизвестно, дошло ли сообщение: ответа не было.\n"
    "Что сделать: <code>carillon outbox list --state unknown</code>",
}
_OTHER = "сообщение не доставлено ({error_class}).\nЧто сделать: <code>carillon outbox list --state dead</code>"


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
    words = _WORDS.get(row["error_class"], _OTHER).format(bot=row["bot"], error_class=row["error_class"])
    return Message(
        bot_id=row["teller_id"],
        chat_id=row["alert_chat_id"],
        kind=ALERT,
        dedup_key=f"platform/alert/{row['bot']}/{row['error_class']}/{row['hour']}",
        payload={"text": f"⚠️ Бот «{row['bot']}»: {words}", "parse_mode": "HTML"},
        correlation_id=correlation_id,
    )
