"""A tick of the sweep among a million handovers: with the index that leads to what is due, without it, and idle.

`unindexed` compares what finds and what marks: the claim, the change, the commit. What is read and decided in between
is the same either way and is not counted there; the whole ticks are figures beside it.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, astuple, dataclass

import psycopg
from psycopg import sql as composing

from functions.handover_reminder_sweep import actions
from functions.handover_reminder_sweep import due as handover_reminder_sweep_due
from functions.handover_reminder_sweep import run as handover_reminder_sweep_run
from functions.handover_reminder_sweep.decide import Step, decide
from shared.database.pool import Connection, Database
from shared.support import conversations, updates
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median

DEFAULT_SECONDS = 3.0  # of a plan: with fewer, there are fewer of all
DESKS = 50
IDLE_RUNS = 20  # a round
TICK_SECONDS = 60.0
GOALS = {"unindexed": ">= 10", "idle_ms": "<= 3"}

# Ids follow from a handover's number: 1 to DUE are due, up to OPEN open, the others have ended in the past year.
FILL = (
    """
    insert into support.clients (id, name)
    select md5('desk' || n)::uuid, 'Desk ' || n from generate_series(0, {desks} - 1) n
    """,
    """
    insert into support.client_settings (client_id, telegram_chat_id, telegram_bot_id, whatsapp_bot_id,
                                         owner_telegram_id, timezone, working_hours)
    select md5('desk' || n)::uuid, (-1001900000000 - n)::text, b.id, b.id, 'owner_of_it', 'UTC', w.week
    from platform.bots b, generate_series(0, {desks} - 1) n,
         (select jsonb_object_agg(day, '[["00:00", "24:00"]]'::jsonb) as week
          from unnest(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) day) w
    """,
    """
    insert into support.users (id, client_id, remote_jid, name)
    select md5('user' || n)::uuid, md5('desk' || n % {desks})::uuid, 7700000000 + n || '@s.whatsapp.net', 'Person ' || n
    from generate_series(1, {handovers}) n
    """,
    """
    insert into support.conversations (id, client_id, user_id, bot_status, bot_muted_until)
    select md5('conversation' || n)::uuid, md5('desk' || n % {desks})::uuid, md5('user' || n)::uuid,
           case when n > {open} - {held} and n <= {open} then 'muted' else 'active' end,
           case when n > {open} - {held} and n <= {open} then now() - interval '1 hour' end
    from generate_series(1, {handovers}) n
    """,
    """
    insert into support.handovers (id, conversation_id, client_id, status, trigger_type, created_at, resolved_at,
                                   assigned_to_name, telegram_message_id, remind_at)
    select md5('handover' || n)::uuid, md5('conversation' || n)::uuid, md5('desk' || n % {desks})::uuid, s.status,
           'keyword', t.created_at,
           case when s.status in ('resolved', 'timeout') then t.created_at + interval '20 minutes' end,
           case when s.status in ('active', 'resolved') then 'Manager' end, n,
           case when s.status = 'pending' then now() + interval '1 hour' end
    from generate_series(1, {handovers}) n
    cross join lateral (select case when n > {open} then (array['resolved', 'timeout'])[1 + n % 2]
                                    when n > {open} - {held} then 'active' else 'pending' end as status) s
    cross join lateral (select case when n > {open} then now() - n % 525600 * interval '1 minute'
                                    else now() - interval '1 minute' end as created_at) t
    """,
)  # fmt: skip
# A third of them waits for each action. Triggers would refuse to open again what was closed.
RESET = """
    update support.handovers h
    set status = 'pending', resolved_at = null, reminder_1_sent_at = null, reminder_2_sent_at = null,
        created_at = now() - (array[31, 61, 121])[1 + n % 3] * interval '1 minute',
        remind_at = now() - interval '1 minute'
    from generate_series(1, {due}) n
    where h.id = md5('handover' || n)::uuid
"""
INDEX = "create index handovers_due on support.handovers (remind_at) where remind_at is not null"

Work = Callable[[Database], Awaitable[float]]


@dataclass(frozen=True)
class Size:
    """How many handovers there are, are open, are due; and those that managers hold, whose mutes ran out under them."""

    handovers: int = 1_000_000
    open: int = 10_000
    due: int = 1_000
    held: int = 1_000  # each run checks these, too

    def share(self, share: float) -> "Size":
        """The same in small."""
        return Size(*(round(number * share) for number in astuple(self)))


class Timed(Database):
    """Knows how long its longest transaction took."""

    longest = 0.0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The usual one, timed from its begin to its commit."""
        async with self.connection() as connection:
            started = time.perf_counter()
            async with connection.transaction():
                yield connection
            self.longest = max(self.longest, time.perf_counter() - started)


def measure(plan: Plan) -> Result:
    """Claim and mark with and without the index, whole ticks, and runs with nothing due, in turn."""
    size = Size().share(min(1.0, plan.seconds / DEFAULT_SECONDS))
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        plan.screen.print(f"[dim]{size.handovers} handovers are made[/]")
        _fill(connection, size)
        longest: list[float] = []
        contenders: dict[str, Callable[[], float]] = {
            "marked": lambda: _due(url, connection, size, _mark),
            "marked_unindexed": lambda: _unindexed(url, connection, size, _mark),
            "tick": lambda: _due(url, connection, size, _tick, longest),
            "tick_unindexed": lambda: _unindexed(url, connection, size, _tick),
            "idle": lambda: _idle(url, connection),
        }
        took = plan.interleave("sweep", contenders)
    figures: dict[str, float | str] = {
        "handovers": size.handovers,
        "open": size.open,
        "due": size.due,
        "idle_ms": _milliseconds(took["idle"]),
        "longest_transaction_ms": median([1000 * max(longest)]),
        "tick_1000_ms": _milliseconds(took["tick"]),
        "tick_1000_unindexed_ms": _milliseconds(took["tick_unindexed"]),
        "claim_and_mark_ms": _milliseconds(took["marked"]),
        "claim_and_mark_unindexed_ms": _milliseconds(took["marked_unindexed"]),
    }
    ratio = statistics.median(took["marked_unindexed"]) / statistics.median(took["marked"])
    return Result("sweep", figures, {"unindexed": median([ratio])}, GOALS)


def _milliseconds(seconds: list[float]) -> float:
    return median(1000 * duration for duration in seconds)


def _fill(connection: psycopg.Connection, size: Size) -> None:
    connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
    for statement in FILL:
        _run(connection, statement, desks=DESKS, **asdict(size))
    connection.execute("vacuum (freeze, analyze) support.users, support.conversations, support.handovers")
    connection.execute("checkpoint")


def _run(connection: psycopg.Connection, statement: str, **numbers: int) -> None:
    """Numbers in place of the names in braces."""
    named = {name: composing.Literal(number) for name, number in numbers.items()}
    connection.execute(composing.SQL(statement).format(**named))


def _reset(connection: psycopg.Connection, size: Size) -> None:
    """What is due is due again, nothing was said. Topics stay: cards made them before anybody was reminded."""
    connection.execute("truncate support.handover_events, support.messages, platform.outbox, platform.lanes cascade")
    _run(connection, RESET, due=size.due)
    connection.execute("vacuum analyze support.handovers, support.conversations")


def _due(url: str, connection: psycopg.Connection, size: Size, work: Work, longest: list[float] | None = None) -> float:
    """Seconds that `work` takes for all that is due, the second time: a function keeps its connection between ticks."""

    async def run() -> float:
        database = Timed(url)
        try:
            _reset(connection, size)
            await work(database)
            _reset(connection, size)
            database.longest = 0.0
            seconds = await work(database)
        finally:
            await database.close()
        if longest is not None:
            longest.append(database.longest)
        return seconds

    seconds = asyncio.run(run())
    row = connection.execute("select count(*) from support.handover_events").fetchone()
    if row != (size.due,):
        raise BenchmarkError(f"{row} of {size.due} handovers were settled")
    return seconds


def _unindexed(url: str, connection: psycopg.Connection, size: Size, work: Work) -> float:
    """Nothing else leads a claim to what is due; marks go by primary keys."""
    connection.execute("drop index support.handovers_due")
    try:
        return _due(url, connection, size, work)
    finally:
        connection.execute(INDEX)


async def _mark(database: Database) -> float:
    """Claim and mark, batch by batch, until nothing is left."""
    seconds = 0.0
    claimed = True
    while claimed:
        started = time.perf_counter()
        async with database.transaction() as connection:
            due = await handover_reminder_sweep_due._claim(connection, handover_reminder_sweep_due.BATCH_ROWS)
            claimed = bool(due)
            seconds += time.perf_counter() - started
            made = await _decided(connection, due)
            started = time.perf_counter()
            await updates.write(connection, made)
        seconds += time.perf_counter() - started
    return seconds


async def _decided(
    connection: Connection, due: list[handover_reminder_sweep_due.Due]
) -> list[updates.ConversationUpdate]:
    locked = await conversations.lock(connection, [handover.conversation_id for handover in due])
    decided = [decide(conversation, conversation.handover) for conversation in locked if conversation.handover]
    return [change for step in decided if isinstance(step, Step) and (change := actions._update(step))]


async def _tick(database: Database) -> float:
    """A whole run."""
    started = time.perf_counter()
    report = await handover_reminder_sweep_run.run(database, TICK_SECONDS, "c" * 32)
    if report["remaining"]:
        raise BenchmarkError(f"a tick answered {report}")
    return time.perf_counter() - started


def _idle(url: str, connection: psycopg.Connection) -> float:
    """Seconds of a run with nothing due, the median of some."""
    _run(connection, "update support.handovers set remind_at = now() + interval '1 hour' where remind_at <= now()")
    connection.execute("vacuum analyze support.handovers")

    async def run() -> list[float]:
        database = Database(url)
        took: list[float] = []
        for _ in range(1 + IDLE_RUNS):
            started = time.perf_counter()
            report = await handover_reminder_sweep_run.run(database, TICK_SECONDS, "c" * 32)
            took.append(time.perf_counter() - started)
            if any(report.values()):
                raise BenchmarkError(f"an idle tick answered {report}")
        await database.close()
        return took[1:]

    return statistics.median(asyncio.run(run()))
