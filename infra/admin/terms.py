"""How long each table keeps what belongs to a person, and what housekeeping would delete now. Changes nothing."""

from dataclasses import asdict
from typing import Any

from psycopg.errors import InsufficientPrivilege

from functions.housekeeping import messages, redaction
from functions.housekeeping.retention import SQL, parameters
from functions.housekeeping.terms import FAILED, LANES, REDACTED, SENT, TERMS
from infra.admin.database import Connection, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

MAX_COUNTED = 10_000  # due rows of one term
MAX_WALKED = 100_000  # messages, of which some are due

_SQL = sql.load(__file__)


def due(connection: Connection) -> list[dict[str, Any]]:
    """Each term with the rows that are `due`, counted as the role that deletes them; `more` says that there are more.

    Raises AdminError.
    """
    with connection.transaction(force_rollback=True):
        _become_housekeeping(connection)
        ended = fetch_one(connection, messages.SQL["remaining"], **messages.DAYS, after=0, batch=MAX_WALKED)
        lanes = fetch_one(connection, messages.SQL["count_idle_lanes"], **messages.IDLE)
        counts = {SENT: ended["sent"], FAILED: ended["failed"], LANES: lanes["lanes"]}
        for term in REDACTED:
            walk = redaction.parameters(term, MAX_WALKED, dry_run=True)
            counts[term] = fetch_one(connection, redaction.STATEMENT, **walk)["changed"]
        for term in TERMS:
            if term.rule:
                counts[term] = fetch_one(connection, SQL[term.rule], **parameters(term, MAX_COUNTED + 1, dry_run=True))[
                    "due"
                ]
    return [
        {**asdict(term), "due": min(counts[term], MAX_COUNTED), "more": counts[term] > MAX_COUNTED} for term in TERMS
    ]


def _become_housekeeping(connection: Connection) -> None:
    try:
        connection.execute(_SQL["become_housekeeping"])
    except InsufficientPrivilege:
        raise AdminError(
            "this user may not count as housekeeping does",
            f"whoever made the roles can allow it: grant fn_housekeeping to {connection.info.user}",
        ) from None
