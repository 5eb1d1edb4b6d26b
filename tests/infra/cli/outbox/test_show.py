"""carillon outbox show: a message's text is somebody's."""

import json

import psycopg

from infra.sandbox.server import running
from shared.database.pool import Database
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import EVENT, dispatch, in_thread, school


async def test_a_messages_text_is_shown_only_on_request(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    rows(connection, EVENT, school(connection), "сорок два")
    connection.execute("update getcourse.student_versions set last_name = 'Иванова'")
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)

    (listed,) = (await in_thread(carillon, "outbox", "list", "--state", "sent", "--json")).json
    shown = (await in_thread(carillon, "outbox", "show", str(listed["id"]), "--json")).json
    assert "сорок два" not in json.dumps([listed, shown], ensure_ascii=False)
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["sent"]
    assert "сорок два" in (await in_thread(carillon, "outbox", "show", str(listed["id"]), "--text")).out
    assert carillon("outbox", "list", "--state", "dead").out.strip() == "no such messages"
