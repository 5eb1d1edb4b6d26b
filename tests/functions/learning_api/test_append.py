"""The one order of a thread's messages."""

import asyncio
from typing import Any

import psycopg
import pytest

from functions.learning_api.append import NewMessage, StoredMessage, append
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from tests.helpers import learning
from tests.helpers.learning import Learner


@pytest.fixture
def learner(connection: psycopg.Connection[Any]) -> Learner:
    return learning.learner(connection)


async def say(database: Database, learner: Learner, *said: str) -> list[StoredMessage]:
    async with database.transaction() as connection:
        return await append(connection, learner.threads["chat"], [NewMessage("user", one) for one in said])


async def test_messages_lie_in_the_order_in_which_they_were_said(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    said = [NewMessage("user", "Первое", {"a": [1, None]}), NewMessage("assistant", "Второе"), NewMessage("tool", "")]
    async with database.transaction() as writing:
        stored = await append(writing, learner.threads["chat"], said)

    assert [one.seq for one in stored] == [1, 2, 3]
    lying = learning.messages(connection, learner.threads["chat"])
    assert [one["id"] for one in lying] == [one.id for one in stored]
    assert [(one["role"], one["content"], one["meta_json"]) for one in lying] == [
        (one.role, one.content, one.meta) for one in said
    ]


async def test_what_is_said_together_stays_together_whoever_talks_too(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    pairs = [(f"Вопрос {n}", f"Ответ {n}") for n in range(20)]
    stored = await asyncio.gather(*(say(database, learner, *pair) for pair in pairs))

    assert sorted(one.seq for pair in stored for one in pair) == list(range(1, 41))
    contents = [one["content"] for one in learning.messages(connection, learner.threads["chat"])]
    assert sorted(zip(contents[::2], contents[1::2], strict=True)) == sorted(pairs)


async def test_what_is_undone_leaves_no_gap(database: Database, learner: Learner) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await append(connection, learner.threads["chat"], [NewMessage("user", "Нет")] * 3)
            raise ZeroDivisionError

    assert [one.seq for one in await say(database, learner, "Да")] == [1]


async def test_a_thread_that_is_gone_takes_nothing(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    connection.execute("delete from learning.chat_threads where id = %s", (learner.threads["chat"],))

    assert await say(database, learner, "Кому?") == []


@pytest.mark.slow
async def test_a_process_that_freezes_with_a_thread_loses_it(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with database.transaction() as frozen:
            await append(frozen, learner.threads["chat"], [NewMessage("user", "Замёрзло")])
            await asyncio.wait_for(say(database, learner, "Дождалось"), 8)

    assert [one["content"] for one in learning.messages(connection, learner.threads["chat"])] == ["Дождалось"]
