"""Deliveries of the inbox: listed, shown, dismissed."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import DictRow

from functions.ingest_webhook.inbox import PAUSED
from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.admin.inbox.readable import readable
from shared.database import sql

MAX_REASON_LENGTH = 500

_SQL = sql.load(__file__)
_LOOK = "look: carillon inbox list"


def list_newest(
    connection: Connection, source: str | None, before: int | None, *, dismissed: bool, limit: int
) -> list[DictRow]:
    """At most `limit` deliveries, the newest first, without their bodies. Raises AdminError: no such source."""
    if source:
        _require_source(connection, source)
    return fetch(connection, _SQL["list"], source=source, before=before, dismissed=dismissed, limit=limit)


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
        return [row["id"] for row in fetch(connection, _SQL["of_source"], source=source)]
    existing = {row["id"] for row in fetch(connection, _SQL["existing"], ids=list(ids))}
    if missing := [str(number) for number in ids if number not in existing]:
        raise AdminError(f"there is no delivery {', '.join(missing)} in the inbox", _LOOK)
    return list(ids)


def kept_while_paused(connection: Connection, source: int) -> list[int]:
    """What came while the source was paused."""
    rows = fetch(connection, _SQL["kept_while_paused"], source=source, reason=PAUSED.reason)
    return [row["id"] for row in rows]


def dismiss(connection: Connection, ids: Sequence[int], because: str) -> int:
    """Keep deliveries, but count and replay them no more; how many were not dismissed before. Raises ValueError."""
    because = because.strip()
    if not 1 <= len(because) <= MAX_REASON_LENGTH or not because.isprintable():
        raise ValueError(f"--reason says in 1 to {MAX_REASON_LENGTH} characters why nobody needs them")
    return connection.execute(_SQL["dismiss"], {"ids": list(ids), "because": because}).rowcount


def _require_source(connection: Connection, source: str) -> None:
    if not fetch(connection, _SQL["source"], source=source):
        raise AdminError(f"there is no source {source}", "look: carillon sources list")
