"""What callers who are not known cost: no query where they can be nobody, and a few for all of them where they may."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import cycle, islice
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
from shared.credentials import secrets
from shared.http.function import Function
from tests.conventions import tree
from tests.helpers import arrange, canaries
from tests.helpers.waiting import until

Json = dict[str, Any]

CALLS = 200
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"  # nobody answers there: whoever asks it gets 503
SETTINGS = {
    "SECRETS_KEY": arrange.SECRETS_KEY,
    "CRON_SECRET": canaries.CRON_SECRET,
    "MEDIA_URL": "https://functions.example.com/serve_media",
}
SECRET = {"x-webhook-secret": "s" * 43}
BEARER = {"authorization": f"Bearer {'t' * 43}"}
TELEGRAM = {"x-telegram-bot-api-secret-token": "0" * 64}
SIGNED = {"x-hub-signature-256": f"sha256={'0' * 64}"}
JWT = {"authorization": f"Bearer e.e.{'m' * 43}"}
FORM = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
COOKIE = {**FORM, "cookie": f"__Host-carillon={'c' * 43}"}
SUBSCRIBE = "/whatsapp/desk?hub.mode=subscribe&hub.challenge=1&hub.verify_token="


def foreign_link() -> str:
    """A link to a file that another installation has sealed."""
    settings = config.load({**SETTINGS, "SECRETS_KEY": secrets.new_key()}, media_links.SETTINGS)
    made = media_links.link(settings, Reference(1, "telegram", "x"), "a.jpg", datetime.now(UTC))
    return (made or "").removeprefix(SETTINGS["MEDIA_URL"])


# Who cannot be anybody, by the function.
NOBODY: dict[str, list[Json]] = {
    "ingest_webhook": [
        {"url": "/"},
        {"url": "/getcourse/school"},
        {"url": "/getcourse/school?secret=wrong"},
        {"url": "/getcourse/School", "headers": SECRET},
        {"url": "/getcourse/", "headers": SECRET},
        {"url": "/yclients/salon"},
        {"url": "/yclients/../salon", "headers": SECRET},
        {"url": "/whatsapp/desk"},
        {"url": "/whatsapp/desk", "headers": {"authorization": "Bearer wrong"}},
        {"url": "/whatsapp/desk", "headers": {"x-hub-signature-256": "sha256=0"}},
        {"url": "/whatsapp/a/b", "headers": SIGNED},
        {"url": SUBSCRIBE, "method": "GET"},
        {"url": f"{SUBSCRIBE}wrong", "method": "GET"},
        {"url": "/nobody/school", "headers": SECRET},
    ],
    "telegram_webhook": [
        {"url": "/school"},
        {"url": "/school", "headers": {"x-telegram-bot-api-secret-token": "wrong"}},
        {"url": "/School", "headers": TELEGRAM},
        {"url": "/", "headers": TELEGRAM},
    ],
    "agent_reply": [
        {"url": "/agents/mentor_chat/v1/reply"},
        {"url": "/agents/mentor_chat/v1/reply", "headers": {"authorization": "Bearer wrong"}},
        {"url": "/agents/mentor_chat/v1/reply", "headers": {"authorization": f"Basic {'t' * 43}"}},
        {"url": "/agents/nobody/v1/reply", "headers": BEARER},
        {"url": "/openapi.json", "method": "GET"},
    ],
    "learning_api": [
        {"url": "/tracks", "method": "GET"},
        {"url": "/sessions"},
        {"url": "/tracks", "method": "GET", "headers": {"authorization": "Bearer wrong"}},
        {"url": "/nothing", "headers": BEARER},
        {"url": "/openapi.json", "method": "GET"},
        {"url": "/tracks", "method": "OPTIONS", "headers": {"access-control-request-method": "GET"}},
    ],
    "salon_pages": [
        {"url": "/sign-in", "method": "GET"},
        {"url": "/static/style.css", "method": "GET"},
        {"url": "/enter/short", "method": "GET"},
        {"url": "/enter/short", "headers": {"sec-fetch-site": "same-origin"}},
        {"url": "/reset/short", "method": "GET"},
        {"url": "/telegram/start", "method": "GET"},
        {"url": "/telegram/back?code=x&state=y", "method": "GET"},
        {"url": "/sign-out", "headers": {"sec-fetch-site": "same-origin", "cookie": "__Host-carillon=wrong"}},
    ],
    "serve_media": [
        {"url": "/", "method": "GET"},
        {"url": "/nothing/a.jpg", "method": "GET"},
        {"url": f"/{'A' * 120}/a.jpg", "method": "HEAD"},
        {"url": foreign_link(), "method": "GET"},
    ],
}
WRONG_SCHEDULERS: list[Json] = [
    {"url": "/"},
    {"url": "/", "headers": {"x-cron-secret": "wrong"}},
    {"url": "/?seconds=600&bot=1", "method": "GET", "headers": {"authorization": f"Bearer {canaries.CRON_SECRET}x"}},
]
# Who may be somebody until it is looked up.
SOMEBODY: dict[str, list[Json]] = {
    "ingest_webhook": [
        {"url": "/getcourse/school", "headers": SECRET},
        {"url": "/getcourse/nobody", "headers": SECRET},
        {"url": "/yclients/nobody", "headers": SECRET},
        {"url": "/whatsapp/nobody", "headers": SECRET},
        {"url": "/whatsapp/nobody", "headers": SIGNED},
        {"url": "/whatsapp/nobody", "headers": JWT},
        {"url": f"{SUBSCRIBE}{'v' * 43}", "method": "GET"},
    ],
    "telegram_webhook": [{"url": "/school", "headers": TELEGRAM}, {"url": "/nobody", "headers": TELEGRAM}],
    "agent_reply": [{"url": "/agents/mentor_chat/v1/reply", "headers": BEARER}],
    "learning_api": [{"url": "/tracks", "method": "GET", "headers": BEARER}],
    "salon_pages": [
        {"url": "/salons", "method": "GET", "headers": COOKIE},
        {"url": "/sign-out", "headers": COOKIE},
        {"url": f"/enter/{'l' * 43}", "method": "GET"},
        {"url": f"/enter/{'l' * 43}", "headers": FORM},
        {"url": f"/reset/{'r' * 43}", "method": "GET"},
        {"url": f"/reset/{'r' * 43}", "headers": FORM},
    ],
}


@asynccontextmanager
async def called(name: str, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The function `name` on a database, to be called; afterwards all that it opened is closed."""
    settings = config.load({"DATABASE_URL": database_url, **SETTINGS})
    function: Function = import_module(f"functions.{name}.main").create(settings)
    app = Starlette(
        routes=[Route("/{path:path}", function.handler, methods=["GET", "POST", "OPTIONS"])],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://functions.test") as client:
        yield client
    await function.close()


async def statuses(client: httpx.AsyncClient, calls: list[Json]) -> set[int]:
    """What CALLS of them are answered, made all at once."""
    made = islice(cycle(calls), CALLS)
    answers = await asyncio.gather(*(client.request(**{"method": "POST", **call}) for call in made))
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize("name", tree.FUNCTIONS)
async def test_who_cannot_be_anybody_is_answered_without_a_database(name: str) -> None:
    async with called(name, NO_DATABASE) as client:
        found = await statuses(client, NOBODY.get(name, WRONG_SCHEDULERS))

    assert found <= {200, 204, 401, 404}


class Meter:
    """Counts the transactions of this database that are not its own."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection
        self._own = 0
        self._before = self._all()

    def others(self) -> int:
        """How many there were since this began."""
        return self._all() - self._before - self._own

    def is_alone(self) -> bool:
        """Whether nobody else is connected any more: what they did is counted when they have gone."""
        self._own += 1
        query = """select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                   and backend_type = 'client backend'"""
        return self._connection.execute(query).rowcount == 0

    def _all(self) -> int:
        self._own += 2
        self._connection.execute("select pg_stat_force_next_flush()")
        query = "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()"
        [row] = self._connection.execute(query).fetchall()
        return int(row["n"])


@pytest.mark.parametrize("name", SOMEBODY)
async def test_strangers_at_a_door_cost_a_few_transactions_together(
    name: str, direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.bot(connection)
    arrange.source(connection)
    meter = Meter(connection)
    began = time.monotonic()
    async with called(name, direct_url) as client:
        for _ in range(5):
            found = await statuses(client, SOMEBODY[name])
            if 503 not in found:  # a busy machine is too late for some: all come again
                break
        seconds = time.monotonic() - began
    await until(meter.is_alone)

    assert found <= ({303, 401, 404} if name == "salon_pages" else {401, 404})
    providers = 3 if name == "ingest_webhook" else 1
    assert meter.others() < 10 + providers * (3 + 4 * seconds)
