"""The message of an alert that somebody has accepted, in Telegram or on the pages: who and when, and no button."""

from datetime import datetime

from shared import logs
from shared.delivery.enqueue import Message
from shared.delivery.kinds import SALON_ALERT_EDIT
from shared.i18n import dates
from shared.i18n.texts import Language, Text
from shared.payload import timezones

ACKNOWLEDGED = Text(ru="Принято", en="Accepted")


def text(alert: str, by: str, at: datetime, timezone: str, language: Language) -> str:
    """The alert's text with who accepted it; `timezone` is the salon's."""
    local = at.astimezone(timezones.zone(timezone, timezones.OF_SALONS))
    return f"{alert}\n\n✅ {ACKNOWLEDGED.in_(language)}: {by}, {dates.clock(local)}"


def edit(bot_id: int, chat_id: int | None, message_id: int, alert_id: int, text: str) -> Message:
    """The edit of one message of the alert; it happens once, whoever accepts it where."""
    return Message(
        bot_id=bot_id,
        chat_id=chat_id,
        kind=SALON_ALERT_EDIT,
        method="editMessageText",
        dedup_key=f"salon/alert/{alert_id}/accepted/{message_id}",
        payload={"message_id": message_id, "text": text, "reply_markup": {"inline_keyboard": []}},
        correlation_id=logs.correlation_id.get(),
    )
