"""Replaying GetCourse's webhooks: events are processed again, and what could not be parsed is parsed anew."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

# They are parsed and stored by the very code that ingest_webhook runs.
from functions.ingest_webhook.getcourse.parse import Record, parse
from functions.ingest_webhook.getcourse.store import Writer
from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from infra.admin.database import connect, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.credentials.webhook_sources import Source
from shared.database import sql
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Replayed:
    """How many events the dispatcher processes again, and how many deliveries were parsed now or still were not."""

    processed: int
    waiting: int
    parsed: int
    unparsed: int


def replay(database_url: str, since: datetime, source: str | None = None) -> Replayed:
    """Let the dispatcher process again what arrived since then. No mentor gets the same notification twice.

    Deliveries that could not be parsed are tried again with today's field map. Raises AdminError when there is no such
    source.
    """
    with connect(database_url) as connection:
        if source and not fetch(connection, _SQL["source"], name=source):
            raise AdminError(f"there is no getcourse source {source}", "look: carillon sources list")
        waiting = fetch(connection, _SQL["inbox"], since=since, source=source)
        requests = {row["id"]: request for row in waiting if (request := _parse(row))}
        stored = asyncio.run(_store(database_url, requests)) if requests else []
        connection.execute(_SQL["delete_parsed"], {"ids": stored})
        counts = fetch_one(connection, _SQL["reopen"], since=since, source=source)
    return Replayed(counts["processed"], counts["waiting"], len(stored), len(waiting) - len(stored))


def _parse(row: dict[str, Any]) -> ParsedRequest[Record] | None:
    """The delivery as if it came now, at the time when it came; None when it still cannot be parsed."""
    query = bytes(row["query"]).decode("utf-8", "surrogateescape")
    delivery = WebhookRequest(query, bytes(row["body"]), row["content_type"] or "")
    today = Source(row["source_id"], row["source"], row["field_map"], row["timezone"], [])
    records: list[Record] = []
    for record in parse(delivery, today):
        if isinstance(record, Unparsed):
            return None
        records.append(replace(record, event_date=record.event_date or row["received_at"]))
    return ParsedRequest(row["source_id"], row["correlation_id"], delivery, records)


async def _store(database_url: str, requests: dict[int, ParsedRequest[Record]]) -> list[int]:
    """Write requests as ingest_webhook does; the inbox ids of those that are stored. A poison row stays behind."""
    database = Database(database_url)
    writer = GroupCommit(Writer(database).write)
    try:
        results: Sequence[Any] = await asyncio.gather(*map(writer.submit, requests.values()), return_exceptions=True)
    finally:
        await database.close()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, psycopg.Error):
            raise result
    return [number for number, result in zip(requests, results, strict=True) if isinstance(result, dict)]
