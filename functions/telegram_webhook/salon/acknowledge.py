"""[Принято] under an alert: the first press acknowledges it, later ones are told who did."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.telegram_webhook import members, processed_updates
from functions.telegram_webhook.reaction import Reaction
from functions.telegram_webhook.salon import texts
from functions.telegram_webhook.updates.events import MessageRef, Press
from shared import logs
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language
from shared.salon import accepted_alerts
from shared.support.actor import Actor
from shared.support.outgoing import LinkedMessage

NOT_YOUR_SALON = Reaction(toast=texts.NOT_YOUR_SALON)

_DATA = re.compile(r"salon/accept/([1-9][0-9]{0,17})", re.ASCII)

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Alert:
    """An alert of this chat, with its last message."""

    id: int
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    text: str
    language: Language
    timezone: str
    chat_id: int | None
    message_id: int | None


def read_press(data: object) -> int | None:
    """The alert's id in a button's callback data; None: it is no button of an alert."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    return int(found[1]) if found else None


async def acknowledge(connection: Connection, bot_id: int, event: Press, alert_id: int) -> Reaction:
    """Note who acknowledged the alert, in its row and in the audit; the message loses its button either way."""
    alert = await _find(connection, bot_id, event.message, alert_id)
    if alert is None or not await _may_press(connection, bot_id, alert, event):
        return NOT_YOUR_SALON
    is_first = await processed_updates.mark(connection, bot_id, event.update_id) and await _write(
        connection, alert, event.by
    )
    alert = await _find(connection, bot_id, event.message, alert_id)  # as it stands after all that came before
    if alert is None or alert.acknowledged_at is None:
        return NOT_YOUR_SALON
    logs.info("alert_accepted", alert_id=alert_id, first=is_first)
    toast = (accepted_alerts.ACKNOWLEDGED if is_first else texts.ALREADY_ACKNOWLEDGED).in_(alert.language)
    toast = toast.format(name=alert.acknowledged_by)
    return Reaction(_edits(alert, bot_id, event, alert.acknowledged_at), toast)


async def _find(connection: Connection, bot_id: int, message: MessageRef | None, alert_id: int) -> Alert | None:
    chat_id = message.chat_id if message else None
    parameters: dict[str, Any] = {"id": alert_id, "bot_id": bot_id, "chat_id": chat_id}
    row = await sql.fetch_optional(connection, _SQL["find"], parameters)
    return Alert(**row) if row else None


async def _may_press(connection: Connection, bot_id: int, alert: Alert, event: Press) -> bool:
    """Whoever presses in the salon's chat may; where Telegram names no chat, whoever belongs to it."""
    chat_id = event.message.chat_id if event.message else alert.chat_id
    if chat_id is None or not (event.message or await members.may_press(connection, bot_id, chat_id, event.by)):
        return False
    await members.remember(connection, bot_id, chat_id, event.by)
    return True


async def _write(connection: Connection, alert: Alert, by: Actor) -> bool:
    name = by.name_in(alert.language)
    actor = name if by.telegram_id is None else f"{name} (Telegram {by.telegram_id})"
    parameters = {"id": alert.id, "name": name, "actor": actor, "telegram_id": by.telegram_id}
    return (await connection.execute(_SQL["acknowledge"], parameters)).rowcount == 1


def _edits(alert: Alert, bot_id: int, event: Press, acknowledged_at: datetime) -> list[LinkedMessage]:
    """Each message of the alert is edited once, whoever presses how often: the one that was pressed, else the last."""
    message = event.message
    is_last = message is None or (alert.message_id is not None and not event.in_reach)
    chat_id = alert.chat_id if is_last or message is None else message.chat_id
    message_id = alert.message_id if is_last or message is None else message.message_id
    if message_id is None:
        return []
    by = alert.acknowledged_by or ""
    text = accepted_alerts.text(alert.text, by, acknowledged_at, alert.timezone, alert.language)
    return [LinkedMessage(accepted_alerts.edit(bot_id, chat_id, message_id, alert.id, text))]
