"""Whoever waits for an Idempotency-Key in the same process: three at most, and they cost little."""

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.agent_reply.key_claim import MAX_WAITERS, KeyClaims
from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http.idempotency import Answered, Claim
from tests.helpers import learning

KEY, REQUEST = "a-key", b"r" * 32


@pytest.fixture
def claims(database: Database) -> KeyClaims:
    return KeyClaims(database)


@pytest.fixture
def client(connection: psycopg.Connection[DictRow]) -> int:
    """A client whose key somebody works on."""
    identity, _ = learning.client(connection)
    connection.execute(
        """
        insert into learning.idempotency_keys (client_id, key, fingerprint, attempt, leased_until)
        values (%s, %s, %s, gen_random_uuid(), now() + interval '1 hour')
        """,
        (identity, KEY, REQUEST),
    )
    return identity


def claim(claims: KeyClaims, client: int, key: str = KEY) -> asyncio.Task[Claim | Answered]:
    waited = claims.acquire_or_wait(client, key, REQUEST, lease_seconds=60, timeout_seconds=60)
    return asyncio.create_task(waited)


async def in_progress(tasks: list[asyncio.Task[Any]]) -> list[asyncio.Task[Any]]:
    """Those of `tasks` that still wait, once the others were refused."""
    while len([task for task in tasks if not task.done()]) > MAX_WAITERS:
        await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
    refused = [task for task in tasks if task.done()]
    for task in refused:
        problem = task.exception()
        assert isinstance(problem, HttpProblem)
        assert (problem.status, problem.reason, "retry-after" in problem.headers) == (503, "in_progress", True)
    return [task for task in tasks if not task.done()]


async def test_of_two_hundred_that_ask_again_three_wait_and_get_the_answer(
    claims: KeyClaims, client: int, connection: psycopg.Connection[DictRow]
) -> None:
    waiting = await in_progress([claim(claims, client) for _ in range(200)])
    connection.execute("update learning.idempotency_keys set answer = '{}'")

    assert len(waiting) == MAX_WAITERS
    assert {type(await task) for task in waiting} == {Answered}
    assert isinstance(await claim(claims, client), Answered)


async def test_another_key_is_claimed_meanwhile(claims: KeyClaims, client: int) -> None:
    waiting = await in_progress([claim(claims, client) for _ in range(MAX_WAITERS + 1)])

    assert isinstance(await claim(claims, client, "another"), Claim)
    for task in waiting:
        task.cancel()


async def test_whoever_left_makes_room_and_a_key_that_is_over_is_taken_by_one(
    claims: KeyClaims, client: int, connection: psycopg.Connection[DictRow]
) -> None:
    gone, *_ = waiting = await in_progress([claim(claims, client) for _ in range(MAX_WAITERS + 1)])
    gone.cancel()
    await asyncio.wait([gone])
    waiting = [*waiting[1:], claim(claims, client)]
    connection.execute("update learning.idempotency_keys set leased_until = now() - interval '1 second'")
    done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    assert [type(task.result()) for task in done] == [Claim]
    assert len(others) == MAX_WAITERS - 1
    for task in others:
        task.cancel()
