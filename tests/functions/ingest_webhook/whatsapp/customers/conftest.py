"""The writer on a database with a desk."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.ingest_webhook.whatsapp.customers.office import Office
from tests.helpers.worlds.support import desk


@pytest.fixture(scope="module")
def office(module_direct_url: str, module_database_url: str) -> Iterator[Office]:
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        asyncio.Runner() as runner,
    ):
        at_work = Office(connection, module_database_url, desk(connection), runner)
        yield at_work
        at_work.close()
