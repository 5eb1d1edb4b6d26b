"""Makes due the bookings whose records changed: one transaction for all requests that are written together."""

import json
from collections.abc import Collection

from functions.ingest_webhook.inbox import Unparsed, store_unparsed
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.yclients.parse import Hint, Ignored, Record
from shared.database import sql
from shared.database.pool import Connection, Database

_SQL = sql.load(__file__)


class Writer:
    """Writes groups of requests."""

    def __init__(self, database: Database) -> None:
        """`database` has the bookings."""
        self._database = database

    async def write(self, requests: list[ParsedRequest[Record]]) -> list[dict[str, int]]:
        """Make bookings due in one transaction; writing the requests again changes nothing.

        Answers for each how many hints were `stored`, how many hooks `ignored` (of an unknown record or of something
        else), and how many stayed `unparsed`. Raises DatabaseUnavailable, or psycopg.Error when a row is poison.
        """
        known: set[Hint] = set()
        if any(not isinstance(record, Ignored) for request in requests for record in request.records):
            async with self._database.transaction() as connection:
                known = await _make_due(connection, {hint for request in requests for hint in request.records_of(Hint)})
                await store_unparsed(connection, requests)
        return [_counts(request, known) for request in requests]


async def _make_due(connection: Connection, hints: Collection[Hint]) -> set[Hint]:
    """Those of `hints` whose booking is known."""
    if not hints:
        return set()
    bookings = await sql.fetch_all(connection, _SQL["make_due"], {"rows": json.dumps([vars(hint) for hint in hints])})
    return {Hint(str(booking["tenant_id"]), booking["external_id"]) for booking in bookings}


def _counts(request: ParsedRequest[Record], known: Collection[Hint]) -> dict[str, int]:
    hints = [Hint(hint.tenant_id.lower(), hint.external_id) for hint in request.records_of(Hint)]
    unparsed, stored = len(request.records_of(Unparsed)), sum(hint in known for hint in hints)
    return {"stored": stored, "ignored": len(request.records) - unparsed - stored, "unparsed": unparsed}
