"""Makes bookings due that YClients hinted at: one transaction for everything that came together."""

import json
from dataclasses import dataclass

from functions.ingest_webhook.getcourse import store
from shared.database import sql
from shared.database.pool import Database

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Hint:
    """A salon's record that changed."""

    tenant_id: str
    external_id: str


@dataclass(frozen=True)
class ParsedRequest:
    """One authenticated request: what was not understood of it, and the hint."""

    aside: store.ParsedRequest
    hint: Hint | None


class Writer:
    """Writes groups of arrivals."""

    def __init__(self, database: Database) -> None:
        """`database` has the bookings."""
        self._database = database

    async def write(self, arrivals: list[ParsedRequest]) -> list[dict[str, int]]:
        """Make bookings due in one transaction; writing the arrivals again changes nothing.

        Answers for each how many hints were `stored`, how many hooks `ignored` (of an unknown record or of something
        else), and how many stayed `unparsed`. Raises DatabaseAway, or psycopg.Error when a row is poison.
        """
        hints = {one.hint for one in arrivals if one.hint}
        aside = [one.aside for one in arrivals if one.aside.records]
        known: set[Hint] = set()
        if hints or aside:
            async with self._database.transaction() as connection:
                if hints:
                    rows = json.dumps([vars(one) for one in hints])
                    found = await (await connection.execute(_SQL["make_due"], {"rows": rows})).fetchall()
                    known = {Hint(str(row["tenant_id"]), row["external_id"]) for row in found}
                await store.store_unparsed(connection, aside)
        return [_counts(one, known) for one in arrivals]


def _counts(arrival: ParsedRequest, known: set[Hint]) -> dict[str, int]:
    hint = arrival.hint and Hint(arrival.hint.tenant_id.lower(), arrival.hint.external_id)
    unparsed, stored = len(arrival.aside.records), int(hint in known)
    return {"stored": stored, "ignored": 1 - unparsed - stored, "unparsed": unparsed}
