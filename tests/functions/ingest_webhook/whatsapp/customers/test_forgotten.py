"""Somebody is forgotten at the very moment in which they write: the message is somebody new's, and not lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.ingest_webhook.whatsapp.world import STORED, World, add_desk, chatflow, new_jid
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread

WAITS = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@pytest.fixture
def world(direct_url: str, database_url: str, printed: Path) -> Iterator[World]:
    with (
        psycopg.connect(direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "ingest_webhook", printed, DATABASE_URL=database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
        httpx.Client(timeout=120, trust_env=False) as http,
    ):
        yield World(served, connection, {"chatflow": add_desk(connection, "chatflow")}, direct_url, http)


def test_a_message_that_meets_its_customers_end_begins_a_conversation(world: World) -> None:
    jid = new_jid()
    assert world.json(chatflow(jid)).json() == STORED
    [before] = world.rows("select id from support.users")

    with ThreadPoolExecutor(1) as executor:
        with world.connection.transaction():
            world.connection.execute("delete from support.users")
            answer = executor.submit(world.json, chatflow(jid))
            while not world.rows(WAITS):
                assert not answer.done()
        assert answer.result().json() == STORED

    [after] = world.rows("select id from support.users")
    assert (after["id"] != before["id"], len(world.messages(jid))) == (True, 1)
