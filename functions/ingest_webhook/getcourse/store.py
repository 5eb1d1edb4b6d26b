"""Stores lesson answers and account events: one transaction for all requests that are written together."""

import base64
import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from functions.ingest_webhook.getcourse.account_event import AccountEvent
from functions.ingest_webhook.getcourse.parse import LessonAnswer, Record
from functions.ingest_webhook.inbox import Unparsed, store_unparsed
from functions.ingest_webhook.request import ParsedRequest
from shared.database import sql
from shared.database.pool import Connection, Database

_SQL = sql.load(__file__)


class Writer:
    """Writes groups of requests."""

    def __init__(self, database: Database) -> None:
        """`database` is where they go."""
        self._database = database

    async def write(self, requests: list[ParsedRequest[Record]]) -> list[dict[str, int]]:
        """Store `requests` in one transaction; writing them again changes nothing.

        Answers for each how many records were `stored`, were `duplicates`, and stayed `unparsed`.
        Raises DatabaseUnavailable, or psycopg.Error when a row of the group is poison.
        """
        answers = _rows(requests, LessonAnswer)
        events = _rows(requests, AccountEvent)
        async with self._database.connection() as connection:
            if not events and not any(request.records_of(Unparsed) for request in requests):
                added = await _insert(connection, "store_answers", answers)  # most often: its own transaction
                return [_counts(request, added) for request in requests]
            async with connection.transaction():
                added = await _insert(connection, "store_answers", answers)
                added += await _insert(connection, "store_account_events", events)
                await store_unparsed(connection, requests)
        return [_counts(request, added) for request in requests]


async def _insert(connection: Connection, statement: str, rows: list[str]) -> Counter[str]:
    """How many of `rows`, JSON objects, were new, by correlation id."""
    if not rows:
        return Counter()
    inserted = await sql.fetch_all(connection, _SQL[statement], {"rows": f"[{','.join(rows)}]"})
    return Counter(row["correlation_id"] for row in inserted if row.get("added", True))


def _rows(requests: Iterable[ParsedRequest[Record]], kind: type[LessonAnswer] | type[AccountEvent]) -> list[str]:
    """The records of one kind as JSON objects."""
    return [_row(request, record) for request in requests for record in request.records_of(kind)]


def _row(request: ParsedRequest[Record], record: LessonAnswer | AccountEvent) -> str:
    """The payload is JSON already and goes in as it is."""
    row = {"source_id": request.source_id, "correlation_id": request.correlation_id, **vars(record)}
    payload = row.pop("raw_payload")
    return f'{json.dumps(row, ensure_ascii=False, default=_plain)[:-1]}, "raw_payload": {payload}}}'


def _plain(value: object) -> str:
    """Times and bytes as Postgres reads them from JSON."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else cast("datetime", value).isoformat()


def _counts(request: ParsedRequest[Record], added: Counter[str]) -> dict[str, int]:
    stored, unparsed = added[request.correlation_id], len(request.records_of(Unparsed))
    return {"stored": stored, "duplicates": len(request.records) - unparsed - stored, "unparsed": unparsed}
