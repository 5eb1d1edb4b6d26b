"""Replaying webhooks: GetCourse's events are processed again, and what could not be parsed is parsed anew."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

# They are parsed and stored by the very code that ingest_webhook runs.
from functions.ingest_webhook.forwarding import without_headers
from functions.ingest_webhook.getcourse.parse import parse as parse_getcourse
from functions.ingest_webhook.getcourse.store import Writer as GetcourseWriter
from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from functions.ingest_webhook.whatsapp.parse import parse as parse_whatsapp
from functions.ingest_webhook.whatsapp.store import Writer as WhatsappWriter
from functions.ingest_webhook.yclients.parse import parse as parse_yclients
from functions.ingest_webhook.yclients.store import Writer as YclientsWriter
from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.inbox import deliveries
from shared.channels import media_links
from shared.config import Settings
from shared.credentials.webhook_sources import Source
from shared.database import sql
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database

SETTINGS = ("database_url", *media_links.SETTINGS)
BATCH_ROWS = 200
Progress = Callable[[int], None]  # of how many deliveries more it is known what becomes of them
WAIT_SECONDS = 60.0  # for a batch

_PARSERS: Mapping[str, Callable[[WebhookRequest, Source], Sequence[Any]]] = {
    "getcourse": parse_getcourse,
    "whatsapp": parse_whatsapp,
    "yclients": parse_yclients,
}
_TIMES = ("event_date", "sent_at")  # what records call the time of which they tell
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Replayed:
    """How many events the dispatcher processes again, and how many deliveries were parsed now or still were not."""

    processed: int
    waiting: int
    parsed: int
    unparsed: int


def quietly(_deliveries: int) -> None:
    """The progress of whoever does not want to know."""


def replay(settings: Settings, since: datetime, source: str | None = None, progress: Progress = quietly) -> Replayed:
    """Let the dispatcher process again what arrived since then. No mentor gets the same notification twice.

    Deliveries that could not be parsed, or came to no desk, are tried again as the sources are configured today. A
    message that is stored already has no effect. `settings` has SETTINGS. Raises AdminError if there is no such source.
    """
    with connect(settings.database_url) as connection:
        if source and not fetch(connection, _SQL["source"], name=source):
            raise AdminError(f"there is no source {source}", "look: carillon sources list")
        parsed, unparsed = _replay_inbox(
            connection, settings, progress, deliveries.open_since(connection, since, source)
        )
        counts = fetch_one(connection, _SQL["reopen"], since=since, source=source)
    return Replayed(counts["processed"], counts["waiting"], parsed, unparsed)


def replay_deliveries(settings: Settings, ids: Sequence[int], progress: Progress = quietly) -> Replayed:
    """Read these deliveries of the inbox again, even if they were dismissed. `settings` has SETTINGS."""
    with connect(settings.database_url) as connection:
        return Replayed(0, 0, *_replay_inbox(connection, settings, progress, ids))


def _replay_inbox(
    connection: Connection, settings: Settings, progress: Progress, ids: Sequence[int]
) -> tuple[int, int]:
    """How many deliveries were parsed and stored, and how many stayed."""
    return asyncio.run(_replay_selected(connection, settings, progress, sorted(set(ids))))


async def _replay_selected(
    connection: Connection, settings: Settings, progress: Progress, ids: Sequence[int]
) -> tuple[int, int]:
    database = Database(settings.database_url)
    writers: Mapping[str, GroupCommit[ParsedRequest[Any], Any]] = {
        "getcourse": GroupCommit(GetcourseWriter(database).write, timeout=WAIT_SECONDS),
        "whatsapp": GroupCommit(WhatsappWriter(database, settings).write, timeout=WAIT_SECONDS),
        "yclients": GroupCommit(YclientsWriter(database).write, timeout=WAIT_SECONDS),
    }
    parsed = unparsed = 0
    try:
        for start in range(0, len(ids), BATCH_ROWS):
            rows = fetch(connection, _SQL["inbox"], ids=ids[start : start + BATCH_ROWS])
            stored = await _store(writers, rows)
            connection.execute(_SQL["delete_parsed"], {"ids": stored})
            parsed, unparsed = parsed + len(stored), unparsed + len(rows) - len(stored)
            progress(len(rows))
    finally:
        await database.close()
    return parsed, unparsed


async def _store(
    writers: Mapping[str, GroupCommit[ParsedRequest[Any], Any]], rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Write deliveries as ingest_webhook does; the ids of those of which nothing is left. A poison row stays behind."""
    writes = {row["id"]: writers[row["provider"]].submit(request) for row in rows if (request := _parse(row))}
    results = await asyncio.gather(*writes.values(), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, psycopg.Error):
            raise result
    return [number for number, result in zip(writes, results, strict=True) if _is_all_stored(result)]


def _is_all_stored(result: Any) -> bool:
    counts = getattr(result, "counts", result)
    return isinstance(counts, dict) and not counts["unparsed"]


def _parse(row: Mapping[str, Any]) -> ParsedRequest[Any] | None:
    """The delivery as if it came now, at the time when it came; None when nothing of it can be parsed yet."""
    query = bytes(row["query"]).decode("utf-8", "surrogateescape")
    webhook = without_headers(WebhookRequest(query, bytes(row["body"]), row["content_type"] or ""))
    names = ("field_map", "timezone", "gateway")
    today = Source(row["source_id"], row["source"], secret_hashes=[], **{name: row[name] for name in names})
    records = [_dated(record, row["received_at"]) for record in _PARSERS[row["provider"]](webhook, today)]
    if all(isinstance(record, Unparsed) for record in records):
        return None
    return ParsedRequest(row["source_id"], row["correlation_id"], webhook, records)


def _dated(record: Any, received_at: datetime) -> Any:
    """The record; one that does not say when it happened is as old as its delivery."""
    missing = [name for name in _TIMES if getattr(record, name, received_at) is None]
    return replace(record, **dict.fromkeys(missing, received_at))
