"""The database is away, locked, or not allowed to do more than it must."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.ingest_webhook.getcourse.cluster import Cluster
from tests.functions.ingest_webhook.getcourse.world import (
    DUPLICATE,
    SCHOOL,
    STORED,
    World,
    answer,
    at_once,
    new_id,
    subscription,
)
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.waiting import shortest


@pytest.mark.slow
async def test_without_a_database_it_is_503_within_five_seconds_and_works_again_when_it_is_back(
    cluster: Cluster, printed: Path
) -> None:
    with serve_in_thread("ingest_webhook", printed, DATABASE_URL=cluster.url) as served:
        [warm] = await at_once(served.url, [answer(new_id())])
        assert warm.json() == STORED
        lost = answer(new_id())

        with cluster.stopped():
            answers: list[httpx.Response] = []

            async def call() -> None:
                answers.extend(await at_once(served.url, [lost]))

            assert await shortest(call, 5) < 5
        away = answers[-1]
        assert {each.status_code for each in answers} == {503}
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        assert away.headers["content-type"] == "application/problem+json"

        [back] = await at_once(served.url, [lost])
        assert back.status_code == 200
        assert back.json() in (STORED, DUPLICATE)  # a pooler may have kept the first one's write until now
    with cluster.connect() as connection:
        query = "select count(*) as n from getcourse.webhook_events where answer_id = %s"
        [row] = connection.execute(query, (lost["answer_id"],)).fetchall()
    assert row["n"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 5.1], ids=["sources_known", "sources_forgotten"])
async def test_many_calls_without_a_database_are_503_within_five_seconds(
    cluster: Cluster, printed: Path, wait: float
) -> None:
    with serve_in_thread("ingest_webhook", printed, DATABASE_URL=cluster.url) as served:
        [warm] = await at_once(served.url, [answer(new_id())])
        assert warm.json() == STORED
        with cluster.stopped():
            await asyncio.sleep(wait)
            first: list[float] = []

            async def calls() -> None:
                started = time.monotonic()
                late = asyncio.create_task(later(1.0, at_once(served.url, [answer(new_id())])))
                responses = await at_once(served.url, [answer(new_id()) for _ in range(5)])
                first.append(time.monotonic() - started)
                responses += await late
                assert Counter(response.status_code for response in responses) == {503: 6}

            assert await shortest(calls, 6) < 6
            assert min(first) < 5


async def later(seconds: float, what: Coroutine[Any, Any, list[httpx.Response]]) -> list[httpx.Response]:
    """`what`, after a while."""
    await asyncio.sleep(seconds)
    return await what


@pytest.mark.slow
async def test_with_a_locked_table_it_is_503_within_five_seconds(world: World, module_direct_url: str) -> None:
    with psycopg.connect(module_direct_url) as locker:
        locker.execute("lock table getcourse.webhook_events in access exclusive mode")

        async def calls() -> None:
            responses = await at_once(world.served.url, [answer(new_id()) for _ in range(4)])
            assert Counter(response.status_code for response in responses) == {503: 4}

        assert await shortest(calls, 5) < 5
    assert world.json(answer(new_id())).json() == STORED


def test_without_a_database_address_the_start_fails_and_names_the_setting(printed: Path) -> None:
    with pytest.raises(RuntimeError, match="DATABASE_URL is not set"), serve("ingest_webhook", printed):
        pass


def test_the_functions_role_and_its_grants_are_enough_for_the_work(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    arrange.source(connection)
    connection.execute(f"alter database {connection.info.dbname} set role = fn_ingest_webhook")
    with psycopg.connect(database_url) as as_role:
        assert as_role.execute("select current_user").fetchone() == ("fn_ingest_webhook",)
    with serve_in_thread("ingest_webhook", printed, DATABASE_URL=database_url) as served:
        url, header = served.url + SCHOOL, {"x-webhook-secret": canaries.SOURCE_SECRET}
        call, unknown = {"type": "call", "id": 1}, {"unknown": 1}
        bodies = (answer(new_id()), subscription(new_id()), call, call, unknown, unknown)
        answers = [httpx.post(url, json=body, headers=header, trust_env=False) for body in bodies]
    assert [response.status_code for response in answers] == [200] * 6
