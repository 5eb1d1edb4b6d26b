"""[Принято] under an alert: the first press acknowledges it, later ones are told who did."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import Reaction
from functions.telegram_webhook.salon import texts
from functions.telegram_webhook.updates.parse import MessageRef, Press
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import SALON_ALERT_EDIT
from shared.i18n import dates
from shared.i18n.texts import Language
from shared.salon import timezones
from shared.support.outgoing import LinkedMessage
from shared.support.updates import Actor

ALERT_UNAVAILABLE = Reaction(toast=texts.ALERT_UNAVAILABLE)
NOT_YOUR_SALON = Reaction(toast=texts.NOT_YOUR_SALON)

_DATA = re.compile(r"salon/accept/([1-9][0-9]{0,17})", re.ASCII)

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Alert:
    """An alert of this chat, with the text of its message."""

    id: int
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    text: str
    language: Language
    timezone: str


def read_press(data: object) -> int | None:
    """The alert's id in a button's callback data; None: it is no button of an alert."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    return int(found[1]) if found else None


async def acknowledge(connection: Connection, bot_id: int, event: Press, alert_id: int) -> Reaction:
    """Note who acknowledged the alert, in its row and in the audit; the message loses its button either way."""
    message = event.message
    if message is None:
        return ALERT_UNAVAILABLE
    alert = await _find(connection, bot_id, message, alert_id)
    if alert is None:
        return NOT_YOUR_SALON
    is_first = await processed_updates.mark(connection, bot_id, event.update_id) and await _write(
        connection, alert, event.by
    )
    alert = await _find(connection, bot_id, message, alert_id)  # as it stands after all that came before
    if alert is None or alert.acknowledged_at is None:
        return NOT_YOUR_SALON
    logs.info("alert_accepted", alert_id=alert_id, first=is_first)
    toast = (texts.ACKNOWLEDGED if is_first else texts.ALREADY_ACKNOWLEDGED).in_(alert.language)
    toast = toast.format(name=alert.acknowledged_by)
    return Reaction([LinkedMessage(_edit(alert, bot_id, message, alert.acknowledged_at))], toast)


async def _find(connection: Connection, bot_id: int, message: MessageRef, alert_id: int) -> Alert | None:
    parameters: dict[str, Any] = {"id": alert_id, "bot_id": bot_id, "chat_id": message.chat_id}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    return Alert(**row) if row else None


async def _write(connection: Connection, alert: Alert, by: Actor) -> bool:
    name = by.name_in(alert.language)
    actor = name if by.telegram_id is None else f"{name} (Telegram {by.telegram_id})"
    parameters = {"id": alert.id, "name": name, "actor": actor, "telegram_id": by.telegram_id}
    return (await connection.execute(_SQL["acknowledge"], parameters)).rowcount == 1


def _edit(alert: Alert, bot_id: int, message: MessageRef, acknowledged_at: datetime) -> Message:
    """Each message of the alert is edited once, whoever presses how often."""
    local = acknowledged_at.astimezone(timezones.zone(alert.timezone))
    text = f"{alert.text}\n\n✅ {texts.ACKNOWLEDGED.in_(alert.language)}: {alert.acknowledged_by}, {dates.clock(local)}"
    return Message(
        bot_id=bot_id,
        chat_id=message.chat_id,
        kind=SALON_ALERT_EDIT,
        method="editMessageText",
        dedup_key=f"salon/alert/{alert.id}/accepted/{message.message_id}",
        payload={"message_id": message.message_id, "text": text, "reply_markup": {"inline_keyboard": []}},
        correlation_id=logs.correlation_id.get(),
    )
