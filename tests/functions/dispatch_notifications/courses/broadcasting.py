"""A school with people who agreed to mailings, and broadcasts to them."""

import json
from dataclasses import dataclass
from typing import Any

from shared.courses import broadcast_message
from tests.functions.dispatch_notifications.delivery import Delivery

FIRST_CHAT = 730_000_001
AUTHOR, AUTHOR_CHAT = 999_999, 739_000_001
SENDER = broadcast_message.Sender("Школа", "Анна", "ru")


def message(text: str, *files: str) -> str:
    """What people get, as the table holds it."""
    return json.dumps(broadcast_message.compose(text, files, SENDER))


@dataclass
class Broadcasting:
    """The school's tables beside the delivery."""

    delivery: Delivery
    people: int

    def __post_init__(self) -> None:
        self.delivery.set_bot(system="courses")
        self.execute("insert into courses.school (name, bot_id) values ('Школа', %s)", self.delivery.bot)
        self.execute(
            "insert into courses.consent_texts (purpose, version, text_ru, text_en) values ('mailings', 1, 'а', 'a')"
        )
        self.execute(
            "insert into courses.users (id, telegram_id, full_name) select n, %s + n, 'Ученик ' || n "
            "from generate_series(1, %s) n", FIRST_CHAT - 1, self.people,
        )  # fmt: skip
        self.execute(
            "insert into courses.users (id, telegram_id, full_name, role) values (%s, %s, 'Анна', 'admin')",
            AUTHOR,
            AUTHOR_CHAT,
        )
        self.execute(
            "insert into courses.consents (telegram_id, purpose, version) "
            "select telegram_id, 'mailings', 1 from courses.users where role = 'user'"
        )

    def execute(self, query: str, *values: Any) -> int:
        """Change something; how many rows."""
        return self.delivery.connection.execute(query.encode(), values or None).rowcount

    def broadcast(self, text: str = "Привет", *files: str, **columns: Any) -> int:
        """A confirmed broadcast to everybody with role user."""
        values = {
            "title": text, "body": text, "audience": "role", "role": "user", "created_by": AUTHOR, "is_open": True,
            "confirmed_at": "2026-01-01", "message": message(text, *files), **columns,
        }  # fmt: skip
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        [row] = self.delivery.rows(
            f"insert into courses.broadcasts ({names}) values ({marks}) returning id", *values.values()
        )
        return int(row["id"])

    def set(self, broadcast: int, **columns: Any) -> None:
        """Change the broadcast as the bot does."""
        names = ", ".join(f"{name} = %s" for name in columns)
        self.execute(f"update courses.broadcasts set {names} where id = %s", *columns.values(), broadcast)

    def of(self, broadcast: int) -> dict[str, Any]:
        """The broadcast's row."""
        [row] = self.delivery.rows("select * from courses.broadcasts where id = %s", broadcast)
        return row

    def stats(self, broadcast: int) -> dict[str, int]:
        """Its counts, which a recount has to confirm."""
        found = self.of(broadcast)["stats_json"]
        query = """select status::text, count(*)::int as n
                   from courses.broadcast_recipients where broadcast_id = %s group by 1"""
        recount = {row["status"]: row["n"] for row in self.delivery.rows(query, broadcast)}
        assert found == {name: recount.get(name, 0) for name in ("queued", "sent", "failed", "skipped")}
        return {name: number for name, number in found.items() if number}

    def reasons(self, broadcast: int) -> dict[int, str]:
        """Who did not get it, and why."""
        query = """select user_id, error from courses.broadcast_recipients
                   where broadcast_id = %s and error is not null order by 1"""
        return {row["user_id"]: row["error"] for row in self.delivery.rows(query, broadcast)}

    def recipients(self, broadcast: int) -> list[dict[str, Any]]:
        """Everybody it is for."""
        return self.delivery.rows(
            "select * from courses.broadcast_recipients where broadcast_id = %s order by user_id", broadcast
        )

    def got(self, method: str = "sendMessage") -> list[int]:
        """Which of the people got messages, in order of their numbers."""
        calls = self.delivery.calls(method)
        chats = [call.chat_id for call in calls if call.delivered and call.chat_id is not None]
        return sorted(chat - FIRST_CHAT + 1 for chat in chats if FIRST_CHAT <= chat < AUTHOR_CHAT)
