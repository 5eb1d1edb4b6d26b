"""Stores what arrived: one transaction for everything that came together."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from functions.ingest_webhook.getcourse import ANSWER_COLUMNS, AccountEvent, LessonAnswer, NotUnderstood, Record
from functions.ingest_webhook.reading import Delivery
from shared import sql
from shared.db import Connection, Database

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Arrival:
    """One authenticated request and what it was understood to say."""

    source_id: int
    correlation_id: str
    delivery: Delivery
    records: Sequence[Record]


class Writer:
    """Writes groups of arrivals."""

    def __init__(self, database: Database) -> None:
        """`database` is where they go."""
        self._database = database

    async def write(self, arrivals: list[Arrival]) -> list[dict[str, int]]:
        """Store `arrivals` in one transaction; writing them again changes nothing.

        Answers for each how many records were `stored`, were `duplicates`, and stayed `unparsed`.
        Raises DatabaseAway, or psycopg.Error when a row of the group is poison.
        """
        answers = _columns(arrivals, LessonAnswer)
        others = _columns(arrivals, AccountEvent)
        unread = _columns(arrivals, NotUnderstood)
        async with self._database.connection() as connection:
            if answers and not others and not unread:  # the usual case is one statement, its own transaction
                return _tallies(arrivals, await _insert(connection, "store_answers", answers))
            async with connection.transaction():
                added = await _insert(connection, "store_answers", answers)
                added += await _insert(connection, "store_account_events", others)
                await _insert(connection, "store_not_understood", unread)
        return _tallies(arrivals, added)


async def _insert(connection: Connection, statement: str, columns: dict[str, list[Any]]) -> Counter[str]:
    """How many rows were new, by correlation id."""
    if not columns:
        return Counter()
    cursor = await connection.execute(_SQL[statement], columns)
    if cursor.description is None:
        return Counter()
    return Counter(row["correlation_id"] for row in await cursor.fetchall() if row.get("added", True))


def _columns(arrivals: Iterable[Arrival], kind: type[Record]) -> dict[str, list[Any]]:
    """The records of one kind as arrays, one per column."""
    rows = [_row(arrival, record) for arrival in arrivals for record in arrival.records if isinstance(record, kind)]
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _row(arrival: Arrival, record: Record) -> dict[str, Any]:
    row: dict[str, Any] = {"source_id": arrival.source_id, "correlation_id": arrival.correlation_id}
    if isinstance(record, LessonAnswer):
        return row | {name: getattr(record, name) for name in ANSWER_COLUMNS}
    if isinstance(record, AccountEvent):
        return row | vars(record)
    delivery = arrival.delivery
    query, body = delivery.query.encode("utf-8", "surrogateescape"), delivery.body
    return row | {
        "reason": record.reason,
        "content_type": delivery.content_type[:200] or None,
        "query": query,
        "body": body,
        "delivery_hash": hashlib.sha256(query + b"\n" + body).digest(),
    }


def _tallies(arrivals: Iterable[Arrival], added: Counter[str]) -> list[dict[str, int]]:
    return [_tally(arrival, added[arrival.correlation_id]) for arrival in arrivals]


def _tally(arrival: Arrival, stored: int) -> dict[str, int]:
    unparsed = sum(isinstance(record, NotUnderstood) for record in arrival.records)
    return {"stored": stored, "duplicates": len(arrival.records) - unparsed - stored, "unparsed": unparsed}
