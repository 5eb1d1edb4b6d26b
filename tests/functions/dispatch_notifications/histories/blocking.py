"""A connection for thousands of histories: it blocks, and spares what psycopg does around each statement."""

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg import abc, errors, waiting
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus
from psycopg.rows import DictRow

from shared.database.pool import Connection

T = TypeVar("T")
Names = dict[tuple[int, ...], bytes]


class Answer:
    """As much of a cursor as functions use."""

    def __init__(self, rows: list[DictRow], rowcount: int) -> None:
        self.rowcount = rowcount
        self._rows = rows

    async def fetchall(self) -> list[DictRow]:
        return self._rows

    async def fetchone(self) -> DictRow | None:
        return self._rows[0] if self._rows else None


class BlockingConnection(psycopg.AsyncConnection[DictRow]):
    """Whoever awaits its answers has them at once, without an event loop. Each statement is prepared, once."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._statements: dict[str, tuple[abc.Transformer, PostgresQuery, Names]] = {}
        self._number_prepared = 0

    async def execute(self, query: Any, params: Mapping[str, Any] | Any = None, **_: Any) -> Any:
        """As psycopg's, for little more than half of the time. Raises psycopg.Error."""
        if query in self._statements:
            transformer, statement, names = self._statements[query]
            statement.dump(params)
        else:
            transformer = Transformer(self)
            statement, names = PostgresQuery(transformer), {}
            statement.convert(query, params)
            self._statements[query] = transformer, statement, names
        types = tuple(statement.types)
        if types not in names:
            self._number_prepared += 1
            name = b"history_%d" % self._number_prepared
            _checked(self.pgconn.prepare(name, statement.query, types))
            names[types] = name
        values: Any = statement.params
        result = _checked(self.pgconn.exec_prepared(names[types], values, statement.formats))
        columns = [(result.fname(number) or b"").decode() for number in range(result.nfields)]
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, lambda values: dict(zip(columns, values, strict=True)))
        return Answer(rows, result.command_tuples or 0)

    async def wait(self, gen: abc.PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:  # noqa: ASYNC109
        """As psycopg's."""
        return waiting.wait(gen, self.pgconn.socket, interval, timeout)


def run_command(connection: Connection, command: bytes) -> None:
    """Several statements at once, or one that needs nothing of psycopg. Raises psycopg.Error."""
    _checked(connection.pgconn.exec_(command))


def _checked(result: Any) -> Any:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise errors.error_from_result(result)
    return result
