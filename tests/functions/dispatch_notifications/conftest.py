"""A school with a bot, a mentor and a student; a stand-in for Telegram; the dispatcher as it is deployed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer, running
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve

MENTOR_CHAT = 700_000_101
ADMIN_CHAT = -1_001_900_000_777
TRAINING = "911000001"


@dataclass
class School:
    """What most tests start from."""

    connection: psycopg.Connection[DictRow]
    source: int
    mentor: int
    student: int

    def answer(self, answer_id: str, **columns: Any) -> int:
        """A stored answer of the school's student."""
        usual = {"user_id": "512000001", "answer_training_id": TRAINING, "answer_text": canaries.ANSWER}
        return arrange.event(self.connection, source_id=self.source, answer_id=answer_id, **{**usual, **columns})


@pytest.fixture
def school(connection: psycopg.Connection[DictRow]) -> School:
    """One bot, one source, one mentor responsible for one student since 2020."""
    arrange.bot(connection, private_pace="0", rate_per_second=1000)
    source = arrange.source(connection, admin_chat_id=ADMIN_CHAT)
    mentor = arrange.mentor(connection, getcourse_id="498000001", telegram_id=MENTOR_CHAT, email="mentor@example.com")
    student = arrange.student(
        connection, getcourse_id="512000001", email=canaries.EMAIL, first_name="Вера", last_name=canaries.STUDENT
    )
    arrange.mapping(connection, student, mentor, TRAINING)
    return School(connection, source, mentor, student)


@pytest.fixture
async def telegram() -> AsyncIterator[SandboxServer]:
    """The stand-in for Telegram."""
    async with running() as sandbox:
        yield sandbox


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


@pytest.fixture
def dispatcher(database_url: str, telegram: SandboxServer, printed: Path) -> Any:
    """dispatch_notifications in a process of its own."""
    with serve(
        "dispatch_notifications",
        printed,
        DATABASE_URL=database_url,
        TELEGRAM_API_URL=telegram.url,
        SECRETS_KEY=arrange.SECRETS_KEY,
        CRON_SECRET=canaries.CRON_SECRET,
    ) as served:
        yield Dispatcher(served.url, served.output)


def sent(telegram: SandboxServer, chat: int = MENTOR_CHAT) -> list[dict[str, Any]]:
    """The messages that arrived in a chat."""
    return [row.params for row in telegram.telegram.journal.find(method="sendMessage", chat_id=chat) if row.delivered]
