"""The salons' mornings: one day of a thousand salons among a million sessions, and a whole tick that tells them all.

`date_form` asks for the day by DATE(started_at), which no index knows; `tenant_loop` asks salon by salon. The ratios
compare what finds and counts the day's sessions: the beginning of the one statement. Answers of the history (none
here) and the rows that are written are the same either way and are not counted there; `upsert_ms` is all of it.
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
from functions.daily_metrics_digest.digest.metrics import Salon, columns
from shared.database import sql
from shared.database.pool import Connection, Database
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median

SESSIONS, TENANTS, DAYS = 1_000_000, 1_000, 90
SESSIONS_PER_SECOND_OF_PLAN = 400_000  # all of them with the usual three seconds
TICK_SECONDS = 60.0
GOALS = {"date_form": ">= 15", "tenant_loop": ">= 100", "tick_1000_ms": "<= 2000"}

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
RANGE = "s.started_at >= d.begins and s.started_at < d.ends"
BOUNDS = "where s.started_at >= (select min(begins) from days) and s.started_at < (select max(ends) from days)"

Work = Callable[[Connection, list[Salon], datetime], Awaitable[None]]


def measure(plan: Plan) -> Result:
    """The day's upsert in three forms, and whole ticks, in turn."""
    sessions = min(SESSIONS, round(plan.seconds * SESSIONS_PER_SECOND_OF_PLAN))
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        plan.screen.print(f"[dim]{sessions} sessions are made[/]")
        _fill(connection, sessions)
        contenders: dict[str, Callable[[], float]] = {
            "day": lambda: _day(url, _at_once),
            "upsert": lambda: _day(url, _upsert),
            "date_form": lambda: _day(url, _by_date),
            "tenant_loop": lambda: _day(url, _one_by_one),
            "tick": lambda: _tick(url, connection),
        }
        took = plan.interleave("digest", contenders)
    figures: dict[str, float | str] = {
        "sessions": sessions,
        "tenants": TENANTS,
        "sessions_of_the_day": sessions // DAYS,
        "upsert_ms": _milliseconds(took["upsert"]),
        "day_ms": _milliseconds(took["day"]),
        "date_form_ms": _milliseconds(took["date_form"]),
        "tenant_loop_ms": _milliseconds(took["tenant_loop"]),
        "tick_1000_ms": _milliseconds(took["tick"]),
    }
    ratios = {
        name: median([statistics.median(took[name]) / statistics.median(took["day"])])
        for name in ("date_form", "tenant_loop")
    }  # fmt: skip
    return Result("digest", figures, ratios, GOALS)


def _milliseconds(seconds: list[float]) -> float:
    return median(1000 * one for one in seconds)


def _fill(connection: psycopg.Connection, sessions: int) -> None:
    connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
    numbers = {"tenants": TENANTS, "sessions": sessions, "days": DAYS}
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
            async with database.transaction() as one:
                await metrics.compute(one, salons, now)
            async with database.connection() as one:
                await work(one, salons, now)
                started = time.perf_counter()
                await work(one, salons, now)
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


async def _upsert(connection: Connection, salons: list[Salon], now: datetime) -> None:
    await metrics.compute(connection, salons, now, again=1)


async def _at_once(connection: Connection, salons: list[Salon], _: datetime) -> None:
    await _count(connection, salons, _counting())


async def _one_by_one(connection: Connection, salons: list[Salon], _: datetime) -> None:
    text = _counting()
    for salon in salons:
        await _count(connection, [salon], text)


async def _by_date(connection: Connection, salons: list[Salon], _: datetime) -> None:
    text = _counting().replace(RANGE, "date(s.started_at) = d.day")
    text = text.replace(BOUNDS, "where date(s.started_at) = (select max(day) from days)")
    await _count(connection, salons, text)


def _counting() -> str:
    """The statement's beginning, up to the counts."""
    text, _, rest = sql.load(metrics.__file__)["compute"].partition("), answered as (")
    if not rest or RANGE not in text or BOUNDS not in text:
        raise BenchmarkError("the statement has changed: say here, too, how it finds a day")
    return text + ") select tenant_id, dialogs, bookings from counted"


async def _count(connection: Connection, salons: list[Salon], text: str) -> None:
    rows = await (await connection.execute(text, {**columns(salons), "again": 1})).fetchall()
    if len(rows) != len(salons) or not all(row["dialogs"] for row in rows):
        raise BenchmarkError(f"{len(rows)} of {len(salons)} salons have sessions")


def _tick(url: str, connection: psycopg.Connection) -> float:
    """Seconds of metrics and digests of all, handed over; the second morning, as the first computes fourteen days."""

    async def measured() -> float:
        database = Database(url)
        try:
            now, salons = await _salons(database)
            async with database.transaction() as one:
                await metrics.compute(one, salons, now)
            connection.execute("truncate platform.outbox, platform.lanes cascade")
            connection.execute("update dashboard.metrics_dailies set digest_outbox_id = null, digest_sent_at = null")
            connection.execute("vacuum analyze dashboard.metrics_dailies")
            started = time.perf_counter()
            report = await run.run_digests(database, time.monotonic() + TICK_SECONDS, "c" * 32, now)
            seconds = time.perf_counter() - started
        finally:
            await database.close()
        if (report["done"], report["remaining"]) != (TENANTS, 0):
            raise BenchmarkError(f"a tick answered {report}")
        return seconds

    return asyncio.run(measured())
