"""A world to deliver messages in: a bot, the stand-ins for Telegram and WhatsApp, and dispatchers."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from infra.sandbox.telegram.journal import Row
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.helpers import arrange, canaries
from tests.helpers.serving import ServedProcess, serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.waiting import until

NAME = "dispatch_notifications"
PROCESS = "a dispatcher in a process"  # what Postgres calls its sessions
CHAT = 700_000_301
OTHER_CHAT = 700_000_302
OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"

Plain = psycopg.Connection[DictRow]


@dataclass(frozen=True)
class Dispatcher:
    """The function, to be called."""

    url: str
    output: Path

    async def tick(self, **query: Any) -> dict[str, Any]:
        """Call it as the scheduler does; its answer."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            answer = await client.post(self.url, params=query, headers={"x-cron-secret": canaries.CRON_SECRET})
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report


async def all_tick(dispatchers: list[Dispatcher], seconds: float = 15) -> None:
    """All at once."""
    await asyncio.gather(*(dispatcher.tick(seconds=seconds) for dispatcher in dispatchers))


def fast_bot(connection: Plain, **columns: Any) -> int:
    """A bot that Telegram lets go as fast as it likes."""
    return arrange.bot(connection, **{"private_pace": "0", "group_pace": "0", "rate_per_second": 1000, **columns})


def message(bot: int, key: str, chat: int = CHAT, **fields: Any) -> Message:
    """A message whose text is its key, unless told otherwise."""
    usual = {"kind": ANSWER_TO_LESSON, "payload": {"text": key}, "correlation_id": "c" * 32}
    return Message(bot_id=bot, dedup_key=key, chat_id=chat, **{**usual, **fields})


class Delivery:
    """What is enqueued, sent and refused."""

    def __init__(self, connection: Plain, database: Database, telegram: SandboxServer, printed: Path, url: str) -> None:
        """`url` is the database's address for functions."""
        self.connection = connection
        self.database = database
        self.telegram = telegram
        self.printed = printed
        self.settings = {
            "DATABASE_URL": url,
            "TELEGRAM_API_URL": telegram.url,
            "CHATFLOW_API_URL": f"{telegram.url}/chatflow",
            "EVOLUTION_API_URL": f"{telegram.url}/evolution",
            "WHATSAPP_CLOUD_API_URL": f"{telegram.url}/whatsapp_cloud",
            "SECRETS_KEY": arrange.SECRETS_KEY,
            "CRON_SECRET": canaries.CRON_SECRET,
        }
        self._served = ExitStack()

    def close(self) -> None:
        """End the dispatchers."""
        self._served.close()

    @cached_property
    def bot(self) -> int:
        """A bot without limits, until `set_bot` says otherwise."""
        return fast_bot(self.connection)

    def add_bot(self, **columns: Any) -> int:
        """Another bot without limits; the first one is there before it."""
        assert self.bot
        return fast_bot(self.connection, **columns)

    def set_bot(self, **columns: Any) -> None:
        """Change the bot."""
        names = ", ".join(f"{name} = %s" for name in columns)
        self.connection.execute(f"update platform.bots set {names} where id = %s", (*columns.values(), self.bot))

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """The dispatcher of this test."""
        return self.dispatchers(1)[0]

    def dispatchers(self, count: int) -> list[Dispatcher]:
        """As many dispatchers, served in threads until the test ends."""
        served = [
            self._served.enter_context(serve_in_thread(NAME, self.printed, **self.settings)) for _ in range(count)
        ]
        return [Dispatcher(function.url, function.output) for function in served]

    @contextmanager
    def process(self) -> Iterator[ServedProcess]:
        """A dispatcher in a process of its own, which a test may kill."""
        with serve(NAME, self.printed, PGAPPNAME=PROCESS, **self.settings) as served:
            yield served

    async def process_is_forgotten(self) -> None:
        """Wait until Postgres has noticed: what a killed process asked last may be done long after its death."""
        query = "select from pg_stat_activity where datname = current_database() and application_name = %s"
        await until(lambda: not self.connection.execute(query, [PROCESS]).rowcount, what="the end of its sessions")

    def message(self, key: str, chat: int = CHAT, **fields: Any) -> Message:
        """A message of the bot, whose text is its key, unless told otherwise."""
        return message(self.bot, key, chat, **fields)

    async def enqueue(self, *messages: Message | str) -> None:
        """Enqueue them, in order; a text alone is a usual message that says it."""
        async with self.database.transaction() as connection:
            await enqueue(connection, [self.message(each) if isinstance(each, str) else each for each in messages])

    def fault(self, method: str = "sendMessage", **fault: Any) -> None:
        """Let Telegram's next answers go wrong."""
        self.telegram.telegram.faults.add(method=method, **fault)

    def answer_now(self) -> None:
        """Telegram's answers that a fault delays come now: a test waits for what it needs, and for no more."""
        self.telegram.telegram.faults.release()

    async def tick(self, **query: Any) -> dict[str, Any]:
        """One run; its report."""
        return await self.dispatcher.tick(**query)

    async def tick_until(self, done: Callable[[], object], seconds: float = 0.5) -> None:
        """Short runs until `done()`: on a busy machine one may be over before it has sent anything."""
        for _ in range(60):
            await self.tick(seconds=seconds)
            if done():
                return
        raise AssertionError("it did not come about in sixty runs")

    def bring_forward(self) -> None:
        """What waits for its next try is due now."""
        self.connection.execute(
            "update platform.outbox set due_at = clock_timestamp() - interval '1 second' where state = 'queued';"
            "update platform.lanes set head_due = clock_timestamp() - interval '1 second' where head_due is not null"
        )

    def calls(self, method: str | None = "sendMessage", chat: int | None = None) -> list[Row]:
        """The requests that came, in order, refused ones too."""
        return self.telegram.telegram.journal.find(method, chat)

    def requests(self, method: str | None = "sendMessage", chat: int | None = CHAT) -> int:
        """How many requests came."""
        return len(self.calls(method, chat))

    def sent(self, chat: int = CHAT) -> list[str]:
        """The texts that were delivered to a chat, in order."""
        return [call.params["text"] for call in self.calls(chat=chat) if call.delivered]

    def row(self, key: str) -> dict[str, Any]:
        """What the outbox says about a message."""
        [found] = self.rows("select * from platform.outbox where dedup_key = %s", key)
        return found

    def states(self, *keys: str) -> list[str]:
        """What became of these messages."""
        return [self.row(key)["state"] for key in keys]

    def rows(self, query: str, *values: object, **named: object) -> list[dict[str, Any]]:
        """All rows of a query."""
        return self.connection.execute(query.encode(), named or values or None).fetchall()

    def log(self) -> str:
        """What the dispatcher of this test has printed."""
        return self.dispatcher.output.read_text("utf-8")
