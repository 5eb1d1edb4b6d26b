"""What is asked often is planned once, on connections that lead to the server itself."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.database.connections import PREPARE_AFTER
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable

ASKED = "select * from public.asked"


@pytest.fixture
async def direct(direct_url: str, connection: psycopg.Connection[DictRow]) -> AsyncIterator[Database]:
    """A handle past any pooler, whose only connection has asked often."""
    connection.execute("create table public.asked as select 1 as one")
    past_the_pooler = Database(direct_url, size=1)
    for _ in range(PREPARE_AFTER + 1):
        await ask(past_the_pooler)
    yield past_the_pooler
    await past_the_pooler.close()


async def ask(database: Database) -> list[DictRow]:
    async with database.connection() as connected:
        return await (await connected.execute(ASKED)).fetchall()


async def test_what_is_asked_often_is_prepared(direct: Database) -> None:
    async with direct.connection() as connected:
        prepared = await (await connected.execute("select statement from pg_prepared_statements")).fetchall()

    assert ASKED in [row["statement"] for row in prepared]


async def test_a_change_of_the_schema_costs_one_call_at_most(
    direct: Database, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute("alter table public.asked add column two int")

    with pytest.raises(DatabaseUnavailable, match="schema"):
        await ask(direct)

    assert await ask(direct) == [{"one": 1, "two": None}]
