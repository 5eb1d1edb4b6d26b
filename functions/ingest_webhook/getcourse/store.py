"""Stores what arrived: one transaction for everything that came together."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from functions.ingest_webhook.getcourse.parse import AccountEvent, LessonAnswer, Record, Unparsed
from functions.ingest_webhook.request import WebhookRequest
from shared.database import sql
from shared.database.pool import Connection, Database

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class ParsedRequest:
    """One authenticated request and what it was understood to say."""

    source_id: int
    correlation_id: str
    delivery: WebhookRequest
    records: Sequence[Record]


class Writer:
    """Writes groups of arrivals."""

    def __init__(self, database: Database) -> None:
        """`database` is where they go."""
        self._database = database

    async def write(self, arrivals: list[ParsedRequest]) -> list[dict[str, int]]:
        """Store `arrivals` in one transaction; writing them again changes nothing.

        Answers for each how many records were `stored`, were `duplicates`, and stayed `unparsed`.
        Raises DatabaseAway, or psycopg.Error when a row of the group is poison.
        """
        answers = _rows(arrivals, LessonAnswer)
        others = _rows(arrivals, AccountEvent)
        unread = _rows(arrivals, Unparsed)
        async with self._database.connection() as connection:
            if answers and not others and not unread:  # the usual case is one statement, its own transaction
                return _counts(arrivals, await _insert(connection, "store_answers", answers))
            async with connection.transaction():
                added = await _insert(connection, "store_answers", answers)
                added += await _insert(connection, "store_account_events", others)
                await _insert(connection, "store_not_understood", unread)
        return _counts(arrivals, added)


async def store_unparsed(connection: Connection, arrivals: Sequence[ParsedRequest]) -> None:
    """Keep what of `arrivals` nobody understood, for a person to look at."""
    await _insert(connection, "store_not_understood", _rows(arrivals, Unparsed))


async def _insert(connection: Connection, statement: str, rows: list[str]) -> Counter[str]:
    """How many of `rows`, JSON objects, were new, by correlation id."""
    if not rows:
        return Counter()
    cursor = await connection.execute(_SQL[statement], {"rows": f"[{','.join(rows)}]"})
    if cursor.description is None:
        return Counter()
    return Counter(row["correlation_id"] for row in await cursor.fetchall() if row.get("added", True))


def _rows(arrivals: Iterable[ParsedRequest], kind: type[Record]) -> list[str]:
    """The records of one kind as JSON objects. Payloads are JSON already and go in as they are."""
    return [_row(arrival, record) for arrival in arrivals for record in arrival.records if isinstance(record, kind)]


def _row(arrival: ParsedRequest, record: Record) -> str:
    row = {"source_id": arrival.source_id, "correlation_id": arrival.correlation_id, **vars(record)}
    if isinstance(record, Unparsed):
        query, body = arrival.delivery.query.encode("utf-8", "surrogateescape"), arrival.delivery.body
        row |= {
            "content_type": arrival.delivery.content_type[:200] or None,
            "query": query,
            "body": body,
            "delivery_hash": hashlib.sha256(query + b"\n" + body).hexdigest(),
        }
        return json.dumps(row, default=_plain)
    payload = row.pop("raw_payload")
    return f'{json.dumps(row, ensure_ascii=False, default=_plain)[:-1]}, "raw_payload": {payload}}}'


def _plain(value: object) -> str:
    """Instants and bytes as Postgres reads them from JSON."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else cast("datetime", value).isoformat()


def _counts(arrivals: Iterable[ParsedRequest], added: Counter[str]) -> list[dict[str, int]]:
    return [_counts_of(arrival, added[arrival.correlation_id]) for arrival in arrivals]


def _counts_of(arrival: ParsedRequest, stored: int) -> dict[str, int]:
    unparsed = sum(isinstance(record, Unparsed) for record in arrival.records)
    return {"stored": stored, "duplicates": len(arrival.records) - unparsed - stored, "unparsed": unparsed}
