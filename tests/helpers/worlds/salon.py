"""A salon, its sessions and messages as its bot wrote them, and what became of them."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.worlds.support import insert

Plain = psycopg.Connection[DictRow]

CHAT = -1001900000555

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Salon:
    """A tenant with one client; without settings it has neither a bot nor a chat."""

    connection: Plain
    id: UUID
    client: UUID
    bot: int | None
    bot_name: str
    chat: int | None

    def session(self, started_at: datetime | str = "now", **columns: Any) -> UUID:
        """An archived session; its session_id."""
        session_id = uuid4()
        values = {
            "session_id": session_id, "tenant_id": self.id, "user_id": self.client, "channel": "telegram",
            "started_at": started_at, "final_status": "done", **columns,
        }  # fmt: skip
        insert(self.connection, "public.conversation_sessions_v2", **_as_json(values))
        return session_id

    def dialogs(self, done: int = 0, hours: float = 1, **others: int) -> None:
        """So many sessions by final status, all of them so many hours ago; those that are done are booked."""
        at = datetime.now(UTC) - timedelta(hours=hours)
        for number in range(done):
            self.session(at, booking_id=f"7{number}")
        for status, count in others.items():
            for _ in range(count):
                self.session(at, final_status=status)

    def message(self, session: UUID, role: str, at: datetime) -> None:
        """A message of a session."""
        insert(
            self.connection, "public.recent_history_v2", tenant_id=self.id, user_id=self.client, session_id=session,
            role=role, message="…", created_at=at,
        )  # fmt: skip

    def answered(self, session: UUID, at: datetime, after: float) -> None:
        """A question and its answer so many seconds later."""
        self.message(session, "user", at)
        self.message(session, "assistant", at + timedelta(seconds=after))

    def archive(
        self, sessions: list[tuple[UUID, datetime, str | None, str]], lines: list[tuple[UUID, str, datetime]]
    ) -> None:
        """Many sessions (id, start, booking, status) and their messages (session, role, time), in few round trips."""
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

    def settings(self, **values: Any) -> None:
        """Change the salon's settings."""
        for name, value in values.items():
            with arrange.unchecked(self.connection):  # some zones are wrong
                self.connection.execute(
                    f"update dashboard.tenant_settings set {name} = %s where tenant_id = %s".encode(), (value, self.id)
                )

    def metrics(self) -> list[dict[str, Any]]:
        """Its days, the newest first."""
        return rows(
            self.connection, "select * from dashboard.metrics_dailies where tenant_id = %s order by day desc", self.id
        )

    def digests(self) -> list[dict[str, Any]]:
        """The messages with its digests, in order."""
        query = "select * from platform.outbox where dedup_key like %s order by id"
        return rows(self.connection, query, f"salon/digest/{self.id}/%")

    def captions(self) -> list[str]:
        """The texts of its digests."""
        return [row["payload"]["caption"] for row in self.digests()]

    def alerts(self) -> list[tuple[Any, ...]]:
        """Its alerts: kind, severity, actual, whether open."""
        query = "select *, resolved_at is null as open from dashboard.alerts where tenant_id = %s order by id"
        alerts = rows(self.connection, query, self.id)
        return [(row["kind"], row["severity"], float(row["actual"]), row["open"]) for row in alerts]

    def alert_messages(self) -> list[dict[str, Any]]:
        """The messages of its alerts, in order."""
        query = """
            select o.* from platform.outbox o
            join dashboard.alerts a on o.dedup_key like 'salon/alert/' || a.id || '/%%'
            where a.tenant_id = %s order by o.id
        """
        return rows(self.connection, query, self.id)


def salon(connection: Plain, name: str = "Лотос", timezone: str | None = "Asia/Almaty", **settings: Any) -> Salon:
    """A salon with a bot of its own and a chat; without a time zone it has no settings at all."""
    number = next(_numbers)
    bot, bot_name, chat = None, f"salon-{number}", None
    tenant = insert(connection, "public.tenants_v2", name=name, metadata=Jsonb(settings.pop("metadata", {})))
    client = insert(connection, "public.clients_v2", tenant_id=tenant, full_name="Айгерим")
    if timezone:
        chat = CHAT - number
        bot = arrange.bot(connection, bot_name, f"{710_000_000 + number}:canary-salon-aaaa", system="salon")
        values = {"tenant_id": tenant, "bot_id": bot, "chat_id": chat, "timezone": timezone, **settings}
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        with arrange.unchecked(connection):  # some zones are wrong
            connection.execute(
                f"insert into dashboard.tenant_settings ({names}) values ({marks})".encode(), tuple(values.values())
            )
    return Salon(connection, tenant, client, bot, bot_name, chat)


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: Jsonb(value) if isinstance(value, dict) else value for name, value in values.items()}
