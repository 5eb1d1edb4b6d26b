"""What the import reads of our database, and what it writes into it, all in the caller's transaction."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

from psycopg import sql as composing

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.readers.tables import TABLES
from infra.admin.courses.crm.taken import Taken
from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.database import sql
from shared.payload import timezones

IDS_APART = 1_000_000  # rows of ours begin at the next multiple, so that those of a crm.db that lives on find room

_SQL = sql.load(__file__)


def known(connection: Connection) -> Known:
    """What is there before. Raises AdminError when there is no school."""
    schools = fetch(connection, _SQL["school"])
    if not schools:
        raise AdminError("there is no school yet", "run: carillon courses init --name NAME")
    found = Known(timezones.known(schools[0]["timezone"], timezones.OF_SCHOOLS), schools[0]["now"])
    users = fetch(connection, _SQL["users"])
    found.users_by_telegram = {row["telegram_id"]: row["id"] for row in users if row["telegram_id"]}
    found.claim_all("users.telegram_id", found.users_by_telegram)
    found.claim_all("users.nickname", (row["nickname"] for row in users if row["nickname"] is not None))
    found.topics_by_code = {row["code"]: row["id"] for row in fetch(connection, _SQL["topics"])}
    for row in fetch(connection, _SQL["claims"]):
        value = (row["date"], row["number"]) if row["date"] else row["name"] or row["number"]
        found.claim_all(row["what"], [value])
    for table in TABLES:
        if table.has_id and table.pair is None:
            found.ids[table.name] = _ids(connection, table)
    return found


def lock(connection: Connection) -> None:
    """Wait until no other import runs."""
    connection.execute(_SQL["lock"])


def taken(connection: Connection, table: Table) -> Taken:
    """The rows that were taken before."""
    rows = fetch(connection, _SQL["taken"], table=table.name)
    return Taken(rows[0]["taken"] if rows else "")


def rejected(connection: Connection, table: Table) -> set[str]:
    """The rows that were rejected before."""
    return {row["source_row"] for row in fetch(connection, _SQL["rejected"], table=table.name)}


def is_filled(connection: Connection, table: Table) -> bool:
    """Whether there is any row."""
    statement = composing.SQL("select exists (select from {}) as filled").format(_name(table))
    return bool(_fetch(connection, statement)[0]["filled"])


def there(connection: Connection, table: Table, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of `pairs` of which there is a row."""
    assert table.pair is not None
    first, second = map(composing.Identifier, table.pair)
    statement = composing.SQL(
        "select t.{first} as first, t.{second} as second from {table} t"
        " join unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) w (first, second)"
        " on t.{first} = w.first and t.{second} = w.second"
    ).format(first=first, second=second, table=_name(table))
    columns = {"firsts": [pair[0] for pair in pairs], "seconds": [pair[1] for pair in pairs]}
    return {(row["first"], row["second"]) for row in _fetch(connection, statement, columns)}


def used(connection: Connection, table: Table, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that a row has."""
    statement = composing.SQL("select id from {} where id = any(%(ids)s::bigint[])").format(_name(table))
    return {row["id"] for row in _fetch(connection, statement, {"ids": list(ids)})}


def copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Write `rows` into a table of the system."""
    statement = composing.SQL("copy {} ({}) from stdin").format(
        composing.Identifier("courses", table), composing.SQL(", ").join(map(composing.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for values in rows:
            copying.write_row(values)


def take(connection: Connection, table: Table, ranges: str) -> None:
    """Remember which rows were taken, and let our own ids begin behind them."""
    connection.execute(_SQL["take"], {"table": table.name, "taken": ranges})
    if table.has_id:
        statement = composing.SQL(
            "select setval(q.oid, greatest(coalesce(pg_sequence_last_value(q.oid), 1), (select max(id) from {}),"
            " (upper(i.taken) / %(apart)s::bigint + 1) * %(apart)s::bigint))"
            " from courses.imports i, to_regclass(pg_get_serial_sequence(%(name)s::text, 'id')) as q (oid)"
            " where i.source_table = %(table)s::text"
        ).format(_name(table))
        names = {"name": f"courses.{table.name}", "table": table.name, "apart": IDS_APART}
        _fetch(connection, statement, names)


def reject(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what is not taken over, or not whole: source_row, row_hash (hex), reason, content."""
    connection.execute(_SQL["reject"], {"table": table.name, "rows": json.dumps(rows, ensure_ascii=False)})


def unreject(connection: Connection, table: Table, rows: Sequence[str]) -> None:
    """Forget that these rows were rejected before: they are taken now."""
    connection.execute(_SQL["unreject"], {"table": table.name, "rows": list(rows)})


def unknown_texts(connection: Connection) -> None:
    """See that there is the text of version 0, which imported consents refer to."""
    connection.execute(_SQL["unknown_texts"])


def _ids(connection: Connection, table: Table) -> set[int]:
    with connection.cursor(row_factory=lambda _cursor: lambda row: row[0]) as cursor:
        return set(cast("Iterable[int]", cursor.execute(composing.SQL("select id from {}").format(_name(table)))))


def _fetch(connection: Connection, statement: composing.Composed, parameters: Any = None) -> list[Any]:
    return connection.execute(statement, parameters).fetchall()


def _name(table: Table) -> composing.Identifier:
    return composing.Identifier("courses", table.name)
