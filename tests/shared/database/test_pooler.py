"""The pass through PgBouncer goes through PgBouncer, and what breaks behind a pooler breaks there."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pytest
from psycopg import errors
from psycopg.rows import DictRow, dict_row

import tests
from infra.admin.database import connect
from shared.database.pool import Database
from tests.helpers import arrange, canaries, pooler
from tests.helpers.pooler import Pooler
from tests.helpers.serving import Served, serve

pytestmark = pytest.mark.skipif(pooler.BINARY is None, reason=pooler.MISSING)

PAYLOAD = {"user_id": "512000001", "answer_id": "1", "answer_training_id": "911000001", "answer_text": canaries.ANSWER}


@pytest.fixture
def own(front: Pooler | None, server_url: str, printed: Path) -> Iterator[Pooler]:
    """The session's pooler, or in the direct pass one for this test."""
    if front is not None:
        yield front
        return
    with pooler.running(server_url, printed) as started:
        yield started


def backends(connection: psycopg.Connection[DictRow]) -> set[int]:
    """Who is connected to this database, but for the one who asks."""
    query = """select pid from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""
    return {row["pid"] for row in connection.execute(query)}


def server_connections(own: Pooler, connection: psycopg.Connection[DictRow]) -> set[int]:
    """The pooler's connections to this database."""
    return {row["remote_pid"] for row in own.show("servers") if row["database"] == connection.info.dbname}


async def test_many_transactions_of_a_function_share_the_poolers_only_connection(
    own: Pooler, direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    database = Database(own.url(direct_url), size=8)

    async def who() -> int:
        async with database.transaction() as transaction:
            [row] = await (await transaction.execute("select pg_backend_pid() as pid, pg_sleep(0.02)")).fetchall()
            return int(row["pid"])

    pids = await asyncio.gather(*(who() for _ in range(8)))

    assert set(pids) == backends(connection) == server_connections(own, connection)
    assert len(set(pids)) == 1
    await database.close()


def test_a_served_function_reaches_the_database_through_the_pooler_alone(
    own: Pooler, direct_url: str, connection: psycopg.Connection[DictRow], printed: Path
) -> None:
    arrange.source(connection)
    with serve("ingest_webhook", printed, DATABASE_URL=own.url(direct_url)) as served:
        header = {"x-webhook-secret": canaries.SOURCE_SECRET}
        answer = httpx.post(f"{served.url}/getcourse/school", json=PAYLOAD, headers=header, trust_env=False)
        assert answer.json() == {"stored": 1, "duplicates": 0, "unparsed": 0}
        assert backends(connection) == server_connections(own, connection)
    assert own.transactions(direct_url)


async def test_our_two_doors_to_the_database_repeat_a_statement_behind_it_as_often_as_they_like(
    own: Pooler, direct_url: str
) -> None:
    handles = [Database(own.url(direct_url)) for _ in range(2)]
    for _ in range(10):  # psycopg would prepare it at the sixth time
        for handle in handles:
            async with handle.connection() as connection:
                await connection.execute("select 1")
                assert connection.prepare_threshold is None, "its id is not the server's"
        with connect(own.url(direct_url)) as first, connect(own.url(direct_url)) as second:
            for _ in range(10):
                first.execute("select 1")
                second.execute("select 1")
    for handle in handles:
        await handle.close()


def test_prepared_statements_cross_clients_behind_it(own: Pooler, direct_url: str) -> None:
    url = own.url(direct_url)
    with psycopg.connect(url, prepare_threshold=0) as first, psycopg.connect(url, prepare_threshold=0) as second:
        first.execute("select 1")
        first.commit()
        with pytest.raises(errors.DuplicatePreparedStatement):
            second.execute("select 1")


def test_a_session_setting_leaks_to_the_next_client_behind_it(own: Pooler, direct_url: str) -> None:
    url = own.url(direct_url)
    with psycopg.connect(url, autocommit=True) as first, psycopg.connect(url, autocommit=True) as second:
        first.execute("set lock_timeout = '77s'")
        assert second.execute("show lock_timeout").fetchone() == ("77s",)


def test_settings_in_the_address_are_refused_by_it(own: Pooler, direct_url: str) -> None:
    url = f"{own.url(direct_url)}&options={quote('-c lock_timeout=77s')}"
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter"):
        psycopg.connect(url)


async def test_in_the_pooled_pass_the_fixtures_lead_functions_through_it(
    request: pytest.FixtureRequest,
    front: Pooler | None,
    database: Database,
    connection: psycopg.Connection[DictRow],
) -> None:
    assert (front is not None) == request.config.getoption("pooled")
    async with database.connection() as through:
        await through.execute("select 1")
        reached_by = server_connections(front, connection) if front else {through.info.backend_pid}
        assert reached_by == backends(connection) != set()


def test_in_the_pooled_pass_a_served_function_meets_nothing_else(
    front: Pooler | None, served_ingest: Served, module_direct_url: str
) -> None:
    assert httpx.post(f"{served_ingest.url}/getcourse/nobody?secret={'s' * 43}", trust_env=False).status_code == 404
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        reached_by = server_connections(front, connection) if front else backends(connection)
        assert reached_by == backends(connection) != set()


def test_no_test_gives_a_function_the_way_past_it() -> None:
    """Somebody else, whose transaction stays open meanwhile, may be there, under the name past_the_pooler."""
    past = re.compile(
        r"""DATABASE_URL["']?\s*[=:]\s*(module_)?direct_url|(?<!past_the_pooler = )Database\((module_)?direct_url"""
    )
    files = sorted(Path(tests.__file__).parent.rglob("*.py"))

    assert [str(path) for path in files if past.search(path.read_text(encoding="utf-8"))] == []
