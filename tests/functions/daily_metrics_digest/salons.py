"""Salons to start from, their sessions and messages, and what became of them. The bot wrote all of it."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.helpers import arrange

Plain = psycopg.Connection[DictRow]

CHAT = -1001900000555

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Salon:
    """A tenant with one client."""

    connection: Plain
    id: UUID
    client: UUID

    def session(self, started_at: datetime, **columns: Any) -> UUID:
        """An archived session; its session_id."""
        values = {
            "session_id": uuid4(), "tenant_id": self.id, "user_id": self.client, "channel": "telegram",
            "started_at": started_at, "final_status": "done", **columns,
        }  # fmt: skip
        _insert(self.connection, "public.conversation_sessions_v2", values)
        identity: UUID = values["session_id"]
        return identity

    def says(self, session: UUID, role: str, at: datetime) -> None:
        """A message of a session."""
        values = {
            "tenant_id": self.id, "user_id": self.client, "session_id": session, "role": role, "message": "…",
            "created_at": at,
        }  # fmt: skip
        _insert(self.connection, "public.recent_history_v2", values)

    def archive(
        self, sessions: list[tuple[UUID, datetime, str | None, str]], lines: list[tuple[UUID, str, datetime]]
    ) -> None:
        """Many sessions (id, start, booking, status) and their messages (session, role, moment), in few round trips."""
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "insert into public.conversation_sessions_v2"
                " (tenant_id, user_id, channel, session_id, started_at, booking_id, final_status)"
                " values (%s, %s, 'telegram', %s, %s, %s, %s)",
                [(self.id, self.client, *session) for session in sessions],
            )
            cursor.executemany(
                "insert into public.recent_history_v2 (tenant_id, user_id, message, session_id, role, created_at)"
                " values (%s, %s, '…', %s, %s, %s)",
                [(self.id, self.client, *line) for line in lines],
            )

    def answered(self, session: UUID, at: datetime, after: float) -> None:
        """A question and its answer so many seconds later."""
        self.says(session, "user", at)
        self.says(session, "assistant", at + timedelta(seconds=after))

    def settings(self, **values: Any) -> None:
        """Change the salon's settings."""
        for name, value in values.items():
            self.connection.execute(
                f"update dashboard.tenant_settings set {name} = %s where tenant_id = %s".encode(), (value, self.id)
            )

    def metrics(self) -> list[dict[str, Any]]:
        """Its days, the newest first."""
        return self.connection.execute(
            "select * from dashboard.metrics_dailies where tenant_id = %s order by day desc", (self.id,)
        ).fetchall()

    def digests(self) -> list[dict[str, Any]]:
        """The messages that were handed over, in order."""
        return self.connection.execute(
            "select * from platform.outbox where dedup_key like %s order by id", (f"salon/digest/{self.id}/%",)
        ).fetchall()

    def texts(self) -> list[str]:
        """What they say."""
        return [row["payload"]["caption"] for row in self.digests()]


def salon(connection: Plain, name: str = "Лотос", timezone: str | None = "Asia/Almaty", **settings: Any) -> Salon:
    """A salon with a bot of its own and a chat; without a time zone it has no settings at all."""
    number = next(_numbers)
    tenant = _insert(connection, "public.tenants_v2", {"name": name, "metadata": Jsonb(settings.pop("metadata", {}))})
    client = _insert(connection, "public.clients_v2", {"tenant_id": tenant, "full_name": "Айгерим"})
    if timezone:
        bot = arrange.bot(connection, f"salon-{number}", f"{710_000_000 + number}:canary-salon-aaaa", system="salon")
        values = {"tenant_id": tenant, "bot_id": bot, "chat_id": CHAT - number, "timezone": timezone, **settings}
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        connection.execute(
            f"insert into dashboard.tenant_settings ({names}) values ({marks})".encode(), tuple(values.values())
        )
    return Salon(connection, tenant, client)


def _insert(connection: Plain, table: str, values: dict[str, Any]) -> UUID:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    statement = f"insert into {table} ({names}) values ({marks}) returning id".encode()
    row = connection.execute(statement, [Jsonb(v) if isinstance(v, dict) else v for v in values.values()]).fetchone()
    assert row
    identity: UUID = row["id"]
    return identity
