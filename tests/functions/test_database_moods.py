"""Every function answers 503 within five seconds when its database is in a bad mood, and is well at once afterwards."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow
from starlette.applications import Starlette
from starlette.routing import Route

from shared import config
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.database.connections import HEALTHY_FOR_SECONDS
from shared.http.function import Function
from tests.conventions import tree
from tests.functions.telegram_webhook.conftest import SECRET
from tests.helpers import arrange, canaries
from tests.helpers.moody_proxy import MoodyProxy, moody

Json = dict[str, Any]

TABLES = (
    "platform.bots, platform.members, platform.job_runs, getcourse.webhook_events, learning.client_tokens, "
    "dashboard.sign_in_links, courses.school"
)
ANSWER = {"user_id": "512000001", "answer_id": "1", "answer_training_id": "911000001", "answer_text": canaries.ANSWER}
LEFT = {"update_id": 9, "message": {"chat": {"id": -100}, "left_chat_member": {"id": 7}, "from": {"id": 7}}}
BEARER = {"authorization": f"Bearer {'nobody':->43}"}  # as long as any
SETTINGS = {
    "SECRETS_KEY": arrange.SECRETS_KEY, "MEDIA_URL": "https://functions.example.com/serve_media",
    "CRON_SECRET_IS_PLATFORM": "1",
}  # fmt: skip
DOORS: dict[str, Json] = {
    "ingest_webhook": {
        "url": "/getcourse/school", "json": ANSWER, "headers": {"x-webhook-secret": canaries.SOURCE_SECRET}
    },
    "telegram_webhook": {
        "url": "/school", "json": LEFT, "headers": {"x-telegram-bot-api-secret-token": SECRET}
    },
    "agent_reply": {"url": "/agents/mentor_chat/v1/reply", "json": {"userMessage": "?"}, "headers": BEARER},
    "learning_api": {"url": "/tracks", "method": "GET", "headers": BEARER},
    "salon_pages": {"url": f"/enter/{'nobody':->43}", "method": "GET"},
    "serve_media": {"method": "GET"},
}  # fmt: skip
READING = ("agent_reply", "learning_api", "salon_pages", "serve_media")  # as they are called here
WRITING = [name for name in tree.FUNCTIONS if name not in READING]


@dataclass(frozen=True)
class Functions:
    """All functions before one database, and the proxy between."""

    clients: dict[str, httpx.AsyncClient]
    proxy: MoodyProxy

    async def statuses(self, names: list[str] | None = None) -> dict[str, int]:
        """What they answer, called all at once. A 503 asks for another call, and came within five seconds.

        What else the machine does can only add to that: who took longer is called again.
        """
        names = names or list(self.clients)
        return dict(zip(names, await asyncio.gather(*(self._call(name) for name in names)), strict=True))

    async def _call(self, name: str) -> int:
        door = {"method": "POST", "url": "/", **DOORS.get(name, {})}
        if name == "serve_media":
            link = media_links.link(
                config.load(SETTINGS, media_links.SETTINGS), Reference(404, "telegram", "x"), "a.jpg", datetime.now(UTC)
            )
            door["url"] = (link or "").removeprefix(SETTINGS["MEDIA_URL"])
        for _ in range(4):
            started = time.monotonic()
            answer = await self.clients[name].request(**door)
            if (took := time.monotonic() - started) < 5:
                break
        assert took < 5, name
        assert answer.status_code != 503 or answer.headers["retry-after"] == "5", name
        return answer.status_code


@pytest.fixture
async def functions(direct_url: str, connection: psycopg.Connection[DictRow]) -> AsyncIterator[Functions]:
    """They run; a school's bot and source are set up."""
    arrange.bot(connection)
    arrange.source(connection)
    on_sigterm = signal.getsignal(signal.SIGTERM)
    async with moody(direct_url) as proxy, AsyncExitStack() as stack:
        settings = config.load({"DATABASE_URL": proxy.url, **SETTINGS})
        clients = {}
        for name in tree.FUNCTIONS:
            function: Function = import_module(f"functions.{name}.main").create(settings)
            stack.push_async_callback(function.close)
            app = Starlette(routes=[Route("/{path:path}", function.handler, methods=["GET", "POST"])])
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://functions.test")
            clients[name] = await stack.enter_async_context(client)
        yield Functions(clients, proxy)
        proxy.recover()
    signal.signal(signal.SIGTERM, on_sigterm)  # the dispatcher listens to it


def all_of(names: list[str], status: int) -> dict[str, int]:
    return dict.fromkeys(names, status)


async def test_without_a_database(functions: Functions) -> None:
    well = await functions.statuses()
    functions.proxy.refuses = True
    functions.proxy.break_off()
    away = await functions.statuses()
    functions.proxy.recover()

    assert away == all_of(tree.FUNCTIONS, 503)
    assert await functions.statuses() == well
    assert set(well.values()) <= {200, 401, 404}


async def test_a_database_that_may_only_be_read(functions: Functions, connection: psycopg.Connection[DictRow]) -> None:
    well = await functions.statuses()
    connection.execute(f"alter database {connection.info.dbname} set default_transaction_read_only = on")
    functions.proxy.break_off()
    away = await functions.statuses(WRITING)
    connection.execute(f"alter database {connection.info.dbname} reset default_transaction_read_only")

    assert away == all_of(WRITING, 503)
    assert await functions.statuses() == well


@pytest.mark.slow
async def test_tables_that_a_migration_has_locked(functions: Functions, direct_url: str) -> None:
    well = await functions.statuses()
    with psycopg.connect(direct_url) as migration:
        migration.execute(f"lock table {TABLES} in access exclusive mode".encode())
        assert await functions.statuses() == all_of(tree.FUNCTIONS, 503)

    assert await functions.statuses() == well


@pytest.mark.slow
@pytest.mark.parametrize("connected", [True, False])
async def test_a_database_that_hangs(functions: Functions, *, connected: bool) -> None:
    well = await functions.statuses()
    if not connected:
        functions.proxy.break_off()
    await asyncio.sleep(HEALTHY_FOR_SECONDS)  # as between two ticks
    functions.proxy.hang()
    away = await functions.statuses()
    functions.proxy.recover()

    assert away == all_of(tree.FUNCTIONS, 503)
    assert await functions.statuses() == well


@pytest.mark.slow
async def test_a_database_that_answers_slowly(functions: Functions) -> None:
    well = await functions.statuses()
    functions.proxy.break_off()
    functions.proxy.latency = 3.0
    away = await functions.statuses()
    functions.proxy.recover()

    assert away == all_of(tree.FUNCTIONS, 503)
    assert await functions.statuses() == well
