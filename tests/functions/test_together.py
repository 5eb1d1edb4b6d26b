"""The functions together: webhook in, message out. Each serves HTTP of its own and knows nothing of the other."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer, running
from tests.helpers import arrange, canaries
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread

CHAT, TRAINING = 700_000_101, "911000001"


async def arrived(telegram: SandboxServer, count: int, seconds: float = 60.0) -> list[str]:
    """The texts that have arrived once there are `count`, or when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        texts = [row.params["text"] for row in telegram.telegram.journal.find(method="sendMessage", chat_id=CHAT)]
        if len(texts) >= count:
            return texts
        await asyncio.sleep(0.02)
    return texts


def school(connection: psycopg.Connection[DictRow], collapse_seconds: int) -> None:
    arrange.bot(connection, private_pace="0", rate_per_second=1000)
    arrange.source(connection, collapse_seconds=collapse_seconds)
    mentor = arrange.mentor(connection, email="mentor@example.com", telegram_id=CHAT)
    student = arrange.student(connection, getcourse_id="512000001", email=canaries.EMAIL)
    arrange.mapping(connection, student, mentor, TRAINING)


@dataclass(frozen=True)
class Together:
    """What runs side by side."""

    telegram: SandboxServer
    ingest: Served
    dispatch: Served


@asynccontextmanager
async def together(database_url: str, printed: Path) -> AsyncIterator[Together]:
    """The stand-in, the dispatcher, and an ingest function that pokes it."""
    settings = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY}
    async with running() as telegram:
        with (
            serve_in_thread("dispatch_notifications", printed, TELEGRAM_API_URL=telegram.url, **settings) as dispatch,
            serve_in_thread("ingest_webhook", printed, POKE=f"http:{dispatch.url}/", **settings) as ingest,
        ):
            yield Together(telegram, ingest, dispatch)


async def post(url: str, answer_id: str) -> None:
    body = {"user_id": "512000001", "answer_id": answer_id, "answer_training_id": TRAINING, "answer_text": answer_id}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{url}/getcourse/school", json=body, headers={"x-webhook-secret": canaries.SOURCE_SECRET}
        )
    assert answer.status_code == 200


async def test_a_poke_brings_the_message_at_once_and_one_that_meets_a_run_is_not_lost(
    database_url: str, connection: psycopg.Connection[DictRow], printed: Path
) -> None:
    school(connection, collapse_seconds=1)
    async with together(database_url, printed) as run:
        await post(run.ingest.url, "первый")
        assert len(await arrived(run.telegram, 1)) == 1

        # The first run lingers for the gathering time of the second answer; the third meets that run.
        await post(run.ingest.url, "второй")
        await asyncio.sleep(0.5)
        await post(run.ingest.url, "третий")
        texts = await arrived(run.telegram, 2)

    assert len(texts) == 2
    assert "второй" in texts[1]
    assert "третий" in texts[1]


async def test_no_poke_is_lost_in_the_moment_in_which_a_run_ends(
    database_url: str, connection: psycopg.Connection[DictRow], printed: Path
) -> None:
    school(connection, collapse_seconds=0)
    async with together(database_url, printed) as run:
        for number in range(60):
            await asyncio.sleep(0.0013 * (number % 17))  # the run before is at another point of its end each time
            await post(run.ingest.url, f"ответ-{number}")
            assert len(await arrived(run.telegram, number + 1, seconds=5)) == number + 1


async def test_one_event_can_be_followed_from_the_webhook_to_telegrams_message_id(
    database_url: str, connection: psycopg.Connection[DictRow], printed: Path
) -> None:
    school(connection, collapse_seconds=0)
    async with together(database_url, printed) as run:
        await post(run.ingest.url, "первый")
        await arrived(run.telegram, 1)
        await asyncio.sleep(0.3)

    [event] = connection.execute("select correlation_id from getcourse.webhook_events").fetchall()
    [row] = connection.execute("select correlation_id, message_id from platform.outbox").fetchall()
    assert row["correlation_id"] == event["correlation_id"]
    assert row["message_id"] is not None
    for served in (run.ingest, run.dispatch):
        assert event["correlation_id"] in served.output.read_text()
