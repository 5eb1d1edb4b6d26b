"""Databases without our schema, and people's own connections."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from infra.local import postgres
from tests.migrations.foreign import give_up, role

OpenClient = Callable[[str], AbstractContextManager[psycopg.Connection[dict[str, Any]]]]


@pytest.fixture
def empty_url(server_url: str, template: str) -> Iterator[str]:
    """A database that no migration has seen.

    The migrated template stands beside it, so that its roles are there whatever this test takes down.
    """
    assert template
    name = f"carillon_empty_{uuid.uuid4().hex[:12]}"
    yield postgres.create_database(server_url, name)
    postgres.drop_database(server_url, name)


@contextmanager
def open_client(url: str, timezone: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A database client in a time zone, with the schema chosen, as DBeaver connects."""
    options = f"-c search_path=getcourse -c timezone={timezone}"
    with psycopg.connect(url, autocommit=True, row_factory=dict_row, options=options) as connection:
        yield connection


@pytest.fixture
def client(direct_url: str) -> OpenClient:
    """Opens clients of this test's database."""
    return partial(open_client, direct_url)


@pytest.fixture
def owner(server_url: str, empty_url: str) -> Iterator[str]:
    """Whose the bot's tables are."""
    with role(server_url) as name:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"create role reader_of_{name} nologin")
        yield name
        give_up(empty_url, f"reader_of_{name}")
        give_up(empty_url, name)
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"drop role reader_of_{name}")
