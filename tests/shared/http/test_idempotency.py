"""One answer per key, whoever asks when."""

import asyncio
from typing import Any

import psycopg
import pytest

from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http import idempotency
from shared.http.idempotency import Answered, Busy, Claim, fingerprint
from tests.helpers import learning
from tests.helpers.learning import Learner
from tests.shared.http.requests import request

ASKED = fingerprint("here", {"a": 1})
ANSWER = {"message": "Да", "n": [1, None]}


async def take(
    database: Database, learner: Learner, asked: bytes = ASKED, lease: float = 60
) -> Claim | Answered | Busy:
    async with database.connection() as connection:
        return await idempotency.acquire(connection, learner.client, "k", asked, lease, alone=True)


async def claimed(database: Database, learner: Learner, lease: float = 60) -> Claim:
    claim = await take(database, learner, lease=lease)
    assert isinstance(claim, Claim)
    return claim


async def finish(database: Database, claim: Claim) -> bool:
    async with database.connection() as connection:
        return await idempotency.finish(connection, claim, ANSWER)


async def release(database: Database, claim: Claim) -> None:
    async with database.connection() as connection:
        await idempotency.release(connection, claim)


async def test_a_claimed_key_is_busy_until_it_is_finished(database: Database, learner: Learner) -> None:
    claim = await claimed(database, learner)

    assert isinstance(await take(database, learner), Busy)
    assert await finish(database, claim)
    answered = await take(database, learner, lease=0)
    assert isinstance(answered, Answered)
    assert answered.answer == ANSWER
    assert not await finish(database, claim)


async def test_of_many_at_once_one_gets_the_key(database: Database, learner: Learner) -> None:
    came = await asyncio.gather(*(take(database, learner) for _ in range(20)))

    assert sum(isinstance(result, Claim) for result in came) == 1
    assert sum(isinstance(result, Busy) for result in came) == 19


async def test_whoever_waits_for_an_open_transaction_gets_its_answer(database: Database, learner: Learner) -> None:
    async with database.transaction() as connection:
        claim = await idempotency.acquire(connection, learner.client, "k", ASKED, 60, alone=False)
        waiting = asyncio.create_task(take(database, learner))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        assert isinstance(claim, Claim)
        await idempotency.finish(connection, claim, ANSWER)

    assert isinstance(await waiting, Answered)


async def test_another_question_is_refused_before_and_after_the_answer(database: Database, learner: Learner) -> None:
    claim = await claimed(database, learner, lease=-1)
    other = fingerprint("here", {"a": 2})

    with pytest.raises(HttpProblem) as before:
        await take(database, learner, other)
    await finish(database, claim)
    with pytest.raises(HttpProblem) as after:
        await take(database, learner, other)
    assert (before.value.status, after.value.status) == (409, 409)


async def test_who_took_too_long_has_lost_the_key(database: Database, learner: Learner) -> None:
    slow = await claimed(database, learner, lease=-1)
    quick = await claimed(database, learner)

    assert not await finish(database, slow)
    await release(database, slow)  # not its own any more
    assert await finish(database, quick)


async def test_a_key_that_is_given_back_can_be_tried_again_and_an_answer_stays(
    database: Database, learner: Learner
) -> None:
    await release(database, await claimed(database, learner))
    again = await claimed(database, learner)
    await finish(database, again)
    await release(database, again)

    assert isinstance(await take(database, learner), Answered)


async def test_clients_do_not_share_keys(
    database: Database, learner: Learner, connection: psycopg.Connection[Any]
) -> None:
    await claimed(database, learner)

    assert isinstance(await take(database, learning.learner(connection), fingerprint("there", None)), Claim)


@pytest.mark.parametrize(("alone", "waits_for_the_disk"), [(True, "off"), (False, "on")])
async def test_what_stores_more_than_the_key_waits_for_the_disk(
    database: Database, learner: Learner, *, alone: bool, waits_for_the_disk: str
) -> None:
    async with database.transaction() as connection:
        await idempotency.acquire(connection, learner.client, "k", ASKED, 60, alone=alone)
        row = await (await connection.execute("show synchronous_commit")).fetchone()

    assert row == {"synchronous_commit": waits_for_the_disk}


def test_a_fingerprint_ignores_the_order_of_names_but_not_the_target() -> None:
    same = fingerprint("here", {"b": {"d": 1, "c": "я"}, "a": [1, 2]})

    assert same == fingerprint("here", {"a": [1, 2], "b": {"c": "я", "d": 1}})
    assert len({same, fingerprint("there", {"a": [1, 2]}), fingerprint("here", {"a": [2, 1]}), ASKED}) == 4


@pytest.mark.parametrize("key", ["a", "5f0c6c3e", "k" * 255, "a b"])
def test_a_key_is_what_the_header_says(key: str) -> None:
    assert idempotency.key_of(request("POST", {"Idempotency-Key": key})) == key
    assert idempotency.key_of(request("POST")) is None


@pytest.mark.parametrize("key", ["", "k" * 256, "é", "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(HttpProblem) as raised:
        idempotency.key_of(request("POST", {"Idempotency-Key": key}))
    assert raised.value.status == 400
