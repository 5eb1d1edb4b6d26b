"""A database in a bad mood: what is its own fault is DatabaseUnavailable, in time, and nothing of it is kept."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.database import time_limit
from shared.database.connections import CONNECT_SECONDS, LOCK_SECONDS, MAX_SESSION_IDLE_SECONDS
from shared.database.pool import Database
from shared.database.time_limit import ENDING_SECONDS, RunLimit, TimeLimit
from shared.errors import DatabaseUnavailable
from tests.helpers.moody_proxy import MoodyProxy, moody
from tests.helpers.waiting import shortest, until

WAITING = "select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture
async def proxy(direct_url: str) -> AsyncIterator[MoodyProxy]:
    """A proxy before this test's database."""
    async with moody(direct_url) as proxy:
        yield proxy


@asynccontextmanager
async def handle(url: str, size: int = 4) -> AsyncIterator[Database]:
    """As functions use it."""
    database = Database(url, size)
    try:
        yield database
    finally:
        await database.close()


async def write(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("insert into platform.chat_moves (old_chat_id, new_chat_id) values (-1, -2)")
        await connection.execute("delete from platform.chat_moves")


async def answers(database: Database) -> bool:
    async with database.connection() as connection:
        await connection.execute("select 1")
    return True


async def seconds_until_unavailable(database: Database) -> float:
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await answers(database)
    return time.monotonic() - started


@pytest.mark.parametrize(
    "state",
    ["25006", "25P03", "53000", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "58030",
     "08006", "40001", "40P01"],
)  # fmt: skip
async def test_what_is_no_statements_fault_is_a_database_that_is_not_there(database: Database, state: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=state):
        async with database.transaction() as connection:
            await connection.execute(f"do $$ begin raise exception using errcode = '{state}'; end $$".encode())

    assert await answers(database)


@pytest.mark.parametrize("state", ["0A000", "22001", "23503", "23505", "42501", "42P01", "54000", "P0001"])
async def test_what_a_row_or_a_statement_does_wrong_is_raised_as_it_is(database: Database, state: str) -> None:
    with pytest.raises(psycopg.Error) as raised:
        async with database.transaction() as connection:
            await connection.execute(f"do $$ begin raise exception using errcode = '{state}'; end $$".encode())

    assert raised.value.sqlstate == state
    assert await answers(database)


async def test_after_a_minute_of_read_only_the_first_write_goes_through(
    direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    name = connection.info.dbname
    async with handle(direct_url) as past_the_pooler:
        connection.execute(f"alter database {name} set default_transaction_read_only = on")
        results = await asyncio.gather(*(write(past_the_pooler) for _ in range(3)), return_exceptions=True)
        assert [type(result) for result in results] == [DatabaseUnavailable] * 3
        assert await answers(past_the_pooler)  # reading goes on
        connection.execute(f"alter database {name} reset default_transaction_read_only")

        await write(past_the_pooler)


async def test_connections_that_slept_through_an_outage_cost_no_call(
    direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    async with handle(direct_url) as past_the_pooler:
        await asyncio.gather(*(answers(past_the_pooler) for _ in range(4)))
        connection.execute(
            """select pg_terminate_backend(pid, 5000) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""
        )

        assert await asyncio.gather(*(write(past_the_pooler) for _ in range(4))) == [None] * 4


async def test_a_host_that_hangs_leaves_time_for_the_next_one(proxy: MoodyProxy) -> None:
    """A primary whose machine is gone answers nothing at all, and the address names its standby, too."""
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        url = proxy.url.replace("@", f"@127.0.0.1:{hanging.getsockname()[1]},") + "&target_session_attrs=read-write"
        async with handle(url) as database:
            assert await answers(database)


async def test_a_lock_is_waited_for_briefly_in_and_outside_of_a_transaction_and_by_the_server(
    database: Database, direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    async def read() -> None:
        async with database.connection() as autocommit:
            await autocommit.execute("select from platform.chat_moves")

    with psycopg.connect(direct_url) as migration:
        migration.execute("lock table platform.chat_moves in access exclusive mode")
        started = time.monotonic()
        results = await asyncio.gather(write(database), read(), return_exceptions=True)
        waited = time.monotonic() - started
        [row] = connection.execute(WAITING).fetchall()

    assert [str(result) for result in results] == ["LockNotAvailable 55P03"] * 2
    assert LOCK_SECONDS <= waited < 2 * LOCK_SECONDS + 10  # behind a pooler one after the other
    assert row["n"] == 0
    await write(database)


async def test_two_calls_that_wait_for_a_lock_stop_no_other(
    direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    async with handle(direct_url) as past_the_pooler:
        with psycopg.connect(direct_url) as migration:
            migration.execute("lock table platform.chat_moves in access exclusive mode")
            stuck = [asyncio.create_task(write(past_the_pooler)) for _ in range(2)]
            await until(lambda: connection.execute(WAITING).fetchall() == [{"n": 2}])
            assert await answers(past_the_pooler)
            assert not any(task.done() for task in stuck)
        await asyncio.gather(*stuck)


async def test_a_server_that_hangs_is_given_up_in_time_and_used_again_at_once(proxy: MoodyProxy) -> None:
    async with handle(proxy.url) as database:
        await asyncio.gather(*(answers(database) for _ in range(3)))
        proxy.hang()
        for _ in range(2):  # in a statement, and then while it connects
            time_limit.current.set(TimeLimit(0.3))
            assert await seconds_until_unavailable(database) < CONNECT_SECONDS
        proxy.recover()
        time_limit.current.set(TimeLimit())

        await write(database)


async def test_the_time_limit_of_a_call_is_that_of_all_its_connections(proxy: MoodyProxy) -> None:
    proxy.latency = 0.15
    started = time.monotonic()
    async with handle(proxy.url) as database:
        time_limit.current.set(TimeLimit(1.0))
        with pytest.raises(DatabaseUnavailable):
            for _ in range(200):  # half a minute
                await answers(database)

    assert time.monotonic() - started < 10


async def test_a_server_that_refuses_is_found_out_at_once(proxy: MoodyProxy) -> None:
    async with handle(proxy.url) as database:
        await answers(database)
        proxy.refuses = True
        proxy.break_off()
        with pytest.raises(DatabaseUnavailable):
            await answers(database)
        assert await shortest(lambda: seconds_until_unavailable(database), 0.5) < 0.5
        proxy.recover()

        await write(database)


async def test_what_a_call_left_running_is_cancelled_on_the_server(
    direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    async with handle(direct_url) as past_the_pooler:
        time_limit.current.set(TimeLimit(0.3))
        with pytest.raises(DatabaseUnavailable):
            async with past_the_pooler.connection() as stuck:
                await stuck.execute("select pg_sleep(30)")
    query = "select from pg_stat_activity where state = 'active' and query = 'select pg_sleep(30)'"
    await until(lambda: connection.execute(query).rowcount == 0)


async def test_a_connection_that_nobody_needs_is_given_back(
    direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    others = "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    past_the_pooler = Database(direct_url, max_idle_seconds=0.05)
    await asyncio.gather(*(answers(past_the_pooler) for _ in range(4)))
    await until(lambda: connection.execute(others).rowcount == 0)

    assert await answers(past_the_pooler)
    await past_the_pooler.close()


async def test_the_server_ends_the_idle_session_of_a_process_that_is_frozen(direct_url: str) -> None:
    async with handle(direct_url) as past_the_pooler, past_the_pooler.connection() as opened:
        [shown] = await (await opened.execute("show idle_session_timeout")).fetchall()

    assert shown["idle_session_timeout"] == f"{MAX_SESSION_IDLE_SECONDS // 60}min"


async def test_all_connections_in_use_is_told_within_the_limit(direct_url: str) -> None:
    async with handle(direct_url, size=1) as past_the_pooler, past_the_pooler.connection():

        async def ask() -> None:
            time_limit.current.set(TimeLimit(0.1))
            await seconds_until_unavailable(past_the_pooler)

        assert await shortest(ask, 0.5) < 0.5


async def test_a_run_has_until_the_end_of_its_budget_and_a_moment_to_note_what_it_did() -> None:
    assert 29 < RunLimit(30.0).seconds_left <= 30
    assert RunLimit(0.0).seconds_left == ENDING_SECONDS
    spent = TimeLimit(1.0)
    with spent.counted():
        await asyncio.sleep(0.02)
    assert 0 < spent.seconds_left < 0.99
    assert spent.renewed().seconds_left == 1.0
