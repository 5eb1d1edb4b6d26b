"""Deliveries of the inbox: listed, shown, dismissed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from functions.ingest_webhook.inbox import PAUSED
from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.inbox.readable import readable
from shared.database import sql

MAX_REASON_LENGTH = 500
PAGE_ROWS = 1000

_SQL = sql.load(__file__)
_LOOK = "look: carillon inbox list"


def list_newest(
    connection: Connection, source: str | None, before: int | None, *, dismissed: bool, limit: int
) -> list[DictRow]:
    """At most `limit` deliveries, the newest first, without their bodies. Raises AdminError: no such source."""
    if source:
        _require_source(connection, source)
    ids = [
        row["id"]
        for newest in ("newest_open", *(["newest_dismissed"] if dismissed else []))
        for row in fetch(connection, _SQL[newest], source=source, before=before, limit=limit)
    ]
    return fetch(connection, _SQL["list"], ids=sorted(ids)[-limit:])


def get(connection: Connection, number: int, *, whole: bool) -> dict[str, Any]:
    """One delivery with query and body; secrets, phones, e-mails in them masked unless `whole`. Raises AdminError."""
    found = fetch(connection, _SQL["show"], id=number)
    if not found:
        raise AdminError(f"there is no delivery {number} in the inbox", _LOOK)
    delivery = found[0]
    query, body = bytes(delivery["query"]), bytes(delivery["body"])
    return {**delivery, "query": readable(query, whole=whole), "body": readable(body, whole=whole)}


def choose(connection: Connection, ids: Sequence[int], source: str | None) -> list[int]:
    """The deliveries with these ids, which must exist, or all of `source` that nobody dismissed. Raises AdminError."""
    if source:
        _require_source(connection, source)
        reasons = fetch(connection, _SQL["open_reasons"], source=source)
        return sorted(number for row in reasons for number in _open(connection, row["source_id"], row["reason"]))
    existing = {row["id"] for row in fetch(connection, _SQL["existing"], ids=list(ids))}
    if missing := [str(number) for number in ids if number not in existing]:
        raise AdminError(f"there is no delivery {', '.join(missing)} in the inbox", _LOOK)
    return list(ids)


def kept_while_paused(connection: Connection, source: int) -> list[int]:
    """What came while the source was paused."""
    return list(_open(connection, source, PAUSED.reason))


def open_since(connection: Connection, since: datetime, source: str | None) -> list[int]:
    """The deliveries that came since then, to `source` or to all, and that nobody dismissed."""
    ids: list[int] = []
    after = 0
    while page := fetch(connection, _SQL["open_since"], since=since, after=after, source=source, limit=PAGE_ROWS):
        ids += [row["id"] for row in page]
        since, after = page[-1]["received_at"], page[-1]["id"]
    return ids


def dismiss(connection: Connection, ids: Sequence[int], because: str) -> int:
    """Keep deliveries, but count and replay them no more; how many were not dismissed before. Raises ValueError."""
    because = because.strip()
    if not 1 <= len(because) <= MAX_REASON_LENGTH or not because.isprintable():
        raise ValueError(f"--reason says in 1 to {MAX_REASON_LENGTH} characters why nobody needs them")
    return connection.execute(_SQL["dismiss"], {"ids": list(ids), "because": because}).rowcount


def _open(connection: Connection, source: int, reason: str) -> Iterator[int]:
    """The deliveries of `source` that nobody dismissed and that were not read for this reason, the oldest first."""
    after = 0
    while page := fetch(connection, _SQL["open_page"], source=source, reason=reason, after=after, limit=PAGE_ROWS):
        yield from (row["id"] for row in page)
        after = page[-1]["id"]


def _require_source(connection: Connection, source: str) -> None:
    if not fetch(connection, _SQL["source"], source=source):
        raise AdminError(f"there is no source {source}", "look: carillon sources list")
