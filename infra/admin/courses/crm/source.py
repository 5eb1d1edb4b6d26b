"""A crm.db as it is at one moment: a copy is read, so that whoever writes it is not held up, and it stays as it is."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.admin.errors import AdminError

MAX_VALUE_BYTES = 16_000_000  # of a text or a row
BUSY_SECONDS = 60.0  # that a writer may hold the file
OWN_TABLES = "sqlite_"  # how SQLite's own are called


class Source:
    """The copy's tables. Their and their columns' names are looked up in any case, as SQLite does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """`connection` answers texts as bytes."""
        self._connection = connection
        found = [(_name(kind), _name(name)) for kind, name in connection.execute(_NAMES)]
        ours = [(kind, name) for kind, name in found if not name.startswith(OWN_TABLES)]
        self.tables = {name.lower(): name for kind, name in ours if kind == "table"}
        self.views = [name for kind, name in ours if kind == "view"]  # never read: one may have no end

    def columns(self, table: str) -> list[str]:
        """The columns that a table has; none when there is no such table."""
        name = self.tables.get(table)
        return (
            [_name(row[1]) for row in self._connection.execute(f"pragma table_xinfo({_quoted(name)})")] if name else []
        )

    def count(self, table: str) -> int:
        """How many rows a table has."""
        name = self.tables.get(table)
        return int(self._run("select count(*) from {table}", name).fetchone()[0]) if name else 0

    def rows(self, table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The `columns` of every row, NULL for those that are not there, ordered by the numbers in `order`."""
        there = {column.lower() for column in self.columns(table)}
        if not there:
            return iter(())
        chosen = ", ".join(_quoted(column) if column.lower() in there else "null" for column in columns)
        by = ", ".join(f"cast({_quoted(column)} as integer)" for column in order if column.lower() in there)
        return self._run(f"select {chosen} from {{table}} order by {by or 1}", self.tables[table])  # noqa: S608

    def distinct(self, table: str, column: str) -> list[Any]:
        """What stands in a column, each once."""
        return self._grouped(table, column, "{column}", "")

    def repeated(self, table: str, column: str) -> list[Any]:
        """The numbers that stand in a column more than once."""
        return self._grouped(table, column, "cast({column} as integer)", "having count(*) > 1")

    def _grouped(self, table: str, column: str, what: str, having: str) -> list[Any]:
        if column.lower() not in {name.lower() for name in self.columns(table)}:
            return []
        chosen = what.format(column=_quoted(column))
        statement = f"select {chosen} from {{table}} group by 1 {having}"  # noqa: S608
        return [row[0] for row in self._run(statement, self.tables[table])]

    def _run(self, statement: str, table: str) -> sqlite3.Cursor:
        """Run a statement; names in it are quoted by the caller."""
        return self._connection.execute(statement.replace("{table}", _quoted(table)))


_NAMES = "select type, name from sqlite_master where type in ('table', 'view') order by name"


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A copy of the database at `path`, which is only read, as long as the block runs. Raises AdminError."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="carillon-crm-") as folder,
            closing(_copied(path, Path(folder) / "copy.db")) as connection,
        ):
            yield Source(connection)
    except sqlite3.Error as error:
        raise AdminError(*_explained(path, error)) from None


def _copied(path: Path, copy: Path) -> sqlite3.Connection:
    with closing(
        sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    ) as original:
        connection = sqlite3.connect(copy)
        connection.execute("pragma synchronous = off")  # whoever crashes makes a new copy
        original.backup(connection)
    connection.text_factory = bytes
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.execute("pragma trusted_schema = off")  # its views may be anybody's
    connection.execute("pragma temp_store = file")
    return connection


def _explained(path: Path, error: sqlite3.Error) -> tuple[str, str]:
    name = path.name
    match getattr(error, "sqlite_errorcode", None):
        case sqlite3.SQLITE_NOTADB:
            return f"{name} is no SQLite database", "give the file that the bot works with, not a dump of it"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"somebody writes {name} all the time", "stop the old bot for a moment, then try again"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_READONLY_CANTINIT:
            step = "copy it with its -wal and -shm files into a folder of yours, and give that one"
            return f"{name} cannot be opened here", step
        case sqlite3.SQLITE_TOOBIG:
            return (
                f"{name} has a value of more than {MAX_VALUE_BYTES // 1_000_000} MB",
                "see which, and shorten it there",
            )
    return f"{name} is damaged", f"mend it first: sqlite3 {name} .recover | sqlite3 mended.db"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _name(name: str | bytes) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else name
