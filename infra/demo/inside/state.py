"""The database as the page shows it, live."""

from typing import Any

from infra.admin.database import connect, fetch
from infra.admin.trace.target import Target
from infra.admin.trace.trace import trace
from shared.database import sql

Json = dict[str, Any]

_SQL = sql.load(__file__)


def state(database_url: str) -> Json:
    """Outbox, lanes, rates and the functions' latest runs."""
    with connect(database_url) as connection:
        found = {name: fetch(connection, _SQL[name]) for name in ("totals", "latest", "lanes", "rates", "runs")}
    return found | {"totals": {row["state"]: row["messages"] for row in found["totals"]}}


def way(database_url: str, target: Target) -> list[Json]:
    """The steps from a webhook to its messages, as `carillon trace` has them."""
    with connect(database_url) as connection:
        steps = trace(connection, target)
    return [{"at": step.at, "gap": step.gap_seconds, "what": step.what, "detail": step.detail} for step in steps]


def target_of(database_url: str, bot: int | None, chat: int | None, message: str) -> Target | None:
    """What to trace for a message of the page; None: no row of the outbox became it."""
    number = int(message) if message.isdecimal() and len(message) < 19 else None
    with connect(database_url) as connection:
        rows = fetch(connection, _SQL["of_message"], bot=bot, chat=chat, message=number, external=message)
    return Target(outbox=rows[0]["id"]) if rows else None
