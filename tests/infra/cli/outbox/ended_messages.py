"""Messages that ended in some way, for the commands that change them."""

import asyncio
from functools import partial
from typing import Any

import psycopg
from psycopg.rows import DictRow

from functions.dispatch_notifications.run import Run
from infra.sandbox.server import SandboxServer
from shared import config
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon, Ran

Connection = psycopg.Connection[DictRow]

WAITING = "select id, state, attempt, redrives, maybe_duplicate, error_class from platform.outbox order by id"


def message(connection: Connection, bot: int, state: str = "dead", **columns: Any) -> int:
    """A message that ended an hour ago, two hours after it was queued, and was worth sending for three."""
    ended = state not in {"queued", "sending"}
    sending = {"attempt_id": "00000000-0000-0000-0000-000000000001", "send_started_at": "now"}
    values = {
        "bot_id": bot,
        "chat_id": 5001,
        "lane": "5001",
        "kind": "getcourse/answer",
        "method": "sendMessage",
        "payload": '{"text": "x"}',
        "dedup_key": f"test/{rows(connection, 'select gen_random_uuid() as key')[0]['key']}",
        "correlation_id": "c" * 32,
        "policy": "at_least_once",
        "state": state,
        "attempt": 3,
        "error_class": "blocked" if state == "dead" else None,
        "created_at": rows(connection, "select now() - interval '3 hours' as at")[0]["at"],
        "expires_at": rows(connection, "select now() as at")[0]["at"],
        "finished_at": rows(connection, "select now() - interval '1 hour' as at")[0]["at"] if ended else None,
        **(sending if state == "sending" else {}),
        **columns,
    }
    return arrange._insert(connection, "platform.outbox", values)


def lane(connection: Connection, bot: int, name: str = "5001", **columns: Any) -> None:
    values = {"bot_id": bot, "lane": name, **columns}
    marks = ", ".join(["%s"] * len(values))
    connection.execute(f"insert into platform.lanes ({', '.join(values)}) values ({marks})", tuple(values.values()))


def changed(ran: Ran) -> list[int]:
    """The ids that a command says it changed."""
    assert ran.code == 0, ran.err
    return list(ran.json["changed"])


async def dispatch(database: Database, database_url: str, telegram: SandboxServer) -> None:
    settings = config.load(
        {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "TELEGRAM_API_URL": telegram.url}
    )
    await Run(database, settings, 8.0).run()


async def aside(carillon: Carillon, *arguments: str) -> Ran:
    """Run a command in a thread: it starts an event loop of its own."""
    return await asyncio.to_thread(partial(carillon, *arguments))
