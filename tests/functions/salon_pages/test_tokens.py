"""Tokens of nobody: looked up together, and never in the way of somebody's."""

import asyncio
import secrets
import time

import pytest

from functions.salon_pages.session.tokens import Tokens
from shared.credentials.cache import MIN_REFRESH_SECONDS, may_wait
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from tests.functions.salon_pages.world import Plain, link, session, user
from tests.helpers.worlds.salon import salon

RESET = "r" * 43


@pytest.fixture
def known(connection: Plain) -> list[str]:
    """A token of each kind; one is over."""
    person = user(connection, "admin", salon(connection, "Лотос").id)
    query = "update dashboard.users set reset_password_token = encode(sha256(%s::bytea), 'hex') where id = %s"
    connection.execute(query, (RESET, person.id))
    return [session(connection, person.id, ended_at="yesterday"), link(connection, person.id), RESET]


async def test_somebodys_tokens_are_found_among_those_of_nobody(database: Database, known: list[str]) -> None:
    tokens = Tokens(database)
    strangers = [secrets.token_urlsafe(32) for _ in range(200)]

    found = await asyncio.gather(*(tokens.may_exist(token) for token in [*strangers[:100], *known, *strangers[100:]]))

    assert found == [False] * 100 + [True] * 3 + [False] * 100


async def test_whoever_was_found_waits_for_nobody_again(database: Database, known: list[str]) -> None:
    tokens = Tokens(database)
    await tokens.may_exist(known[0])
    stranger = asyncio.create_task(tokens.may_exist("s" * 43))
    await asyncio.sleep(0)

    assert await tokens.may_exist(known[0])
    assert not stranger.done()  # it waits for its turn
    assert not await stranger


async def test_strangers_share_a_turn_every_quarter_of_a_second(database: Database) -> None:
    tokens = Tokens(database)
    began = time.monotonic()
    for number in range(4):
        await tokens.may_exist(f"{number}".ljust(43, "-"))

    assert time.monotonic() - began >= 3 * MIN_REFRESH_SECONDS


async def test_one_who_goes_takes_nobodys_answer_along(database: Database, known: list[str]) -> None:
    tokens = Tokens(database)
    gone, waiting = (asyncio.create_task(tokens.may_exist(token)) for token in ("s" * 43, known[0]))
    await asyncio.sleep(0)
    gone.cancel()

    assert await waiting


async def test_where_one_request_is_served_at_a_time_nobody_waits() -> None:
    may_wait.set(False)  # of this test's own context
    tokens = Tokens(Database("postgresql://nobody@127.0.0.1:1/none"))

    assert await tokens.may_exist("s" * 43)
    assert not await tokens.may_exist("short")


async def test_without_a_database_nothing_is_decided() -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    tokens = Tokens(nowhere)

    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await tokens.may_exist("s" * 43)
    await nowhere.close()


async def test_a_crowd_of_strangers_leaves_room_for_others_between_every_two_of_them(database: Database) -> None:
    tokens, left = Tokens(database), 0

    async def leave() -> None:
        nonlocal left
        await tokens.may_exist(secrets.token_urlsafe(32))
        left += 1

    crowd = [asyncio.create_task(leave()) for _ in range(100)]
    most, before = 0, 0
    while not all(stranger.done() for stranger in crowd):
        await asyncio.sleep(0)
        most, before = max(most, left - before), left

    assert (left, most) == (100, 1)
