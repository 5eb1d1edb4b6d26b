"""Many at once, and nothing at all."""

import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from functions.handover_reminder_sweep import due, run
from shared.database import sql
from tests.conftest import rows
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Waiting
from tests.helpers.worlds.support import Plain

# A third waits for each of the three actions.
FILL = """
    with people as (
        insert into support.users (client_id, remote_jid, name)
        select %(client)s, '7703' || lpad(n::text, 7, '0') || '@s.whatsapp.net', 'Номер ' || n
        from generate_series(1, %(count)s) n
        returning id
    ), talks as (
        insert into support.conversations (client_id, user_id) select %(client)s, id from people returning id
    )
    insert into support.handovers (conversation_id, client_id, trigger_type, created_at, remind_at, telegram_message_id)
    select id, %(client)s, 'keyword', now() - (array[31, 61, 121])[1 + n %% 3] * interval '1 minute',
           now() + %(due_in)s::interval - n * interval '1 millisecond', 1000 + n
    from (select id, row_number() over () as n from talks) t
"""
AGE = """
    select max(extract(epoch from clock_timestamp() - xact_start))::float8 as seconds from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


def fill(waiting: Waiting, count: int, due_in: str = "0") -> None:
    waiting.connection.execute(FILL, {"client": waiting.desk.id, "count": count, "due_in": due_in})
    waiting.connection.execute("vacuum analyze support.handovers, support.conversations, support.users")


@contextmanager
def watched(direct_url: str) -> Iterator[list[float]]:
    """The ages of the oldest transaction, looked at all the time."""
    ages: list[float] = []
    over = threading.Event()

    def look() -> None:
        with psycopg.connect(direct_url, autocommit=True) as connection:
            while not over.is_set():
                row: Any = connection.execute(AGE).fetchone()
                ages.append(row[0] or 0.0)
                time.sleep(0.01)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield ages
    finally:
        over.set()
        thread.join()


@pytest.mark.slow
async def test_thousands_that_are_due_leave_tick_by_tick_in_short_transactions(
    waiting: Waiting, tick: Tick, direct_url: str
) -> None:
    fill(waiting, 3_000)
    reports: list[dict[str, int]] = []
    took: list[float] = []
    with watched(direct_url) as ages:
        while not reports or reports[-1]["remaining"]:
            started = time.monotonic()
            reports.append(await tick(seconds=1))
            took.append(time.monotonic() - started)

    assert len(ages) > 20
    assert max(took) < 1 + 1 + max(ages), "a batch may be under way when the time is up, and no more"
    batches = 3_000 / due.BATCH_ROWS
    assert statistics.median(ages) < max(0.5, 3 * sum(took) / batches), "one batch, on however slow a machine"
    assert max(ages) < max(4, 10 * sum(took) / batches), "as long as a webhook waits for a lock"
    assert all(report["done"] >= due.BATCH_ROWS for report in reports if report["done"])
    assert sum(report["done"] for report in reports) == 3_000
    counted = rows(
        waiting.connection, "select event, count(*)::int as n from support.handover_events group by 1 order by 1"
    )
    assert {row["event"]: row["n"] for row in counted} == {"reminder_1": 1000, "reminder_2": 1000, "timeout": 1000}


async def test_a_batch_takes_fifty_those_first_that_wait_for_longest(waiting: Waiting, tick: Tick) -> None:
    fill(waiting, 250)
    longest = "select id from support.handovers order by remind_at limit 50"
    first = {row["id"] for row in rows(waiting.connection, longest)}

    report = await tick(seconds=1e-9)
    assert (report["done"], report["remaining"]) == (0, 250)
    assert (await tick())["done"] == 250

    by_event = rows(waiting.connection, "select handover_id from support.handover_events order by id limit 50")
    assert {row["handover_id"] for row in by_event} == first


async def test_a_tick_with_nothing_due_costs_the_database_next_to_nothing(waiting: Waiting, tick: Tick) -> None:
    fill(waiting, 5_000, due_in="1 hour")
    assert (await tick())["done"] == 0

    assert any(milliseconds(waiting.connection) <= 5 for _ in range(50))  # what else the machine does only adds to it


def milliseconds(connection: Plain) -> float:
    """Planning and execution of an idle run's one look."""
    totals = sql.load(run.__file__)["totals"]
    [row] = rows(connection, f"explain (analyze, format json) {totals}")
    plan = row["QUERY PLAN"]
    [told] = json.loads(plan) if isinstance(plan, str) else plan
    return float(told["Planning Time"] + told["Execution Time"])
