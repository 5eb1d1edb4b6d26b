"""The database of all histories: emptied between them, read after each step, and moved through time by its rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import PQGen
from psycopg.rows import DictRow, dict_row

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
TELEGRAM_RATE = (4.0, 3)  # a second, and at once
WHATSAPP_RATE = (2.0, 1)
BEGIN = (
    "update platform.bots set status = 'active', private_pace = default, group_pace = default",
    "update platform.bots set alert_chat_id = alert_chat, rate_per_second = {}, burst = {} where id = telegram".format(
        *TELEGRAM_RATE
    ),
    "update platform.bots set rate_per_second = {}, burst = {} where id <> telegram".format(*WHATSAPP_RATE),
    "delete from platform.bot_limits",
    "insert into platform.bot_limits (bot_id) select id from platform.bots",
)
UNLIMITED = """
    update platform.bots
    set status = 'active', rate_per_second = 1000, burst = 1000, private_pace = '0', group_pace = '0'
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


class BlockingConnection(psycopg.AsyncConnection[DictRow]):
    """Whoever awaits its answers has them at once: the turns of an event loop would cost more than the statements."""

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:  # noqa: ASYNC109
        """As psycopg's."""
        return waiting.wait(gen, self.pgconn.socket, interval, timeout)


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

    def __init__(self, url: str) -> None:
        # The claim takes longer to plan than to run, and nobody waits for the disk.
        options = "-c plan_cache_mode=force_generic_plan -c synchronous_commit=off"
        self._loop = asyncio.new_event_loop()
        self.connection: Connection = self.run(
            BlockingConnection.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row, options=options)
        )
        self.database = OneConnection(self.connection)
        self.ahead = 0.0
        self._histories = 0
        self.keys: dict[int, str] = {}  # by id, as far as they are known
        with psycopg.connect(url, autocommit=True) as plain:
            plain.execute("alter table platform.outbox_audits disable trigger user")
            self.telegram = arrange.bot(plain)
            older: list[Any] = plain.execute(TIMES.replace("%I", "%%I"), [[*FILLED, "platform.bot_limits"]]).fetchall()
            gateway: dict[str, Any] = {"channel": "evolution", "address": "account", "telegram_id": None}
            self.whatsapp = arrange.bot(plain, "account", **gateway)
        self._add_function("pass_time(seconds float8)", (_made_older(name, times) for name, times in older))
        emptied = (f"delete from {table}" for table in FILLED)
        self._add_function("begin(telegram bigint, alert_chat bigint)", (*emptied, *BEGIN))

    def _add_function(self, signature: str, statements: Iterable[str]) -> None:
        """All at once, and planned once."""
        body = "; ".join(statements)
        self.execute(f"create function pg_temp.{signature} returns void language plpgsql as $$ begin {body}; end $$")

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
        self.keys.clear()
        if self._histories % BETWEEN_TRUNCATIONS == 0:
            self.execute(f"truncate {', '.join(FILLED)} cascade")
        self._call("select pg_temp.begin(%s, %s)", self.telegram, alert_chat)

    def _call(self, query: LiteralString, *values: object) -> None:
        self.run(self.connection.execute(query, values))

    def pass_time(self, seconds: float) -> None:
        """Everything that is written down becomes older."""
        if not seconds:
            return
        self.ahead += seconds
        self._call("select pg_temp.pass_time(%s)", float(seconds))

    def let_go(self) -> None:
        """All bots are at work, and no rate holds anybody up any more."""
        self._call(UNLIMITED)

    def snapshot(self) -> Snapshot:
        async def read() -> dict[str, Any]:
            row = await (await self.connection.execute(SNAPSHOT)).fetchone()
            assert row
            found: dict[str, Any] = row["snapshot"]
            return found

        found = self.run(read())
        self.keys.update((row["id"], row["key"]) for row in found["rows"])
        return Snapshot(
            found["clock"], found["rows"], {(lane["bot_id"], lane["lane"]): lane for lane in found["lanes"]}
        )


def _made_older(table: str, times: Iterable[str]) -> str:
    return f"update {table} set " + ", ".join(f"{name} = {name} - make_interval(secs => seconds)" for name in times)
