"""What leaves and what stays."""

import asyncio
from typing import Any

import psycopg
from psycopg.rows import DictRow

from functions.housekeeping import retention
from shared.database.pool import Database
from tests.helpers import arrange, learning
from tests.helpers.grants import as_role


async def test_logs_leave_after_30_and_90_days_in_batches(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute(
        "insert into getcourse.application_logs (message, created_at)"
        " select 'm', now() - make_interval(days => d) from generate_series(21, 40) d"
    )
    connection.execute(
        "insert into getcourse.error_logs (error_class, message, created_at)"
        " select 'e', 'm', now() - make_interval(days => d) from generate_series(81, 100) d"
    )

    report = await retention.run(database, seconds=10, batch_rows=3)

    assert report == {"done": 11 + 11, "remaining": 0}  # exactly 30 (90) days old is old enough
    assert oldest(connection, "application_logs") < 30
    assert oldest(connection, "error_logs") < 90


async def test_runs_at_once_hinder_nobody(database: Database, connection: psycopg.Connection[DictRow]) -> None:
    connection.execute(
        "insert into getcourse.application_logs (message, created_at)"
        " select 'm', now() - interval '31 days' from generate_series(1, 60)"
    )

    runs = [retention.run(database, seconds=30, batch_rows=3) for _ in range(3)]
    reports = await asyncio.gather(*runs)

    assert [report["remaining"] for report in reports] == [0] * 3
    assert sum(report["done"] for report in reports) >= 60, "what two of them found at once, both count"
    assert connection.execute("select from getcourse.application_logs").fetchall() == []


async def test_a_budget_that_is_used_up_leaves_the_rest_for_tomorrow(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute(
        "insert into getcourse.application_logs (message, created_at)"
        " select 'm', now() - interval '31 days' from generate_series(1, 10)"
    )

    report = await retention.run(database, seconds=0)

    assert report == {"done": 0, "remaining": 10}


async def test_updates_leave_after_72_hours(database: Database, connection: psycopg.Connection[DictRow]) -> None:
    bot = arrange.bot(connection)
    connection.execute(
        "insert into platform.updates (bot_id, update_id, received_at)"
        " select %s, h, now() - make_interval(hours => h) from unnest(array[1, 47, 71, 73, 500]) h",
        (bot,),
    )

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 2}
    assert await retention.run(database, seconds=10, batch_rows=1) == {"done": 2, "remaining": 0}
    kept = connection.execute("select update_id from platform.updates order by update_id").fetchall()
    assert [row["update_id"] for row in kept] == [1, 47, 71]


async def test_keys_leave_after_a_day(database: Database, connection: psycopg.Connection[DictRow]) -> None:
    client, _ = learning.client(connection)
    connection.execute(
        "insert into learning.idempotency_keys (client_id, key, fingerprint, attempt, leased_until, created_at)"
        " select %s, h, sha256('a'), gen_random_uuid(), now(), now() - make_interval(hours => h)"
        " from unnest(array[1, 23, 25, 500]) h",
        (client,),
    )

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 2}
    assert await retention.run(database, seconds=10, batch_rows=1) == {"done": 2, "remaining": 0}
    kept = connection.execute("select key from learning.idempotency_keys order by key").fetchall()
    assert [row["key"] for row in kept] == ["1", "23"]


async def test_counts_of_refused_requests_leave_after_90_days(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    source = arrange.source(connection)
    connection.execute(
        "insert into platform.refused_requests (source_id, day, status, reason)"
        " select %s, current_date - d, 413, 'Too Large' from unnest(array[0, 90, 91, 500]) d",
        (source,),
    )

    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 2}
    assert await retention.run(database, seconds=10, batch_rows=1) == {"done": 2, "remaining": 0}
    kept = connection.execute("select current_date - day as days from platform.refused_requests order by 1").fetchall()
    assert [row["days"] for row in kept] == [0, 90]


async def test_a_run_needs_no_rights_but_those_of_its_role(direct_url: str) -> None:
    database = Database(as_role(direct_url, "housekeeping"))

    assert await retention.run(database, seconds=10) == {"done": 0, "remaining": 0}
    assert await retention.run(database, seconds=0) == {"done": 0, "remaining": 0}
    await database.close()


def oldest(connection: psycopg.Connection[Any], table: str) -> float:
    """Days since the oldest row."""
    query = f"select extract(epoch from now() - min(created_at)) / 86400 as days from getcourse.{table}"
    [row] = connection.execute(query).fetchall()
    return float(row["days"])
