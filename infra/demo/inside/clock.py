"""The clock of a sandbox: time moves forward for everybody at once, because all that has happened becomes older."""

from collections import defaultdict
from datetime import timedelta

from psycopg import sql as compose

from infra.admin.database import Connection, connect, fetch
from shared.database import sql

DAY = timedelta(days=1)

_SQL = sql.load(__file__)


def forward(database_url: str, by: timedelta) -> int:
    """Make everything in the database older by this much, in one transaction; the number of rows.

    Dates move by whole days only. Times inside JSON stay. Raises psycopg.Error where no superuser connects: triggers
    would take each row for changed.
    """
    moved = 0
    with connect(database_url) as connection, connection.transaction():
        connection.execute("set local session_replication_role = replica")
        for table, columns in _tables(connection, with_dates=by >= DAY).items():
            moved += _move(connection, table, columns, by)
    return moved


def _tables(connection: Connection, *, with_dates: bool) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The columns with times of each table, those first by which its rows exclude each other."""
    tables: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in fetch(connection, _SQL["columns"]):
        if with_dates or row["type"] != "date":
            tables[row["schema"], row["table"]].append((row["column"], row["type"]))
    return tables


def _move(connection: Connection, table: tuple[str, str], columns: list[tuple[str, str]], by: timedelta) -> int:
    """The oldest row first: no day and no period meets its neighbour's on the way."""
    names = [compose.Identifier(name) for name, _ in columns]
    changes = [
        compose.SQL("{0} = {0} - {1}::{2}").format(name, amount, compose.SQL("int" if kind == "date" else "interval"))
        for name, (_, kind) in zip(names, columns, strict=True)
        for amount in [compose.Literal(by.days if kind == "date" else f"{by.total_seconds()} seconds")]
    ]
    found = compose.SQL("select ctid::text as row from {} order by {}").format(
        compose.Identifier(*table), compose.SQL(", ").join(names)
    )
    change = compose.SQL("update {} set {} where ctid = %s::tid").format(
        compose.Identifier(*table), compose.SQL(", ").join(changes)
    )
    rows = [(row["row"],) for row in connection.execute(found).fetchall()]
    with connection.cursor() as cursor:
        cursor.executemany(change, rows)
    return len(rows)
