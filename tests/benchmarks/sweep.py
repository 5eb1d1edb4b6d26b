"""A tick of the sweep among a million handovers: with the index that leads to what is due, without it, and idle.

`unindexed` compares what finds and what marks: the claim, the change, the commit. What is read and decided in between
is the same either way and is not counted there; the whole ticks are figures beside it.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg

from functions.handover_reminder_sweep import actions
from functions.handover_reminder_sweep import due as handover_reminder_sweep_due
from functions.handover_reminder_sweep import run as handover_reminder_sweep_run
from functions.handover_reminder_sweep.decide import Step, decide
from shared.database.pool import Connection, Database
from shared.support import conversations, updates
from tests.benchmarks import servers, sweep_rows
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.benchmarks.sweep_rows import Size

DEFAULT_SECONDS = 3.0  # of a plan: with fewer, there are fewer of all
IDLE_RUNS = 20  # a round
TICK_SECONDS = 60.0
GOALS = {"unindexed": ">= 10", "idle_ms": "<= 3"}

Work = Callable[[Database], Awaitable[float]]


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
        sweep_rows.fill(connection, size)
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


def _due(url: str, connection: psycopg.Connection, size: Size, work: Work, longest: list[float] | None = None) -> float:
    """Seconds that `work` takes for all that is due, the second time: a function keeps its connection between ticks."""

    async def run() -> float:
        database = Timed(url)
        try:
            sweep_rows.reset(connection, size)
            await work(database)
            sweep_rows.reset(connection, size)
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
        connection.execute(sweep_rows.INDEX)


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
    sweep_rows.run(
        connection, "update support.handovers set remind_at = now() + interval '1 hour' where remind_at <= now()"
    )
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
