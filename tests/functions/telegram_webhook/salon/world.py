"""A salon's chat: its alerts, who presses their button, and what came of it."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import IVAN, Json, secret, toast
from tests.helpers.redelivery import redelivered
from tests.helpers.worlds.salon import Salon, salon
from tests.helpers.worlds.support import insert

TEXT = "🟠 Мало записей: 10 % за сутки (записей 5, диалогов 50), порог 15 %."

numbers = itertools.count(1)


@dataclass(frozen=True)
class ServedSalon(Salon):
    """A salon whose bot's updates go to the function at `url`."""

    url: str

    def alert(self, **columns: Any) -> UUID:
        """An alert whose message was sent."""
        values = {"kind": "low_conversion", "severity": "warning", "description": TEXT, "triggered_at": "now"}
        return insert(self.connection, "dashboard.alerts", tenant_id=self.id, **{**values, **columns})

    def press_update(self, data: Any, by: Json = IVAN, chat: int | None = None, message: int = 555) -> Json:
        """The update of a press."""
        place = {"id": chat or self.chat, "type": "supergroup", "title": "Салон"}
        shown = {"message_id": message, "date": 1_770_000_000, "chat": place, "text": TEXT}
        number = next(numbers)
        query = {"id": str(5 * 10**18 + number), "from": by, "message": shown, "chat_instance": "-8", "data": data}
        return {"update_id": 950_000_000 + number, "callback_query": query}

    def post(self, update: Json, bot: str | None = None) -> str:
        """Deliver the update of a press; its toast."""
        bot = bot or self.bot_name
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot)}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=120) as client:
            return toast(redelivered(lambda: client.post(f"/{bot}", json=update, headers=headers)))

    def press(self, alert: UUID | int, by: Json = IVAN, **how: Any) -> str:
        """Press the button of an alert."""
        return self.post(self.press_update(f"salon/accept/{alert}", by, **how))

    def handover_row(self, alert: UUID) -> DictRow:
        """The alert's row."""
        [row] = rows(self.connection, "select * from dashboard.alerts where id = %s", alert)
        found: DictRow = row
        return found

    def audits(self, alert: UUID) -> list[DictRow]:
        """Its lines in the audit."""
        query = "select * from dashboard.audits where metadata ->> 'alert_id' = %s::text order by id"
        return rows(self.connection, query, alert)

    def edits(self, alert: UUID) -> list[DictRow]:
        """The edits of its messages."""
        query = "select * from platform.outbox where dedup_key like %s order by id"
        return rows(self.connection, query, f"salon/alert/{alert}/accepted/%")

    def untouched(self, alert: UUID) -> bool:
        """Whether nothing came of what was pressed."""
        return self.handover_row(alert)["acknowledged_at"] is None and not self.audits(alert) and not self.edits(alert)


def open_salon(connection: psycopg.Connection[DictRow], url: str, **settings: Any) -> ServedSalon:
    """A salon with a bot and a chat, whose updates go to `url`."""
    return ServedSalon(**vars(salon(connection, **settings)), url=url)
