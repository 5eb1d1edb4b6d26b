"""The salons' mornings: one day of a thousand salons among a million sessions, and a whole tick for all of them.

`scan` is the tick's statement over a bare `count(distinct)` of the same day's rows; `tenant_loop` is the same statement
salon by salon over the one for all. The history holds no messages: each session is looked up in it and none is found.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import psycopg
from psycopg import sql as composing

from functions.daily_metrics_digest import run
from functions.daily_metrics_digest.digest import metrics
from functions.daily_metrics_digest.digest.metrics import Salon
from shared.database import sql
from shared.database.pool import Connection, Database
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, rounded

SESSIONS, TENANTS, DAYS = 1_000_000, 1_000, 90
DEFAULT_SECONDS = 3.0  # of a plan: with fewer, there are fewer of both
TICK_SECONDS = 60.0
GOALS = {"scan": "<= 2.5", "tenant_loop": ">= 100", "tick_1000_ms": "<= 2000"}

FILL = (
    """
    insert into public.tenants_v2 (id, name) select md5('tenant' || n)::uuid, 'Salon ' || n
    from generate_series(1, {tenants}) n
    """,
    """
    insert into public.clients_v2 (id, tenant_id) select md5('client' || n)::uuid, md5('tenant' || n)::uuid
    from generate_series(1, {tenants}) n
    """,
    """
    insert into dashboard.tenant_settings (tenant_id, bot_id, chat_id, timezone, digest_hour)
    select md5('tenant' || n)::uuid, (select min(id) from platform.bots), -1001900000000 - n, 'UTC', 0
    from generate_series(1, {tenants}) n
    """,
    """
    insert into public.conversation_sessions_v2 (session_id, tenant_id, user_id, channel, started_at, final_status,
                                                 booking_id, meta)
    select md5('session' || n)::uuid, md5('tenant' || 1 + n % {tenants})::uuid,
           md5('client' || 1 + n % {tenants})::uuid, 'telegram', date_trunc('day', now()) - interval '1 millisecond'
               - n::float8 / {sessions} * {days} * interval '24 hours',
           case when n % 3 = 0 then 'done' else 'dropped' end, case when n % 3 = 0 then n::text end,
           case when n % 3 = 0 then '{{"services_mentioned": ["маникюр"]}}'::jsonb
                else '{{"drop_off_stage": "time_selection"}}'::jsonb end
    from generate_series({sessions} - 1, 0, -1) n
    """,
)
COUNT = """
    select tenant_id, count(distinct session_id) as dialogs
    from public.conversation_sessions_v2
    where started_at >= %(day)s::date and started_at < %(day)s::date + 1
    group by tenant_id
"""

Work = Callable[[Connection, list[Salon], datetime], Awaitable[None]]


def measure(plan: Plan) -> Result:
    """The day's statement, what it is compared with, and whole ticks, in turn."""
    share = min(1.0, plan.seconds / DEFAULT_SECONDS)
    sessions, tenants = round(SESSIONS * share), round(TENANTS * share)
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        plan.screen.print(f"[dim]{sessions} sessions are made[/]")
        _fill(connection, sessions, tenants)
        contenders: dict[str, Callable[[], float]] = {
            "statement": lambda: _day(url, _statement),
            "count": lambda: _day(url, _count),
            "tenant_loop": lambda: _day(url, _salon_by_salon),
            "tick": lambda: _tick(url, connection),
        }
        seconds = plan.interleave("digest", contenders)
    took = {name: statistics.median(rounds) for name, rounds in seconds.items()}
    figures: dict[str, float | str] = {
        "sessions": sessions,
        "tenants": tenants,
        "sessions_of_the_day": sessions // DAYS,
        "statement_ms": rounded(1000 * took["statement"]),
        "count_ms": rounded(1000 * took["count"]),
        "tenant_loop_ms": rounded(1000 * took["tenant_loop"]),
        "tick_1000_ms": rounded(1000 * took["tick"]),
    }
    ratios = {
        "scan": rounded(took["statement"] / took["count"]),
        "tenant_loop": rounded(took["tenant_loop"] / took["statement"]),
    }
    return Result("digest", figures, ratios, GOALS)


def _fill(connection: psycopg.Connection, sessions: int, tenants: int) -> None:
    connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
    numbers = {"tenants": tenants, "sessions": sessions, "days": DAYS}
    named = {name: composing.Literal(number) for name, number in numbers.items()}
    for statement in FILL:
        connection.execute(composing.SQL(statement).format(**named))
    connection.execute("vacuum (freeze, analyze) public.conversation_sessions_v2, public.tenants_v2, public.clients_v2")
    connection.execute("vacuum (analyze) dashboard.tenant_settings")
    connection.execute("checkpoint")


def _day(url: str, work: Work) -> float:
    """Seconds that `work` takes for yesterday, the second time; the days before are there."""

    async def measured() -> float:
        database = Database(url)
        try:
            now, salons = await _salons(database)
            async with database.transaction() as connected:
                await metrics.compute(connected, salons, now)
            async with database.connection() as connected:
                await work(connected, salons, now)
                started = time.perf_counter()
                await work(connected, salons, now)
                return time.perf_counter() - started
        finally:
            await database.close()

    return asyncio.run(measured())


async def _salons(database: Database) -> tuple[datetime, list[Salon]]:
    now = await run.clock(database)
    day: date = now.date() - timedelta(days=1)
    async with database.connection() as connection:
        rows = await (await connection.execute("select id from public.tenants_v2 order by id")).fetchall()
    return now, [Salon(row["id"], "UTC", day) for row in rows]


async def _statement(connection: Connection, salons: list[Salon], now: datetime) -> None:
    await metrics.compute(connection, salons, now, recompute_days=1)


async def _salon_by_salon(connection: Connection, salons: list[Salon], now: datetime) -> None:
    for salon in salons:
        await metrics.compute(connection, [salon], now, recompute_days=1)


async def _count(connection: Connection, salons: list[Salon], _: datetime) -> None:
    rows = await sql.fetch_all(connection, COUNT, {"day": salons[0].day})
    if len(rows) != len(salons) or not all(row["dialogs"] for row in rows):
        raise BenchmarkError(f"{len(rows)} of {len(salons)} salons have sessions")


def _tick(url: str, connection: psycopg.Connection) -> float:
    """Seconds of metrics and digests of all, handed over; the second morning, as the first computes fourteen days."""

    async def measured() -> float:
        database = Database(url)
        try:
            now, salons = await _salons(database)
            async with database.transaction() as connected:
                await metrics.compute(connected, salons, now)
            connection.execute("truncate platform.outbox, platform.lanes cascade")
            connection.execute("update dashboard.metrics_dailies set digest_outbox_id = null, digest_sent_at = null")
            connection.execute("vacuum analyze dashboard.metrics_dailies")
            started = time.perf_counter()
            report = await run.run_digests(database, time.monotonic() + TICK_SECONDS, "c" * 32, now)
            seconds = time.perf_counter() - started
        finally:
            await database.close()
        if (report["done"], report["remaining"]) != (len(salons), 0):
            raise BenchmarkError(f"a tick answered {report}")
        return seconds

    return asyncio.run(measured())
