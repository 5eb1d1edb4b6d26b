"""GET /health: what it says, when it fails, and that nobody can make it work by asking."""

import asyncio
import json
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow
from starlette.requests import Request
from starlette.responses import Response

from migrations import runner
from shared.database.pool import Database
from shared.http.health import Health, with_health
from shared.http.responses import Handler
from shared.version import SCHEMA, VERSION
from tests.helpers import arrange
from tests.helpers.grants import as_role

Connection = psycopg.Connection[DictRow]

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/none"
WAITING = """
    insert into platform.lanes (bot_id, lane, head_due) values (%s, '1', now() - interval '10 minutes')
"""
LATE = """
    insert into platform.job_runs (function, started_at, finished_at, period_seconds) values
        ('housekeeping', now() - interval '3 days 1 minute', now(), 86400),
        ('remind_deadlines', now() - interval '40 minutes', now(), 900),
        ('verify_bookings', now() - interval '40 minutes', now(), null)
"""


@pytest.fixture
def handler(database: Database) -> Handler:
    async def rest(_: Request) -> Response:
        return Response("the function's own")

    return with_health("ring", database, rest)


async def ask(handler: Handler, method: str = "GET", path: str = "/health") -> tuple[int, dict[str, Any]]:
    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    response = await handler(Request(scope))
    return response.status_code, json.loads(bytes(response.body))


def test_the_release_names_the_newest_migration() -> None:
    assert runner.head() == SCHEMA, "after a new migration: set SCHEMA in shared/version.py"


async def test_a_function_says_that_it_is_well(handler: Handler) -> None:
    assert await ask(handler) == (
        200,
        {
            "status": "ok",
            "function": "ring",
            "version": VERSION,
            "schema": {"found": SCHEMA, "needed": SCHEMA},
            "waiting_seconds": 0.0,
            "missed": [],
        },
    )


async def test_health_is_found_where_functions_are_mounted_and_everything_else_is_the_functions(
    handler: Handler,
) -> None:
    assert (await ask(handler, path="/ring/health"))[0] == 200
    for method, path in (("POST", "/health"), ("GET", "/health/"), ("GET", "/healthy"), ("GET", "/")):
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
        assert (await handler(Request(scope))).body == b"the function's own"


async def test_a_schema_that_is_too_old_fails_and_a_newer_one_does_not(
    database_url: str, connection: Connection
) -> None:
    found = []
    for revision in ("0001_platform", "9999_of_the_next_release"):
        connection.execute("update public.carillon_version set version_num = %s", (revision,))
        database = Database(database_url)
        found.append((await Health(database).facts()).status)
        await database.close()

    assert found == ["failing", "ok"]


async def test_a_database_that_is_away_fails_in_time() -> None:
    async def rest(_: Request) -> Response:
        return Response()

    status, body = await ask(with_health("ring", Database(NOBODY_LISTENS), rest))

    assert (status, body["status"], body["schema"]["found"]) == (503, "failing", None)


async def test_functions_that_nobody_called_for_three_periods_are_named(
    handler: Handler, connection: Connection
) -> None:
    connection.execute(LATE)

    status, body = await ask(handler)

    assert (status, body["status"], body["missed"]) == (200, "degraded", ["housekeeping"])


async def test_what_has_waited_for_long_is_seen(handler: Handler, connection: Connection) -> None:
    connection.execute(WAITING, (arrange.bot(connection),))

    status, body = await ask(handler)

    assert (status, body["status"]) == (200, "degraded")
    assert 590 < body["waiting_seconds"] < 900


async def test_who_asks_again_at_once_costs_the_database_nothing(database: Database, connection: Connection) -> None:
    """However many ask: the answer of a moment ago is theirs."""
    health = Health(database)
    first = await asyncio.gather(*(health.facts() for _ in range(50)))
    connection.execute(LATE)

    assert {id(facts) for facts in [*first, await health.facts()]} == {id(first[0])}


async def test_a_caller_who_leaves_takes_the_answer_from_nobody(database: Database) -> None:
    health = Health(database)
    leaving = asyncio.create_task(health.facts())
    staying = asyncio.create_task(health.facts())
    await asyncio.sleep(0)
    leaving.cancel()

    assert (await staying).status == "ok"


@pytest.mark.parametrize("function", ["learning_api", "housekeeping"])
async def test_a_functions_own_role_may_ask(function: str, direct_url: str) -> None:
    database = Database(as_role(direct_url, function))
    try:
        assert (await Health(database).facts()).status == "ok"
    finally:
        await database.close()
