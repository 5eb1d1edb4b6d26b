"""carillon trace: an event's whole life."""

import psycopg

from infra.sandbox.server import running
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import EVENT, dispatch, in_thread, school


async def test_an_events_whole_life_is_one_table(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    source = school(connection)
    event = rows(connection, EVENT, source, canaries.ANSWER)[0]["id"]
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)

    steps = (await in_thread(carillon, "trace", f"event:{event}", "--json")).json
    (outbox,) = rows(connection, "select id, correlation_id, message_id from platform.outbox")
    assert [step["what"].split()[0] for step in steps].count("outbox") == 3
    assert steps[0]["what"] == f"event {event} stored"
    assert steps[-1]["what"] == f"outbox {outbox['id']} sent"
    assert steps[-1]["detail"] == f"Telegram message {outbox['message_id']}"
    for other in (f"outbox:{outbox['id']}", outbox["correlation_id"]):
        assert (await in_thread(carillon, "trace", other, "--json")).json == steps
    assert (await in_thread(carillon, "trace", f"event:{event}")).code == 0


async def test_an_event_that_waits_says_why(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    event = rows(connection, EVENT, arrange.source(connection), "x")[0]["id"]
    await dispatch(database, "http://127.0.0.1:1", database_url)

    assert "unknown_student" in carillon("trace", f"event:{event}").out


def test_an_unknown_target_is_reported(carillon: Carillon) -> None:
    assert carillon("trace", "event:1").code == 1
    assert carillon("outbox", "show", "1").code == 1
