"""The primary dies under load, and its standby is promoted: what was answered 2xx is there, and all goes on at once."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.local.schedules import read_schedules
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from tests.chaos.fleet import SECRET
from tests.chaos.standby import Standby
from tests.functions.ingest_webhook.getcourse.cluster import Cluster
from tests.functions.ingest_webhook.getcourse.world import SCHOOL, answer
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

CALLERS = 4
MIN_ANSWERED = 150  # before the primary dies
MIN_REFUSED = 8  # while there is no primary
MIN_ANSWERED_AFTERWARDS = 50
WAITING = "select pid from pg_stat_activity where wait_event = 'SyncRep'"
HEADERS = {"x-webhook-secret": canaries.SOURCE_SECRET}


@dataclass
class Call:
    """A webhook, and its answer."""

    answer_id: str
    status: int = 0  # it is under way
    retry_after: str | None = None


class Load:
    """Callers who never pause."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._is_over = False
        self.calls: list[Call] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """They call for as long as the context lasts, and get the answers to what is under way."""
        callers = [asyncio.create_task(self._call_on()) for _ in range(CALLERS)]
        try:
            yield
        finally:
            self._is_over = True
            await asyncio.gather(*callers)

    async def call(self) -> Call:
        """One more."""
        call = Call(f"load-{len(self.calls)}")
        self.calls.append(call)
        response = await self._client.post(SCHOOL, json=answer(call.answer_id))
        call.status, call.retry_after = response.status_code, response.headers.get("retry-after")
        return call

    async def _call_on(self) -> None:
        while not self._is_over:
            await self.call()

    def answered(self, status: int, since: int = 0) -> list[Call]:
        """The calls that got this status, of those that were sent `since` so many."""
        return [call for call in self.calls[since:] if call.status == status]


@pytest.fixture(scope="module")
def standby() -> Iterator[Standby]:
    """A primary and its standby, which every commit waits for."""
    with (
        tempfile.TemporaryDirectory(prefix="carillon-") as folder,
        Cluster.at(Path(folder)) as primary,
        Standby.of(primary, Path(folder)) as standby,
    ):
        yield standby


@pytest.fixture
async def load(standby: Standby, printed: Path) -> AsyncIterator[Load]:
    """Callers of ingest_webhook as it is deployed, before both servers."""
    await standby.in_step()
    with serve("ingest_webhook", printed, DATABASE_URL=standby.url) as served:
        async with httpx.AsyncClient(timeout=60, trust_env=False, base_url=served.url, headers=HEADERS) as client:
            yield Load(client)


async def test_a_commit_that_waits_no_longer_for_its_standby_is_no_success(standby: Standby) -> None:
    """Postgres calls it done, with a warning: the standby, promoted in the next moment, would not have it."""
    await standby.in_step()
    database = Database(standby.url)
    with standby.primary.connect() as connection, standby.frozen():
        writing = asyncio.create_task(write(database))
        await until(lambda: connection.execute(WAITING).rowcount, what="the wait for the standby")
        connection.execute(f"select pg_cancel_backend(pid) from ({WAITING}) waiting")
        with pytest.raises(DatabaseUnavailable, match="standby"):
            await writing
    await write(database)
    await database.close()


async def write(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("update platform.webhook_sources set name = name")


async def test_a_standby_that_is_promoted_under_load_has_all_that_was_answered_200(
    standby: Standby, load: Load, printed: Path
) -> None:
    """Afterwards nobody is refused but who had called before: not even the first call, of whichever function."""
    with ExitStack() as stack:
        secrets = {"SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
        names = sorted({schedule.function for schedule in read_schedules()})
        served = [serve_in_thread(name, printed, DATABASE_URL=standby.url, **secrets) for name in names]
        runs = {name: stack.enter_context(each).url for name, each in zip(names, served, strict=True)}
        assert await statuses(runs) == dict.fromkeys(names, 200)
        async with load.running():
            await until(lambda: len(load.answered(200)) >= MIN_ANSWERED, seconds=30, what="load")
            standby.primary.kill()
            await until(lambda: len(load.answered(503)) >= MIN_REFUSED, seconds=30, what="the failure")
            await asyncio.to_thread(standby.promote)
            # Who called before may still be told no, and whoever joined them in the same attempt to write.
            before = list(load.calls)
            await until(lambda: all(call.status for call in before), seconds=15, what="the last of those answers")
            since = len(load.calls)
            assert await statuses(runs) == dict.fromkeys(names, 200)
            await until(lambda: len(load.answered(200, since)) >= MIN_ANSWERED_AFTERWARDS, seconds=30, what="recovery")
    refused = load.answered(503)
    assert len(load.answered(200)) + len(refused) == len(load.calls)
    assert {call.retry_after for call in refused} == {"5"}
    assert len(load.answered(200, since)) == len(load.calls[since:])
    with standby.connect() as connection:
        rows = connection.execute("select answer_id from getcourse.webhook_events").fetchall()
    assert {call.answer_id for call in load.answered(200)} - {row["answer_id"] for row in rows} == set()


async def statuses(runs: dict[str, str]) -> dict[str, int]:
    """What these scheduled functions answer, called all at once."""
    async with httpx.AsyncClient(timeout=120, trust_env=False, headers=SECRET) as client:
        answers = await asyncio.gather(*(client.post(url, params={"seconds": 2}) for url in runs.values()))
    return dict(zip(runs, [answer.status_code for answer in answers], strict=True))
