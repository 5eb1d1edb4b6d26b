"""Handing over: once per key, with the caller's transaction, never a lost wake-up."""

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import backlog, queue, retry_policy
from shared.channels.outcome import Outcome
from shared.database.pool import Database
from shared.delivery.enqueue import Message, Topic, enqueue, lane_of
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR
from tests.helpers import arrange

LEASE = 60.0


def message(bot: int, key: str, chat: int = 700_000_001, **more: object) -> Message:
    return Message(bot, ANSWER_TO_LESSON, key, {"text": key}, "c" * 32, chat, **more)  # type: ignore[arg-type]


@pytest.fixture
def bot(connection: psycopg.Connection[DictRow]) -> int:
    return arrange.bot(connection, private_pace="0", rate_per_second=1000, burst=1000)


async def test_a_key_is_accepted_once_even_from_many_at_once(database: Database, bot: int) -> None:
    async def hand_over() -> int:
        async with database.transaction() as connection:
            return len(await enqueue(connection, [message(bot, "one"), message(bot, "one"), message(bot, "two")]))

    accepted = await asyncio.gather(*(hand_over() for _ in range(8)))

    assert sum(accepted) == 2


async def test_what_is_rolled_back_is_not_sent(database: Database, bot: int) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as connection:
            await enqueue(connection, [message(bot, "one")])
            raise RuntimeError

    async with database.connection() as connection:
        assert await queue.claim(connection, bot, 10, LEASE) == []


async def test_a_chat_is_a_lane_and_an_unordered_kind_has_its_own() -> None:
    assert lane_of(message(1, "k")) == "700000001"
    assert lane_of(message(1, "k", thread_id=7)) == "700000001/7"
    assert lane_of(Message(1, NO_MENTOR, "k", {}, "c", 5)) == "5#getcourse/no-mentor"


async def test_a_lane_gives_one_message_at_a_time_in_order(database: Database, bot: int) -> None:
    async with database.transaction() as connection:
        await enqueue(connection, [message(bot, f"{n}") for n in range(3)])
    order = []
    async with database.connection() as connection:
        for _ in range(3):
            [attempt] = await queue.claim(connection, bot, 10, LEASE)
            assert await queue.claim(connection, bot, 10, LEASE) == []
            order.append(attempt.payload["text"])
            async with connection.transaction():
                await queue.finish(connection, [(attempt, retry_policy.after_sending(attempt, Outcome("sent")))])

    assert order == ["0", "1", "2"]


async def test_many_chats_are_claimed_at_once_and_no_more_than_the_rate_allows(
    database: Database, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    connection.execute("update platform.bots set rate_per_second = 10, burst = 5")
    async with database.transaction() as transaction:
        await enqueue(transaction, [message(bot, f"{n}", chat=700_000_000 + n) for n in range(50)])

    async with database.connection() as plain:
        attempts = await queue.claim(plain, bot, 50, LEASE)
        again = await queue.claim(plain, bot, 50, LEASE)

    assert len(attempts) == 14  # five at once, the last of them for now; and one second's worth ahead
    assert again == []
    assert [attempt.wait for attempt in attempts[:5]] == [0.0] * 5
    assert attempts[-1].wait == pytest.approx(0.9, abs=0.1)


async def test_a_dead_dispatchers_message_is_taken_over_and_flagged(
    database: Database, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    async with database.transaction() as transaction:
        await enqueue(transaction, [message(bot, "one")])
    async with database.connection() as plain:
        [lost] = await queue.claim(plain, bot, 1, LEASE)
        connection.execute("update platform.lanes set leased_until = '-infinity'")
        [taken] = await queue.claim(plain, bot, 1, LEASE)
        async with plain.transaction():
            zombie = await queue.finish(
                plain, [(lost, retry_policy.after_sending(lost, Outcome("sent", message_id=1)))]
            )
        [row] = connection.execute("select state, maybe_duplicate, message_id from platform.outbox").fetchall()
        assert (row["state"], row["message_id"]) == ("sending", None)  # the zombie changed nothing
        async with plain.transaction():
            ours = await queue.finish(
                plain, [(taken, retry_policy.after_sending(taken, Outcome("sent", message_id=2)))]
            )

    assert taken.taken_over
    assert not taken.may_be_duplicate
    assert zombie == set()
    assert ours == {taken.attempt_id}
    [row] = connection.execute("select state, maybe_duplicate, message_id from platform.outbox").fetchall()
    assert row == {"state": "sent", "maybe_duplicate": True, "message_id": 2}
    outcomes = connection.execute("select outcome from platform.outbox_attempts order by started_at").fetchall()
    assert [outcome["outcome"] for outcome in outcomes] == ["lost", "sent"]  # nobody's attempt vanishes from the record


@pytest.mark.parametrize("round_number", range(10))
async def test_a_message_handed_over_while_the_last_one_finishes_is_not_forgotten(
    database: Database, connection: psycopg.Connection[DictRow], bot: int, round_number: int
) -> None:
    async with database.transaction() as transaction:
        await enqueue(transaction, [message(bot, "first")])
    async with database.connection() as plain:
        [attempt] = await queue.claim(plain, bot, 1, LEASE)

    async def finish() -> None:
        await asyncio.sleep(0.001 * (round_number % 5))
        async with database.transaction() as transaction:
            await queue.finish(transaction, [(attempt, retry_policy.after_sending(attempt, Outcome("sent")))])

    async def hand_over() -> None:
        async with database.transaction() as transaction:
            await enqueue(transaction, [message(bot, "second")])
            await asyncio.sleep(0.003)

    await asyncio.gather(finish(), hand_over())

    [lane] = connection.execute("select head_due from platform.lanes").fetchall()
    assert lane["head_due"] is not None
    async with database.connection() as plain:
        assert [a.payload["text"] for a in await queue.claim(plain, bot, 1, LEASE)] == ["second"]


async def test_a_lane_that_disagrees_with_its_rows_is_repaired(
    database: Database, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    async with database.transaction() as transaction:
        await enqueue(transaction, [message(bot, "one")])
    connection.execute("update platform.lanes set head_due = null")

    async with database.transaction() as transaction:
        assert await backlog.SafetyNet().repair(transaction) == 1
    async with database.transaction() as transaction:
        assert await backlog.SafetyNet().repair(transaction) == 0

    async with database.connection() as plain:
        assert len(await queue.claim(plain, bot, 1, LEASE)) == 1


async def test_claiming_behind_a_crowded_chat_costs_the_same(
    database: Database, connection: psycopg.Connection[DictRow], bot: int
) -> None:
    async with database.transaction() as transaction:
        await enqueue(transaction, [message(bot, f"{n}") for n in range(5_000)])
    connection.execute("analyze platform.outbox, platform.lanes")

    plan = connection.execute(
        "explain select o.id from platform.outbox o where o.bot_id = %s and o.lane = '700000001'"
        " and o.state in ('queued', 'sending') order by o.created_at, o.id limit 1",
        (bot,),
    ).fetchall()

    assert "outbox_live" in str(plan)


class Explaining:
    """A connection that only counts the rows that a statement reads."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection
        self.read = 0

    async def execute(self, statement: str, parameters: dict[str, Any]) -> "Explaining":
        with self._connection.transaction(force_rollback=True):
            rows = self._connection.execute(
                f"explain (analyze, format json) {statement}".encode(), parameters
            ).fetchall()
        self.read = rows_read(rows[0]["QUERY PLAN"][0]["Plan"])
        return self

    async def fetchall(self) -> list[DictRow]:
        return []


async def test_many_messages_in_one_call_are_joined_not_searched(
    connection: psycopg.Connection[DictRow], bot: int
) -> None:
    """Ten times as many look at ten times as many rows; a search per message or topic would be a hundred times."""
    read = []
    for many in (200, 2000):
        explaining = Explaining(connection)
        topics = [Topic(f"t/{n}", "topic") if n % 2 else None for n in range(many)]
        await enqueue(explaining, [message(bot, f"{n}", 710_000_000 + n, topic=topics[n]) for n in range(many)])  # type: ignore[arg-type]
        read.append(explaining.read)

    assert read[1] < 12 * read[0]


def rows_read(plan: dict[str, Any]) -> int:
    """Of each step of a plan, those that it kept and those that it threw away."""
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    here = sum(plan.get(kind, 0) for kind in kinds) * plan["Actual Loops"]
    return int(here) + sum(rows_read(child) for child in plan.get("Plans", []))
