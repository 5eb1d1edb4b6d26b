"""A crm.db into our database, table by table, in one transaction. A dry run does the same and writes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

from psycopg import errors

from infra.admin.courses.crm import placeholders, store
from infra.admin.courses.crm.readers.tables import NAMED, TABLES
from infra.admin.courses.crm.report import Report
from infra.admin.courses.crm.source import Source, opened
from infra.admin.courses.crm.table_import import TableImport
from infra.admin.courses.crm.writer import Writer
from infra.admin.database import Connection
from infra.admin.errors import AdminError

OnProgress = Callable[[str, int, int], None]  # the table, rows that were read since the last call, rows of all tables


def _silently(_table: str, _rows: int, _total: int) -> None:
    pass


def import_file(
    connection: Connection, path: Path, *, write: bool = False, on_progress: OnProgress = _silently
) -> Report:
    """Take over the crm.db at `path`, or only say what would be done. Raises AdminError."""
    try:
        with opened(path) as source, connection.transaction():
            if write:
                store.lock(connection)
            return _import(connection, source, write=write, on_progress=on_progress)
    except (errors.UniqueViolation, errors.ForeignKeyViolation):
        raise AdminError(
            "somebody changed the same meanwhile; nothing was written", "run it again: it sees what is there now"
        ) from None


def _import(connection: Connection, source: Source, *, write: bool, on_progress: OnProgress) -> Report:
    if not source.tables.keys() & {table.name for table in TABLES}:
        raise AdminError("the file has none of a crm.db's tables", "give the file that the bot works with")
    report, known = Report(write, notes=list(_notes(source))), store.known(connection)
    if write:
        store.unknown_texts(connection)
    total = sum(source.count(table.name) for table in TABLES)
    with Writer() as writer:
        for table in TABLES:
            importing = TableImport(connection, table, known, writer if write else None)
            importing.read(source, lambda rows, name=table.name: on_progress(name, rows, total))  # type: ignore[misc]
            if table in NAMED:
                importing.make(placeholders.missing(source, table, known))
            importing.finish()
            report.tables.append(importing.report)
    return report


def _notes(source: Source) -> Iterator[str]:
    """What the file lacks, and what it has that is not taken over."""
    names = [table.name for table in TABLES]
    if missing := [name for name in names if name not in source.tables]:
        yield f"tables that are not there: {', '.join(missing)}"
    if others := [name for name in source.tables.values() if name.lower() not in names]:
        yield f"tables that are not taken over: {', '.join(others)}"
    if source.views:
        yield f"views are not read, only tables are: {', '.join(source.views)}"
    for table in TABLES:
        columns = [column.lower() for column in source.columns(table.name)]
        if columns and (lacking := [column for column in table.source if column not in columns]):
            yield f"{table.name} has no {', '.join(lacking)}"
        if more := [column for column in columns if column not in table.source]:
            yield f"{table.name} has columns that we do not have, their cells are kept beside: {', '.join(more)}"
