"""Messages that tests hand over, several dispatchers, and what became of it all."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve

CHAT = 700_000_301
OTHER_CHAT = 700_000_302


def patient_bot(connection: psycopg.Connection[DictRow], **columns: Any) -> int:
    """A bot that Telegram lets go as fast as it likes."""
    return arrange.bot(connection, **{"private_pace": "0", "group_pace": "0", "rate_per_second": 1000, **columns})


def message(bot: int, key: str, chat: int = CHAT, **fields: Any) -> Message:
    """A message that says its own key, unless told otherwise."""
    usual = {"kind": ANSWER_TO_LESSON, "payload": {"text": key}, "correlation_id": "c" * 32}
    return Message(bot_id=bot, dedup_key=key, chat_id=chat, **{**usual, **fields})


async def hand_over(database: Database, *messages: Message) -> None:
    """Enqueue them, in order."""
    async with database.transaction() as connection:
        await enqueue(connection, messages)


def row(connection: psycopg.Connection[DictRow], key: str) -> dict[str, Any]:
    """What the outbox says about a message."""
    [found] = connection.execute("select * from platform.outbox where dedup_key = %s", (key,)).fetchall()
    return found


def states(connection: psycopg.Connection[DictRow], *keys: str) -> list[str]:
    """What became of these messages."""
    return [row(connection, key)["state"] for key in keys]


def arrived(telegram: SandboxServer, chat: int = CHAT) -> list[str]:
    """The texts that were delivered to a chat, in order."""
    calls = telegram.telegram.journal.find("sendMessage", chat)
    return [call.params["text"] for call in calls if call.delivered]


def asked(telegram: SandboxServer, method: str = "sendMessage", chat: int | None = CHAT) -> int:
    """How many requests came."""
    return len(telegram.telegram.journal.find(method, chat))


def bring_forward(connection: psycopg.Connection[DictRow]) -> None:
    """What waits for its next try is due now."""
    connection.execute(
        "update platform.outbox set due_at = clock_timestamp() - interval '1 second' where state = 'queued';"
        "update platform.lanes set head_due = clock_timestamp() - interval '1 second' where head_due is not null"
    )


@contextmanager
def several(
    count: int, database_url: str, telegram: SandboxServer, printed: Path, **settings: str
) -> Iterator[list[Dispatcher]]:
    """Dispatchers in as many processes."""
    usual = {
        "DATABASE_URL": database_url,
        "TELEGRAM_API_URL": telegram.url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
    }
    with ExitStack() as stack:
        served = [
            stack.enter_context(serve("dispatch_notifications", printed, **{**usual, **settings})) for _ in range(count)
        ]
        yield [Dispatcher(one.url, one.output) for one in served]


async def all_tick(dispatchers: list[Dispatcher], seconds: float = 15) -> None:
    """All at once."""
    await asyncio.gather(*(one.tick(seconds=seconds) for one in dispatchers))


async def until(condition: Callable[[], object], seconds: float = 10) -> float:
    """Wait for `condition()`; how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it never happened"
        await asyncio.sleep(0.02)
    return time.monotonic() - started
