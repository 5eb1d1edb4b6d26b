"""What years cost: each statement after a hundred days and after a thousand, ticks with nothing to do, bytes and WAL.

A million rows and ten million in the biggest tables; `--seconds 0.15` makes fifty thousand and half a million of it.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import httpx
import psycopg
from rich.table import Table

from infra.local import postgres
from tests.benchmarks import growth_flows, servers
from tests.benchmarks.growth_flows import Flow
from tests.benchmarks.measuring import Plan, Result, rounded
from tests.conventions.tree import Statement
from tests.growth import buffers
from tests.growth.buffers import FLOOR, Measured
from tests.growth.filling import Life, fill
from tests.growth.growers import GROWERS, LATE_GROWERS
from tests.helpers import arrange, canaries, templates

ROWS = 1_000_000
DEFAULT_SECONDS = 3.0  # of a plan: with fewer there are fewer rows
TICKS = 20
TICKING = ("dispatch_notifications", "answer_conversations", "handover_reminder_sweep", "remind_deadlines",
           "remind_participants", "daily_metrics_digest", "verify_bookings")  # fmt: skip
GIGABYTES = {"webhooks": 4, "told": 8, "broadcast": 6, "replies": 12}  # of WAL per million, at most
GOALS = {"grown": "<= 0", "idle_ms": "<= 10", "idle_with_many_waiting_ms": "<= 20"} | {
    f"{flow}_wal_gb": f"<= {most}" for flow, most in GIGABYTES.items()
}
# Whatever is due is due in an hour.
REST = """
    update platform.bots set status = 'active';
    update support.conversations set answer_due_at = null where answer_due_at is not null;
    update support.conversations set bot_muted_until = now() + interval '1 hour' where bot_status = 'muted';
    update support.handovers set remind_at = now() + interval '1 hour' where remind_at is not null;
    update getcourse.webhook_events set next_attempt_at = now() + interval '1 hour' where not processed;
    update dashboard.bookings set look_at = now() + interval '1 hour' where look_at <= now();
    update platform.outbox set due_at = now() + interval '1 hour' where state = 'queued';
    update platform.lanes set head_due = now() + interval '1 hour' where head_due is not null;
    update getcourse.lesson_versions set deadline_at = null where deadline_at is not null;
    update courses.broadcasts set status = 'done' where status in ('pending', 'sending');
"""
WAIT = """
    update getcourse.webhook_events
    set processed = false, processed_at = null, next_attempt_at = now() + interval '1 hour'
    where id > %(rows)s - %(queued)s and id <= %(rows)s
"""
SIZES = """
    select c.oid::regclass::text, c.reltuples, pg_total_relation_size(c.oid)
    from pg_catalog.pg_class c where c.oid >= 16384 and c.relkind = 'r' and c.reltuples > %s order by 3 desc
"""


def lives(plan: Plan) -> tuple[Life, Life]:
    """A hundred days and a thousand of a large customer, or as many rows of it as the plan has time for."""
    rows = round(ROWS * min(1.0, plan.seconds / DEFAULT_SECONDS))
    salons, desks, queued = min(1000, rows // 100), min(300, rows // 300), min(50_000, rows // 20)
    short, long = (
        Life(rows * times, 100 * times, salons, desks, 20, queued, max(20, queued // 50)) for times in (1, 10)
    )
    return short, long


def measure(plan: Plan) -> Result:
    """Both histories, and everything that is asked of them."""
    short, long = lives(plan)
    plan.screen.width = max(plan.screen.width, 150)  # statements have long names, also where nobody looks at a screen
    with servers.postgres_server() as server:
        servers.require_durability(server)
        with _filled(plan, server, short) as few, _filled(plan, server, long) as many:
            costs = {
                statement: (cost, after)
                for (statement, cost), (_, after) in zip(
                    buffers.measure(few, short, buffers.STATEMENTS, index=False),
                    buffers.measure(many, long, buffers.STATEMENTS, index=False),
                    strict=True,
                )
            }
            plan.screen.print(_statements(costs))
            sizes = _sizes(many)
            flows = dict(growth_flows.run(plan, many, long))
            plan.screen.print(_flows(flows))
            idle = _idle(plan, many, long, REST)
            waiting = _idle(
                plan, many, long, REST + WAIT
            )  # the ticks before have left digests and reminders that are due
    known = GROWERS | LATE_GROWERS
    grown = [s for s, (a, b) in costs.items() if str(s) not in known and b.buffers > 2 * max(a.buffers, FLOOR)]
    for statement in grown:
        plan.screen.print(f"[red]grows:[/] {statement}")
    figures: dict[str, float | str] = {
        "rows": long.rows,
        "statements": len(costs),
        "grown": len(grown),
        "idle_ms": max(idle.values()),
        "idle_with_many_waiting_ms": max(waiting.values()),
        **{f"idle_{name}_ms": took for name, took in idle.items()},
        **{f"waiting_{name}_ms": took for name, took in waiting.items()},
        **{f"{name}_wal_gb": rounded(flow.wal / flow.done / 1000) for name, flow in flows.items()},
        **{f"{table}_gb": size for table, size in sizes.items()},
    }
    return Result("growth", figures, {}, GOALS)


@contextmanager
def _filled(plan: Plan, server: str, life: Life) -> Iterator[str]:
    name = f"carillon_bench_growth_{life.rows}"
    postgres.drop_database(server, name)
    url = postgres.create_database(server, name, templates.migrated(server))
    try:
        for what, seconds in fill(url, life):
            plan.screen.print(f"[dim]{life.rows} rows: {what} {seconds:.1f} s[/]")
        yield url
    finally:
        postgres.drop_database(server, name)


def _statements(costs: dict[Statement, tuple[Measured, Measured]]) -> Table:
    table = Table("statement", "ms", "ms, ten times", "buffers", "buffers, ten times", "times")
    for statement, (short, long) in sorted(costs.items(), key=lambda pair: -pair[1][1].buffers):
        times = long.buffers / max(short.buffers, 1)
        numbers = (f"{short.ms:.2f}", f"{long.ms:.2f}", str(short.buffers), str(long.buffers), f"{times:.1f}")
        table.add_row(str(statement), *numbers, style="red" if long.error or short.error else "")
    return table


def _flows(flows: dict[str, Flow]) -> Table:
    table = Table("flow", "table and its indexes", "GB of WAL per million")
    for name, flow in flows.items():
        table.add_row(name, "altogether", str(rounded(flow.wal / flow.done / 1000)))
        for owner, written in flow.tables.items():
            table.add_row("", owner, str(rounded(written / flow.done / 1000)))
    return table


def _sizes(url: str) -> dict[str, float]:
    """GB per million rows, of each table that is worth it."""
    with psycopg.connect(url) as connection:
        found = connection.execute(SIZES, (1000,)).fetchall()
    return {name: rounded(size / rows / 1000) for name, rows, size in found}


def _idle(plan: Plan, url: str, life: Life, arrangement: str) -> dict[str, float]:
    """Milliseconds of a tick of each function in which nothing is due."""
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(arrangement.encode(), asdict(life))
        connection.execute("vacuum analyze")
    return {name: _ticks(plan, url, name) for name in TICKING}


def _ticks(plan: Plan, url: str, name: str) -> float:
    nobody = "http://127.0.0.1:1"
    settings = {
        "DATABASE_URL": url, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET,
        "TELEGRAM_API_URL": nobody, "YCLIENTS_API_URL": nobody, "YCLIENTS_PARTNER_TOKEN": "partner",
        "LLM_API_URL": nobody, "LLM_API_KEY": "key", "LLM_MODEL": "model",
    }  # fmt: skip
    took = []
    with (
        servers.serving(
            servers.start(servers.function(name), name, plan.printed, **settings, **servers.ASGI)
        ) as running,
        httpx.Client(headers={"x-cron-secret": canaries.CRON_SECRET}, timeout=130, trust_env=False) as client,
    ):
        for _ in range(1 + TICKS):
            started = time.perf_counter()
            client.post(running.url, params={"seconds": 20}).raise_for_status()
            took.append(1000 * (time.perf_counter() - started))
    return rounded(statistics.median(took[1:]))
