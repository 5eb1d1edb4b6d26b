"""The function on a database with a desk for each gateway."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.ingest_webhook.whatsapp.world import World, add_desk
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def world(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[World]:
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "ingest_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
        httpx.Client(timeout=120, trust_env=False) as http,
    ):
        gateways = ("chatflow", "evolution", "whatsapp_cloud")
        desks = {name: add_desk(connection, name, name) for name in gateways}
        yield World(served, connection, desks, module_direct_url, http)
