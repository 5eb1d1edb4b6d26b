"""A salon's chat: its alerts, who presses their button, and what came of it."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.functions.telegram_webhook.managers import IVAN, Json, secret, toast
from tests.helpers import arrange
from tests.helpers.desk import insert

TEXT = "🟠 Мало записей: 10 % за сутки (записей 5, диалогов 50), порог 15 %."

numbers = itertools.count(1)


@dataclass(frozen=True)
class Salon:
    """A salon, its bot and its chat, and the function's door."""

    connection: psycopg.Connection[DictRow]
    url: str
    id: UUID
    bot: int
    name: str
    chat: int

    def alert(self, **columns: Any) -> UUID:
        """An alert that was told."""
        values = {"kind": "low_conversion", "severity": "warning", "description": TEXT, "triggered_at": "now"}
        return insert(self.connection, "dashboard.alerts", tenant_id=self.id, **{**values, **columns})

    def pressing(self, data: Any, by: Json = IVAN, chat: int | None = None, message: int = 555) -> Json:
        """The update of a press."""
        place = {"id": chat or self.chat, "type": "supergroup", "title": "Салон"}
        shown = {"message_id": message, "date": 1_770_000_000, "chat": place, "text": TEXT}
        number = next(numbers)
        query = {"id": str(5 * 10**18 + number), "from": by, "message": shown, "chat_instance": "-8", "data": data}
        return {"update_id": 950_000_000 + number, "callback_query": query}

    def bring(self, update: Json, bot: str | None = None) -> str:
        """What who presses is told."""
        bot = bot or self.name
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot)}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as client:
            return toast(client.post(f"/{bot}", json=update, headers=headers))

    def press(self, alert: UUID | int, by: Json = IVAN, **how: Any) -> str:
        """Press the button of an alert."""
        return self.bring(self.pressing(f"salon/accept/{alert}", by, **how))

    def stands(self, alert: UUID) -> DictRow:
        """The alert's row."""
        [row] = rows(self.connection, "select * from dashboard.alerts where id = %s", alert)
        found: DictRow = row
        return found

    def audits(self, alert: UUID) -> list[DictRow]:
        """What was written down of it."""
        query = "select * from dashboard.audits where metadata ->> 'alert_id' = %s::text order by id"
        return rows(self.connection, query, alert)

    def edits(self, alert: UUID) -> list[DictRow]:
        """What its messages are to become."""
        query = "select * from platform.outbox where dedup_key like %s order by id"
        return rows(self.connection, query, f"salon/alert/{alert}/accepted/%")

    def untouched(self, alert: UUID) -> bool:
        """Whether nothing came of what was pressed."""
        return self.stands(alert)["acknowledged_at"] is None and not self.audits(alert) and not self.edits(alert)


def open_salon(connection: psycopg.Connection[DictRow], url: str, **settings: Any) -> Salon:
    number = next(numbers)
    name, chat = f"lotus-{number}", -1_002_000_000_000 - number
    tenant = insert(connection, "public.tenants_v2", name="Лотос")
    bot = arrange.bot(connection, name, f"{720_000_000 + number}:canary-salon-bbbb", system="salon")
    values = {"tenant_id": tenant, "bot_id": bot, "chat_id": chat, **settings}
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    connection.execute(
        f"insert into dashboard.tenant_settings ({names}) values ({marks})".encode(), tuple(values.values())
    )
    return Salon(connection, url, tenant, bot, name, chat)
