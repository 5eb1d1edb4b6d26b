"""`carillon replay`: look at events again, and try to understand anew what was not understood."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import psycopg
import typer

from functions.ingest_webhook import request
from functions.ingest_webhook.getcourse import parse, store
from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.options import times
from infra.cli.output import AsJson, print_json, say
from shared import config
from shared.credentials.webhook_sources import Source
from shared.database import sql
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database

EXAMPLES = "Examples: carillon replay --since 24h, carillon replay --since 2026-01-15 --source school"

_SQL = sql.load(__file__)


def replay(
    since: Annotated[str, typer.Option(help="What arrived since then: 24h, 7d, 2026-01-15.")],
    source: Annotated[str | None, typer.Option(help="Only this source's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let the dispatcher look at events again. What a mentor was told once is never told again.

    Deliveries that could not be understood are tried again with today's field map.
    """
    start = times.since(since)
    with connect() as connection:
        if source and not fetch(connection, _SQL["source"], name=source):
            raise AdminError(f"there is no getcourse source {source}", "look: carillon sources list")
        understood, still = _parse_again(connection, start, source)
        counts = fetch_one(connection, _SQL["replay"], since=start, source=source)
    report = {"since": start, **counts, "understood": understood, "still_not_understood": still}
    if as_json:
        print_json(report)
        return
    events = f"{counts['processed']} processed and {counts['waiting']} waiting events"
    say(f"✓ {events} will be looked at again by the next dispatch")
    if understood or still:
        say(f"✓ {understood} deliveries are understood now, {still} are not")
    if still:
        say("  → see why: select * from platform.v_unparsed")


def _parse_again(connection: Connection, since: datetime, source: str | None) -> tuple[int, int]:
    """Store what today's rules understand, and take it out of the inbox; how many were understood, and how many not."""
    waiting = fetch(connection, _SQL["inbox"], since=since, source=source)
    arrivals = {row["id"]: arrival for row in waiting if (arrival := _arrival(row))}
    stored = asyncio.run(_store(arrivals)) if arrivals else []
    connection.execute(_SQL["take_out"], {"ids": stored})
    return len(stored), len(waiting) - len(stored)


def _arrival(row: dict[str, Any]) -> store.ParsedRequest | None:
    """The delivery as if it came now, at the time when it came; None when it still says nothing."""
    query = bytes(row["query"]).decode("utf-8", "surrogateescape")
    delivery = request.WebhookRequest(query, bytes(row["body"]), row["content_type"] or "")
    today = Source(row["source_id"], row["source"], row["field_map"], row["timezone"], [])
    records: list[parse.Record] = []
    for record in parse.parse(delivery, today):
        if isinstance(record, parse.Unparsed):
            return None
        records.append(replace(record, event_date=record.event_date or row["received_at"]))
    return store.ParsedRequest(row["source_id"], row["correlation_id"], delivery, records)


async def _store(arrivals: dict[int, store.ParsedRequest]) -> list[int]:
    """Write arrivals as ingest_webhook does; the inbox ids of those that are stored. A poison row stays behind."""
    database = Database(config.load().database_url)
    writer = GroupCommit(store.Writer(database).write)
    try:
        results: Sequence[Any] = await asyncio.gather(*map(writer.submit, arrivals.values()), return_exceptions=True)
    finally:
        await database.close()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, psycopg.Error):
            raise result
    return [number for number, result in zip(arrivals, results, strict=True) if isinstance(result, dict)]
