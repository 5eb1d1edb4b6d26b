"""An operator's connection: one, plain and synchronous."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from shared import config

Connection = psycopg.Connection[DictRow]

CONNECT_SECONDS = 5


@contextmanager
def connect(url: str | None = None) -> Iterator[Connection]:
    """A connection to DATABASE_URL (or `url`) in autocommit. Raises ConfigError, psycopg.Error."""
    with psycopg.connect(
        url or config.load(names=("database_url",)).database_url,
        autocommit=True,
        prepare_threshold=None,
        row_factory=dict_row,
        connect_timeout=CONNECT_SECONDS,
    ) as connection:
        yield connection


def fetch(connection: Connection, statement: str, **parameters: Any) -> list[DictRow]:
    """All rows that `statement` returns."""
    return connection.execute(statement, parameters).fetchall()


def fetch_one(connection: Connection, statement: str, **parameters: Any) -> DictRow:
    """The one row of a `statement` that always returns one."""
    row = connection.execute(statement, parameters).fetchone()
    assert row is not None
    return row
