"""How long each table keeps what belongs to a person, and what housekeeping would delete now. Changes nothing."""

from dataclasses import asdict
from typing import Any

from functions.housekeeping import messages
from functions.housekeeping.retention import SQL, parameters
from functions.housekeeping.terms import FAILED, LANES, SENT, TERMS
from infra.admin.database import Connection, fetch_one
from shared.database import sql

_SQL = sql.load(__file__)


def due(connection: Connection) -> list[dict[str, Any]]:
    """Each term with the rows that are `due`, counted as the role that deletes them."""
    with connection.transaction(force_rollback=True):
        connection.execute(_SQL["become_housekeeping"])
        ended = fetch_one(connection, messages.SQL["remaining"], **messages.DAYS)
        lanes = fetch_one(connection, messages.SQL["count_idle_lanes"], **messages.IDLE)
        counts = {SENT: ended["sent"], FAILED: ended["failed"], LANES: lanes["lanes"]}
        for term in TERMS:
            if term.rule:
                counts[term] = fetch_one(connection, SQL[term.rule], **parameters(term, None, dry_run=True))["due"]
    return [{**asdict(term), "due": counts[term]} for term in TERMS]
