"""A customer's life in a migrated database: as many rows as wanted in the biggest tables, as if years had passed.

The people are invented. Who there is (salons, desks, schools) is the same however long the history is, and so is what
a day brings: ten times the history is ten times the days.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from shared.database import sql

HISTORY = Path(__file__).parent / "history"
SYSTEMS = ("entities", "getcourse", "platform", "support", "salon", "courses", "learning")


@dataclass(frozen=True)
class Life:
    """How much of it: `rows` in each of the biggest tables, spread over `days`."""

    rows: int
    days: int
    salons: int = 50
    desks: int = 20
    schools: int = 3
    queued: int = 500
    lanes: int = 40  # of queued messages, per school


def fill(url: str, life: Life) -> Iterator[tuple[str, float]]:
    """Write it all, table by table, then vacuum and analyze. Answers what was written, and in how many seconds.

    Without triggers and checks of foreign keys: what is written is right. Commits wait for the disk, as ever: until
    they are there, vacuum marks no page as visible to all.
    """
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("set session_replication_role = replica")
        for system in SYSTEMS:
            for name, block in sql.load(str(HISTORY / f"{system}.sql")).items():
                yield f"{system}.{name}", _run(connection, block, life)
        yield "vacuum", _run(connection, "vacuum (analyze)", None)


def _run(connection: psycopg.Connection[tuple[object, ...]], statement: str, life: Life | None) -> float:
    started = time.monotonic()
    connection.execute(statement.encode(), asdict(life) if life else None)
    return time.monotonic() - started
