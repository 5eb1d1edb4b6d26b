"""YClients' day: a booking is made, moved, confirmed, kept, missed, deleted; its hook comes once, twice, or never."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict

from infra.admin.database import connect, fetch
from infra.demo.salon.example import COMPANY, SOURCE, TENANT
from infra.demo.salon.payloads import hook
from infra.demo.stack import Stack
from infra.sandbox.yclients.state import Record
from shared.database import sql

CLIENTS = ("Дина", "Алуа", "Мадина", "Жанна", "Камила")
_HOOKS = {"sent": 1, "doubled": 2, "lost": 0}
_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "confirm": {"attendance": 2}, "come": {"attendance": 1}, "miss": {"attendance": -1}, "cancel": {"deleted": True},
}  # fmt: skip

_SQL = sql.load(__file__)


class Change(BaseModel):
    """What the page asks for; `record` is none for a new booking."""

    model_config = ConfigDict(extra="forbid")

    does: Literal["book", "move", "confirm", "come", "miss", "cancel"]
    record: int | None = None
    hook: Literal["sent", "doubled", "lost"] = "sent"


def bookings(stack: Stack) -> list[dict[str, Any]]:
    """The salon's records at YClients, the newest first, each with the status that we know; none: we know nothing."""
    records = [record for (company, _), record in stack.sandbox.yclients.records.items() if company == COMPANY]
    with connect(stack.database_url) as connection:
        rows = fetch(connection, _SQL["known"], tenant=TENANT, records=[str(record.id) for record in records])
    known = {row["external_id"]: row["status"] for row in rows}
    shown = {"id", "datetime", "attendance", "deleted", "client", "services"}
    return [
        record.model_dump(mode="json", include=shown) | {"known": known.get(str(record.id))}
        for record in reversed(records)
    ]


def find(stack: Stack, change: Change) -> Record | None:
    """The record that a change is about, if it is there."""
    return stack.sandbox.yclients.records.get((COMPANY, change.record or 0))


async def apply(stack: Stack, change: Change) -> None:
    """Change the record (or make one), and send its hook as asked."""
    yclients, record = stack.sandbox.yclients, find(stack, change)
    if record is None or change.does == "book":
        record = _new(stack)
        await asyncio.to_thread(_book, stack.database_url, record)
    elif change.does == "move":
        yclients.put(COMPANY, record.id, datetime=record.datetime + timedelta(days=1))
    else:
        yclients.put(COMPANY, record.id, **_CHANGES[change.does])
    status = {"book": "create", "cancel": "delete"}.get(change.does, "update")
    hooks = (_hook(stack, record.id, status) for _ in range(_HOOKS[change.hook]))
    await asyncio.gather(*hooks, return_exceptions=True)


def _new(stack: Stack) -> Record:
    records = stack.sandbox.yclients.records
    number = max(number for _, number in records) + 1
    at = (datetime.now(UTC) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return stack.sandbox.yclients.put(COMPANY, number, datetime=at, client=CLIENTS[number % len(CLIENTS)])


def _book(database_url: str, record: Record) -> None:
    with connect(database_url) as connection:
        connection.execute(_SQL["book"], {"tenant": TENANT, "record": str(record.id), "at": record.datetime})


async def _hook(stack: Stack, number: int, status: str) -> httpx.Response:
    url = f"{stack.functions_url}/ingest_webhook/yclients/{SOURCE}"
    headers = {"content-type": "application/json", "x-webhook-secret": stack.keys.source_secret}
    return await stack.sandbox.webhook_log.post(
        f"yclients:{SOURCE}", url, json.dumps(hook(number, status)).encode(), lambda _: headers
    )
