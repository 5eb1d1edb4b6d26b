"""The one order of a thread's messages."""

import asyncio
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from functions.learning_api.messages import StoredMessage, ThreadMessage, append
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from tests.helpers import learning
from tests.helpers.learning import Learner


@pytest.fixture
def learner(connection: psycopg.Connection[Any]) -> Learner:
    return learning.learner(connection)


async def say(database: Database, learner: Learner, *texts: str) -> list[StoredMessage]:
    async with database.transaction() as connection:
        return await append(connection, learner.threads["chat"], [ThreadMessage("user", text) for text in texts])


async def test_messages_are_stored_in_the_order_in_which_they_were_given(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    messages = [
        ThreadMessage("user", "Первое", {"a": [1, None]}),
        ThreadMessage("assistant", "Второе"),
        ThreadMessage("tool", ""),
    ]
    async with database.transaction() as writing:
        stored = await append(writing, learner.threads["chat"], messages)

    assert [message.seq for message in stored] == [1, 2, 3]
    rows = learning.messages(connection, learner.threads["chat"])
    assert [row["id"] for row in rows] == [message.id for message in stored]
    assert [(row["role"], row["content"], row["meta_json"]) for row in rows] == [
        (message.role, message.content, message.meta) for message in messages
    ]


async def test_messages_appended_together_stay_together(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    pairs = [(f"Вопрос {n}", f"Ответ {n}") for n in range(20)]
    stored = await asyncio.gather(*(say(database, learner, *pair) for pair in pairs))

    assert sorted(message.seq for pair in stored for message in pair) == list(range(1, 41))
    contents = [row["content"] for row in learning.messages(connection, learner.threads["chat"])]
    assert sorted(zip(contents[::2], contents[1::2], strict=True)) == sorted(pairs)


async def test_a_rolled_back_append_leaves_no_gap(database: Database, learner: Learner) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await append(connection, learner.threads["chat"], [ThreadMessage("user", "Нет")] * 3)
            raise ZeroDivisionError

    assert [message.seq for message in await say(database, learner, "Да")] == [1]


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
            await append(frozen, learner.threads["chat"], [ThreadMessage("user", "Замёрзло")])
            await asyncio.wait_for(_until_stored(database, learner, "Дождалось"), 60)

    assert [row["content"] for row in learning.messages(connection, learner.threads["chat"])] == ["Дождалось"]


async def _until_stored(database: Database, learner: Learner, text: str) -> None:
    """As a caller does who is told 503 and Retry-After."""
    while True:
        with suppress(DatabaseUnavailable):
            await say(database, learner, text)
            return
