"""A desk whose requests wait."""

from collections.abc import Awaitable, Callable

import pytest

from functions.handover_reminder_sweep import run
from shared.database.pool import Database
from tests.functions.handover_reminder_sweep.world import Waiting
from tests.helpers.worlds.support import Desk, Plain
from tests.helpers.worlds.support import desk as a_desk

Tick = Callable[..., Awaitable[dict[str, int]]]


@pytest.fixture
def desk(connection: Plain) -> Desk:
    return a_desk(connection)


@pytest.fixture
def waiting(connection: Plain, desk: Desk) -> Waiting:
    return Waiting(connection, desk)


@pytest.fixture
def tick(database: Database) -> Tick:
    """A run with time enough."""

    async def tick(seconds: float = 20) -> dict[str, int]:
        return await run.run(database, seconds, "c" * 32)

    return tick
