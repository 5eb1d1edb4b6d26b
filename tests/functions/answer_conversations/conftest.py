"""A desk whose clients have written, a stand-in for the model, and runs of the function in this process."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx_aiohttp  # noqa: F401 - a first call loads it, and on a busy machine that takes longer than a call may
import psycopg
import pytest
from psycopg.rows import DictRow

from functions.answer_conversations.run import Run
from infra.sandbox.llm.state import Model
from infra.sandbox.server import running
from shared import config
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from tests.conftest import rows
from tests.helpers.worlds import support
from tests.helpers.worlds.support import Desk

CLOSE = """update support.handovers set status = %s, remind_at = null, resolved_at = now() - %s::interval
    where status = 'pending'"""
RESOLVE = "update support.handovers set status = 'active', assigned_to_name = 'Алия', remind_at = null"
CLASSIFIER = "Ты классификатор обращений."
FACTS = "Ты отвечаешь клиентам салона.\nЦены: стрижка стоит 6000 тенге\nАдрес: улица Звонкая, 5"


@dataclass
class World:
    """What a test looks at and steers."""

    connection: psycopg.Connection[DictRow]
    database: Database
    model: Model
    settings: Settings
    desk: Desk
    conversation: UUID
    without_model: Settings = field(repr=False)

    def wrote(self, *texts: str, conversation: UUID | None = None, due: str = "0 seconds", **metadata: Any) -> None:
        """Messages of the client; the burst is over after `due`."""
        where = conversation or self.conversation
        for text in texts:
            self.connection.execute(
                "insert into support.messages (conversation_id, client_id, role, content, metadata)"
                " select id, client_id, 'user', %s, %s::jsonb from support.conversations where id = %s",
                (text, json.dumps({"kind": "text", **metadata}), where),
            )
        self.connection.execute(
            "update support.conversations set answer_due_at = clock_timestamp() + %s::interval, last_message_at = now()"
            " where id = %s",
            (due, where),
        )

    def run(self, *, model: bool = True, seconds: float = 10.0) -> Run:
        """One invocation of the function."""
        settings = self.settings if model else self.without_model
        return Run(self.database, settings, Poke("none", ""), seconds)

    async def tick(self, *, model: bool = True) -> dict[str, int]:
        """A whole run."""
        return await self.run(model=model).run()

    def asked(self) -> list[Any]:
        """What the model was asked, in order."""
        return [row["asked"] for row in self.model.journal]

    def sent(self, kind: str = "support/bot-reply") -> list[str]:
        """The texts that wait to leave, by kind."""
        query = "select payload ->> 'text' as text from platform.outbox where kind = %s order by id"
        return [row["text"] for row in rows(self.connection, query, kind)]

    def handovers(self) -> list[DictRow]:
        """All of them, the oldest first."""
        return rows(self.connection, "select * from support.handovers order by number")

    def state(self, conversation: UUID | None = None) -> DictRow:
        """The conversation's row."""
        where = conversation or self.conversation
        [row] = rows(self.connection, "select * from support.conversations where id = %s", where)
        found: DictRow = row
        return found

    def fault(self, does: Any, times: int = 9, **columns: Any) -> None:
        """What goes wrong with the model's next answers."""
        self.model.fail(does=does, times=times, **columns)

    def prompt(self, name: str, text: str, client: UUID | None = None, *, active: bool = True) -> None:
        """A prompt."""
        support.insert(self.connection, "support.prompts", name=name, text=text, client_id=client, is_active=active)


@pytest.fixture
async def world(connection: psycopg.Connection[DictRow], database: Database, database_url: str) -> AsyncIterator[World]:
    """A desk with global prompts and one conversation."""
    async with running() as sandbox:
        environment = {"DATABASE_URL": database_url, "LLM_DEADLINE_SECONDS": "10"}
        llm = {"LLM_API_URL": f"{sandbox.url}/model/v1", "LLM_API_KEY": "canary", "LLM_MODEL": "sandbox"}
        opened = support.desk(connection)
        world = World(
            connection, database, sandbox.model, config.load(environment | llm), opened,
            support.conversation(connection, opened), config.load(environment),
        )  # fmt: skip
        world.prompt("classifier", CLASSIFIER)
        world.prompt("system_prompt", FACTS)
        yield world
