"""What messages are delivered with, and a school whose answers become messages."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer, running
from shared.database.pool import Database
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import arrange, canaries

MENTOR_CHAT = 700_000_101
ADMIN_CHAT = -1_001_900_000_777
TRAINING = "911000001"


@pytest.fixture
async def telegram() -> AsyncIterator[SandboxServer]:
    """The stand-in for Telegram."""
    async with running() as sandbox:
        yield sandbox


@pytest.fixture
def delivery(
    connection: psycopg.Connection[DictRow],
    database: Database,
    telegram: SandboxServer,
    printed: Path,
    database_url: str,
) -> Iterator[Delivery]:
    """A bot, the stand-ins, and dispatchers as they are asked for."""
    delivery = Delivery(connection, database, telegram, printed, database_url)
    yield delivery
    delivery.close()


@dataclass
class School:
    """What most tests of answers start from."""

    connection: psycopg.Connection[DictRow]
    source: int
    mentor: int
    student: int

    def answer(self, answer_id: str, **columns: Any) -> int:
        """A stored answer of the school's student."""
        usual = {"user_id": "512000001", "answer_training_id": TRAINING, "answer_text": canaries.ANSWER}
        return arrange.event(self.connection, source_id=self.source, answer_id=answer_id, **{**usual, **columns})


@pytest.fixture
def school(delivery: Delivery) -> School:
    """One source beside the bot, one mentor responsible for one student since 2020."""
    connection = delivery.connection
    assert delivery.bot
    source = arrange.source(connection, admin_chat_id=ADMIN_CHAT)
    mentor = arrange.mentor(connection, getcourse_id="498000001", telegram_id=MENTOR_CHAT, email="mentor@example.com")
    student = arrange.student(
        connection, getcourse_id="512000001", email=canaries.EMAIL, first_name="Вера", last_name=canaries.STUDENT
    )
    arrange.mapping(connection, student, mentor, TRAINING)
    return School(connection, source, mentor, student)
