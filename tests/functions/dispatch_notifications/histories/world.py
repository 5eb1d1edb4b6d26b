"""The database of all histories: emptied between them, read after each step, and moved through time by its rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

from shared.database.pool import Connection, Database
from tests.helpers import arrange

T = TypeVar("T")

FILLED = tuple(
    f"platform.{table}"
    for table in (
        "outbox", "lanes", "topics", "outbox_attempts", "delivery_failures", "outbox_audits", "starts", "chat_moves"
    )
)  # fmt: skip
TIMES = """
    select format('%I.%I', n.nspname, c.relname) as name, array_agg(a.attname) as times
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where format('%I.%I', n.nspname, c.relname) = any(%s) and a.atttypid = 'timestamptz'::regtype and a.attnum > 0
    group by 1
"""
SNAPSHOT = """
    select json_build_object(
        'clock', extract(epoch from clock_timestamp()),
        'rows', coalesce((select json_agg(r) from (
            select o.id, o.bot_id, o.chat_id, o.recipient, o.lane, o.kind, o.method, o.dedup_key as key, o.policy,
                   o.state, o.attempt, extract(epoch from o.due_at) as due_at,
                   extract(epoch from o.created_at) as created_at, o.attempt_id, o.maybe_duplicate, o.error_class,
                   o.out_of_order, o.redrives, o.external_id, o.message_id,
                   extract(epoch from clock_timestamp() - o.finished_at) as age
            from platform.outbox o order by o.created_at, o.id) r), '[]'),
        'lanes', coalesce((select json_agg(l) from (
            select l.bot_id, l.lane, coalesce(l.chat, l.lane) as chat, extract(epoch from l.head_due) as head_due,
                   extract(epoch from greatest(l.leased_until, 'epoch')) as leased_until, l.lease, l.priority, l.paced
            from platform.lanes l) l), '[]')) as snapshot
"""
BETWEEN_TRUNCATIONS = 200  # dead rows make everything slower


@dataclass(frozen=True)
class Snapshot:
    """All messages, each lane's oldest first, and all lanes."""

    clock: float  # the server's
    rows: list[dict[str, Any]]
    lanes: dict[tuple[int, str], dict[str, Any]]

    @cached_property
    def by_key(self) -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in self.rows}

    @cached_property
    def heads(self) -> dict[tuple[int, str], dict[str, Any]]:
        """The oldest live message of each lane."""
        heads: dict[tuple[int, str], dict[str, Any]] = {}
        for row in self.rows:
            if row["state"] in ("queued", "sending"):
                heads.setdefault((row["bot_id"], row["lane"]), row)
        return heads


class OneConnection(Database):
    """The handle that functions get: always the same connection, which may prepare its statements."""

    def __init__(self, kept: Connection) -> None:
        super().__init__("")
        self._kept = kept

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        yield self._kept


class World:
    """The clock is the server's, ahead by what has passed in this history."""

    TELEGRAM_RATE = (4.0, 3)  # a second, and at once
    WHATSAPP_RATE = (2.0, 1)

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self.connection: Connection = self.run(
            psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=1, row_factory=dict_row)
        )
        self.database = OneConnection(self.connection)
        self.ahead = 0.0
        self._histories = 0
        with psycopg.connect(url, autocommit=True) as plain:
            (rate, burst), (slow_rate, slow_burst) = self.TELEGRAM_RATE, self.WHATSAPP_RATE
            plain.execute("alter table platform.outbox_audits disable trigger user")
            self.telegram = arrange.bot(plain, rate_per_second=rate, burst=burst)
            older: list[Any] = plain.execute(TIMES.replace("%I", "%%I"), [[*FILLED, "platform.bot_limits"]]).fetchall()
            self._times: dict[str, list[str]] = dict(older)
            gateway: dict[str, Any] = {"channel": "evolution", "address": "account", "telegram_id": None}
            self.whatsapp = arrange.bot(plain, "account", rate_per_second=slow_rate, burst=slow_burst, **gateway)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self.connection.close())
        self._loop.close()

    def now(self) -> float:
        """What the clock says in this history."""
        return time.time() + self.ahead

    def execute(self, statements: str) -> None:
        """Several statements at once."""
        self.run(self.connection.execute(statements.encode(), prepare=False))

    def begin(self, alert_chat: int) -> None:
        """A new history: nothing was ever sent."""
        self._histories += 1
        self.ahead = 0.0
        if self._histories % BETWEEN_TRUNCATIONS == 0:
            self.execute(f"truncate {', '.join(FILLED)} cascade")
        self.execute(
            ";".join(f"delete from {table}" for table in FILLED)
            + f"; update platform.bots set status = 'active', alert_chat_id ="
            f" case when id = {self.telegram} then {alert_chat} end;"
            f" delete from platform.bot_limits; insert into platform.bot_limits (bot_id) select id from platform.bots"
        )

    def pass_time(self, seconds: float) -> None:
        """Everything that is written down becomes older."""
        if not seconds:
            return
        self.ahead += seconds
        self.execute(
            ";".join(
                f"update {table} set " + ", ".join(f"{name} = {name} - interval '{seconds} seconds'" for name in names)
                for table, names in self._times.items()
            )
        )

    def snapshot(self) -> Snapshot:
        async def read() -> dict[str, Any]:
            row = await (await self.connection.execute(SNAPSHOT)).fetchone()
            assert row
            found: dict[str, Any] = row["snapshot"]
            return found

        found = self.run(read())
        return Snapshot(
            found["clock"], found["rows"], {(lane["bot_id"], lane["lane"]): lane for lane in found["lanes"]}
        )
