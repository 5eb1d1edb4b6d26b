"""One salon, a run with time enough, YClients on the loopback."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.verify_bookings import run
from infra.sandbox.server import SandboxServer, running
from shared.clients.http import HttpClient
from shared.clients.yclients import YClients
from shared.database.pool import Database
from tests.functions.verify_bookings.world import PARTNER, TOKEN, BookedSalon, Tick, open_salon
from tests.helpers import arrange, canaries


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with running() as started:
        yield started


@pytest.fixture
def salon(connection: psycopg.Connection[DictRow], sandbox: SandboxServer) -> BookedSalon:
    return open_salon(connection, sandbox.yclients)


@pytest.fixture
def tick(database: Database, sandbox: SandboxServer) -> Tick:
    """A run; only where YClients hangs has a call to hurry."""

    async def tick(seconds: float = 60, seconds_apart: float = 0.0, deadline: float = 20) -> dict[str, int]:
        web = HttpClient(deadline)
        try:
            yclients = YClients(web, f"{sandbox.url}/yclients", PARTNER)
            return await run.run(database, yclients, arrange.SECRETS_KEY, seconds, seconds_apart)
        finally:
            await web.close()

    return tick


@pytest.fixture
def quiet(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever goes wrong, no token and no phone is printed."""
    yield
    printed = "".join(capsys.readouterr())
    assert TOKEN not in printed
    assert not [canary for canary in canaries.ALL if canary in printed]
