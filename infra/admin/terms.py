"""How long each table keeps what belongs to a person, and what housekeeping would delete now. Changes nothing."""

from dataclasses import asdict
from typing import Any

from psycopg.errors import InsufficientPrivilege

from functions.housekeeping import messages
from functions.housekeeping.retention import SQL, parameters
from functions.housekeeping.terms import FAILED, LANES, SENT, TERMS
from infra.admin.database import Connection, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

_SQL = sql.load(__file__)


def due(connection: Connection) -> list[dict[str, Any]]:
    """Each term with the rows that are `due`, counted as the role that deletes them. Raises AdminError."""
    with connection.transaction(force_rollback=True):
        _become_housekeeping(connection)
        ended = fetch_one(connection, messages.SQL["remaining"], **messages.DAYS)
        lanes = fetch_one(connection, messages.SQL["count_idle_lanes"], **messages.IDLE)
        counts = {SENT: ended["sent"], FAILED: ended["failed"], LANES: lanes["lanes"]}
        for term in TERMS:
            if term.rule:
                counts[term] = fetch_one(connection, SQL[term.rule], **parameters(term, None, dry_run=True))["due"]
    return [{**asdict(term), "due": counts[term]} for term in TERMS]


def _become_housekeeping(connection: Connection) -> None:
    try:
        connection.execute(_SQL["become_housekeeping"])
    except InsufficientPrivilege:
        raise AdminError(
            "this user may not count as housekeeping does",
            f"whoever made the roles can allow it: grant fn_housekeeping to {connection.info.user}",
        ) from None
