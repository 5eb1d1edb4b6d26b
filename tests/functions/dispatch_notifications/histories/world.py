"""The database of all histories: emptied between them, read after each step, with a clock that can be set forward."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

from shared.database.pool import Connection, Database
from tests.functions.dispatch_notifications.histories.blocking import BlockingConnection, run_command
from tests.helpers import arrange

T = TypeVar("T")

FILLED = tuple(
    f"platform.{table}"
    for table in (
        "outbox_attempts", "outbox", "lanes", "topics", "delivery_failures", "outbox_audits", "starts", "chat_moves"
    )
)  # fmt: skip
# Statements name no schema of Postgres' own functions, so they find these first; a default has its function in it.
CLOCK = """
    create schema history;
    create function history.now() returns timestamptz stable return
        pg_catalog.now() + current_setting('history.ahead')::interval;
    create function history.clock_timestamp() returns timestamptz volatile return
        pg_catalog.clock_timestamp() + current_setting('history.ahead')::interval;
    -- A machine that is busy for seconds is no process that froze with lanes locked.
    create function history.set_config(text, text, boolean) returns text return null;
    do $$ declare command text; begin
        for command in
            select format('alter table %s alter %I set default history.%s', d.adrelid::regclass, a.attname, usual)
            from pg_attrdef d
            join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            join pg_class c on c.oid = d.adrelid
            cross join pg_get_expr(d.adbin, d.adrelid) usual
            where usual in ('now()', 'clock_timestamp()') and c.relnamespace = 'platform'::regnamespace
        loop execute command; end loop;
    end $$
"""
SNAPSHOT = """
    select json_build_object(
        'clock', date_part('epoch', clock_timestamp()),
        'rows', coalesce((select json_agg(r) from (
            select o.id, o.bot_id, o.chat_id, o.recipient, o.lane, o.kind, o.method, o.dedup_key as key, o.policy,
                   o.state, o.attempt, date_part('epoch', o.due_at) as due_at,
                   date_part('epoch', o.created_at) as created_at, o.attempt_id, o.maybe_duplicate, o.error_class,
                   o.out_of_order, o.redrives, o.external_id, o.message_id,
                   date_part('epoch', o.finished_at) as finished_at
            from platform.outbox o order by o.created_at, o.id) r), '[]'),
        'lanes', coalesce((select json_agg(l) from (
            select l.bot_id, l.lane, coalesce(l.chat, l.lane) as chat, date_part('epoch', l.head_due) as head_due,
                   date_part('epoch', greatest(l.leased_until, 'epoch')) as leased_until, l.lease, l.priority, l.paced
            from platform.lanes l) l), '[]')) as snapshot
"""
LIVE = ("queued", "sending")
TELEGRAM_RATE = (4.0, 3)  # a second, and at once
WHATSAPP_RATE = (2.0, 1)
BEGIN = (
    """update platform.bots
       set status = 'active', private_pace = default, group_pace = default,
           alert_chat_id = case when id = telegram then alert_chat end,
           rate_per_second = case when id = telegram then {} else {} end,
           burst = case when id = telegram then {} else {} end""".format(
        *(value for of_both in zip(TELEGRAM_RATE, WHATSAPP_RATE, strict=True) for value in of_both)
    ),
    "delete from platform.bot_limits",
    "insert into platform.bot_limits (bot_id) select id from platform.bots",
)
UNLIMITED = """
    update platform.bots
    set status = 'active', rate_per_second = 1e6, burst = 1000, private_pace = '0', group_pace = '0'
"""
BETWEEN_TRUNCATIONS = 200  # dead rows make everything slower


@dataclass(frozen=True)
class Snapshot:
    """All messages, each lane's oldest first, and all lanes."""

    clock: float  # the server's
    rows: list[dict[str, Any]]
    lanes: dict[tuple[int, str], dict[str, Any]]

    def later(self, seconds: float) -> "Snapshot":
        """The same after nothing but time has passed."""
        return replace(self, clock=self.clock + seconds)

    @cached_property
    def by_key(self) -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in self.rows}

    @cached_property
    def live(self) -> list[dict[str, Any]]:
        """What has not ended."""
        return [row for row in self.rows if row["state"] in LIVE]

    @cached_property
    def heads(self) -> dict[tuple[int, str], dict[str, Any]]:
        """The oldest live message of each lane."""
        heads: dict[tuple[int, str], dict[str, Any]] = {}
        for row in self.live:
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

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """As psycopg's, with less around it."""
        run_command(self._kept, b"begin")
        try:
            yield self._kept
        except BaseException:
            run_command(self._kept, b"rollback")
            raise
        run_command(self._kept, b"commit")


class World:
    """The clock is the server's, ahead by what has passed in this history."""

    def __init__(self, url: str) -> None:
        # The claim takes longer to plan than to run, and nobody waits for the disk.
        options = "-c plan_cache_mode=force_generic_plan -c synchronous_commit=off -c search_path=history,pg_catalog"
        self._loop = asyncio.new_event_loop()
        self.connection: Connection = self.run_with_rests(
            BlockingConnection.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row, options=options)
        )
        self.database = OneConnection(self.connection)
        self.ahead = 0.0
        self._histories = 0
        self.keys: dict[int, str] = {}  # by id, as far as they are known
        with psycopg.connect(url, autocommit=True) as plain:
            plain.execute("alter table platform.outbox_audits disable trigger user")
            plain.execute("set history.ahead = 0")
            plain.execute(CLOCK)
            self.telegram = arrange.bot(plain)
            gateway: dict[str, Any] = {"channel": "evolution", "address": "account", "telegram_id": None}
            self.whatsapp = arrange.bot(plain, "account", **gateway)
        emptied = (f"delete from {table}" for table in FILLED)
        body = "; ".join((*emptied, *BEGIN))  # all at once, and planned once
        self.execute(
            "create function pg_temp.begin(telegram bigint, alert_chat bigint) returns void language plpgsql "
            f"as $$ begin {body}; end $$"
        )

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Without an event loop, whose turns would cost more than the statements: nobody waits for anything else."""
        try:
            work.send(None)
        except StopIteration as end:
            answer: T = end.value
            return answer
        raise AssertionError("it waits for something else than its connection")

    def run_with_rests(self, work: Coroutine[Any, Any, T]) -> T:
        """The same of what sleeps."""
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self.connection.close())
        self._loop.close()

    def now(self) -> float:
        """What the clock says in this history."""
        return time.time() + self.ahead

    def execute(self, statements: str) -> None:
        """Several statements at once."""
        run_command(self.connection, statements.encode())

    def begin(self, alert_chat: int) -> None:
        """A new history: nothing was ever sent."""
        self._histories += 1
        self._set_clock(0.0)
        self.keys.clear()
        if self._histories % BETWEEN_TRUNCATIONS == 0:
            self.execute(f"truncate {', '.join(FILLED)}")
        self.run(self.connection.execute("select pg_temp.begin(%s, %s)", (self.telegram, alert_chat)))

    def pass_time(self, seconds: float) -> None:
        """Everybody's clock goes forward."""
        if seconds:
            self._set_clock(self.ahead + seconds)

    def _set_clock(self, ahead: float) -> None:
        self.ahead = ahead
        self.execute(f"set history.ahead = '{ahead:.6f} seconds'")

    def let_go(self) -> None:
        """All bots are at work, and no rate holds anybody up any more."""
        self.execute(UNLIMITED)

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
