"""SIGKILL, of the function and of Postgres, at the worst moments: what was answered 2xx is there."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.ingest_webhook.getcourse.cluster import Cluster
from tests.functions.ingest_webhook.getcourse.world import SCHOOL, answer
from tests.helpers import arrange, canaries
from tests.helpers.serving import ServedProcess, serve

pytestmark = pytest.mark.slow

CONNECTIONS = 16
ANSWERED_BEFORE_THE_KILL = 250
HEADERS = {"x-webhook-secret": canaries.SOURCE_SECRET}
TRIGGER = """
    create function getcourse.linger() returns trigger language plpgsql as $$
    begin
        if new.answer_id = 'slow' then perform pg_sleep(20); end if;
        return null;
    end $$;
    create trigger linger after insert on getcourse.webhook_events for each row execute function getcourse.linger()
"""


def kill(served: ServedProcess) -> None:
    """The end of the function, without a word; its server has a worker process, so the whole group."""
    os.killpg(served.process.pid, signal.SIGKILL)
    served.process.wait(300)


class Load:
    """Sixteen callers who never pause, and what was answered."""

    def __init__(self, url: str) -> None:
        self._url = url + SCHOOL
        self._number = 0
        self._enough = asyncio.Event()
        self.answered: dict[str, int] = {}

    async def until_enough_then(self, strike: Callable[[], None]) -> None:
        """Call until enough was answered, strike in the very moment, and let everyone notice."""
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits, headers=HEADERS) as client:
            callers = [asyncio.create_task(self._call(client)) for _ in range(CONNECTIONS)]
            await self._enough.wait()
            strike()
            await asyncio.gather(*callers)

    async def _call(self, client: httpx.AsyncClient) -> None:
        while not self._enough.is_set():
            self._number += 1
            answer_id = f"load-{id(self)}-{self._number}"
            try:
                response = await client.post(
                    self._url, json=answer(answer_id, answer_text=f"{canaries.ANSWER} {answer_id}")
                )
            except httpx.TransportError:
                return
            self.answered[answer_id] = response.status_code
            if len(self.answered) >= ANSWERED_BEFORE_THE_KILL:
                self._enough.set()

    def missing(self, connection: psycopg.Connection[DictRow]) -> set[str]:
        """Those that were answered 200 and are not there."""
        rows = connection.execute("select answer_id from getcourse.webhook_events").fetchall()
        accepted = {answer_id for answer_id, status in self.answered.items() if status == 200}
        return accepted - {row["answer_id"] for row in rows}


@pytest.mark.parametrize("round_", range(2))
async def test_after_a_sigkill_of_the_function_none_of_the_answered_webhooks_is_missing(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path, round_: int
) -> None:
    arrange.source(connection)
    with serve("ingest_webhook", printed, DATABASE_URL=database_url) as served:
        load = Load(served.url)
        await load.until_enough_then(lambda: kill(served))
    assert set(load.answered.values()) == {200}, round_
    assert len(load.answered) >= ANSWERED_BEFORE_THE_KILL
    assert load.missing(connection) == set()


async def test_after_a_sigkill_of_postgres_none_of_the_answered_webhooks_is_missing(
    cluster: Cluster, printed: Path
) -> None:
    with serve("ingest_webhook", printed, DATABASE_URL=cluster.url) as served:
        load = Load(served.url)
        try:
            await load.until_enough_then(cluster.kill)
        finally:
            cluster.start()
        with cluster.connect() as connection:
            assert load.missing(connection) == set()
        assert set(load.answered.values()) <= {200, 503}
        assert list(load.answered.values()).count(200) >= ANSWERED_BEFORE_THE_KILL

        async with httpx.AsyncClient(timeout=60, trust_env=False, headers=HEADERS) as client:
            response = await client.post(served.url + SCHOOL, json=answer(f"after-{id(load)}"))
        assert response.json() == {"stored": 1, "duplicates": 0, "unparsed": 0}


@asynccontextmanager
async def caught_in_the_insert(connection: psycopg.Connection[DictRow], url: str) -> AsyncIterator[int]:
    """A call that hangs between INSERT and COMMIT: its backend's pid. The call must end without an answer."""
    async with httpx.AsyncClient(timeout=60, trust_env=False, headers=HEADERS) as client:
        call = asyncio.create_task(client.post(url + SCHOOL, json=answer("slow")))
        end = time.monotonic() + 240
        query = "select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
        while not (rows := connection.execute(query).fetchall()):
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
        yield rows[0]["pid"]
        with pytest.raises(httpx.TransportError):
            await call


def slow_events(connection: psycopg.Connection[DictRow]) -> int:
    """How many are there."""
    [row] = connection.execute("select count(*) as n from getcourse.webhook_events where answer_id = 'slow'").fetchall()
    return int(row["n"])


async def redeliver(database_url: str, printed: Path) -> dict[str, Any]:
    """The same call to a new instance; its answer."""
    with serve("ingest_webhook", printed, DATABASE_URL=database_url) as served:
        async with httpx.AsyncClient(timeout=60, trust_env=False, headers=HEADERS) as client:
            response = await client.post(served.url + SCHOOL, json=answer("slow"))
    assert response.status_code == 200
    counts: dict[str, Any] = response.json()
    return counts


async def test_killed_before_the_commit_nothing_is_stored_or_answered_and_a_redelivery_works(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    arrange.source(connection)
    connection.execute(TRIGGER)
    with serve("ingest_webhook", printed, DATABASE_URL=database_url) as served:
        async with caught_in_the_insert(connection, served.url) as backend:
            kill(served)
            assert slow_events(connection) == 0
            connection.execute(
                "select pg_terminate_backend(%s, 5000)", (backend,)
            )  # the machine took its connections along
    assert slow_events(connection) == 0
    connection.execute("drop trigger linger on getcourse.webhook_events")
    assert await redeliver(database_url, printed) == {"stored": 1, "duplicates": 0, "unparsed": 0}
    assert slow_events(connection) == 1


async def test_killed_between_commit_and_answer_a_redelivery_is_a_duplicate(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    arrange.source(connection)
    connection.execute(TRIGGER.replace("20", "1"))
    with serve("ingest_webhook", printed, DATABASE_URL=database_url) as served:
        async with caught_in_the_insert(connection, served.url):
            kill(served)
    end = time.monotonic() + 240
    while not slow_events(connection):  # Postgres had the statement and finishes it alone
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert await redeliver(database_url, printed) == {"stored": 0, "duplicates": 1, "unparsed": 0}
    assert slow_events(connection) == 1
