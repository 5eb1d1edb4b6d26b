"""Requests that wait, made older by their own instants, and what became of them."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.helpers.worlds import support as desks
from tests.helpers.worlds.support import Desk, Plain

CARD = 501  # the message that hangs in the topic

_persons = itertools.count(1)


@dataclass(frozen=True)
class Request:
    """A handover and its conversation."""

    id: UUID
    conversation: UUID
    number: int
    jid: str


@dataclass(frozen=True)
class Waiting:
    """Makes requests of one desk."""

    connection: Plain
    desk: Desk

    def request(self, minutes: float, bot_status: str = "active", **columns: Any) -> Request:
        """A request of a person of its own that came so long ago and is due now."""
        jid = f"7701{next(_persons):07}@s.whatsapp.net"
        conversation = desks.conversation(self.connection, self.desk, jid, bot_status=bot_status)
        values = {
            "conversation_id": conversation, "client_id": self.desk.id, "trigger_type": "keyword",
            "telegram_message_id": CARD, **columns,
        }  # fmt: skip
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        statement = f"""
            insert into support.handovers ({names}, created_at, remind_at)
            values ({marks}, now() - make_interval(secs => %s), now() - interval '1 second') returning id, number
        """
        row = self.connection.execute(statement.encode(), (*values.values(), minutes * 60)).fetchone()
        assert row
        return Request(row["id"], conversation, row["number"], jid)

    def older(self, minutes: float) -> None:
        """So much time goes by: all that is noted happened earlier, all that is planned is nearer."""
        self.connection.execute(
            "update support.handovers set created_at = created_at - %(past)s::interval,"
            " remind_at = remind_at - %(past)s::interval,"
            " reminder_1_sent_at = reminder_1_sent_at - %(past)s::interval,"
            " reminder_2_sent_at = reminder_2_sent_at - %(past)s::interval",
            {"past": f"{minutes} minutes"},
        )

    def settings(self, **values: Any) -> None:
        """Change the desk's settings."""
        for name, value in values.items():
            self.connection.execute(
                f"update support.client_settings set {name} = %s where client_id = %s".encode(),
                (Jsonb(value) if isinstance(value, dict) else value, self.desk.id),
            )

    def row(self, request: Request) -> dict[str, Any]:
        """The handover as it is now, with the minutes until it is looked at again."""
        found = self.connection.execute(
            "select *, extract(epoch from remind_at - now())::float8 / 60 as looks_in from support.handovers"
            " where id = %s",
            (request.id,),
        ).fetchone()
        assert found
        return found

    def events(self, request: Request) -> list[str]:
        """Its history."""
        found = self.connection.execute(
            "select event from support.handover_events where handover_id = %s order by id", (request.id,)
        ).fetchall()
        return [row["event"] for row in found]

    def outgoing(self, kind: str) -> list[dict[str, Any]]:
        """The messages of a kind, in order."""
        return self.connection.execute("select * from platform.outbox where kind = %s order by id", (kind,)).fetchall()

    def texts(self, kind: str = "support/reminder") -> list[str]:
        """What they say."""
        return [row["payload"]["text"] for row in self.outgoing(kind)]
