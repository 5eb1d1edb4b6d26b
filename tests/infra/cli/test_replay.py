"""carillon replay: events once more, and deliveries that could not be parsed."""

import psycopg

from infra.sandbox.server import running
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import EVENT, dispatch, in_thread, school


async def test_replaying_all_history_sends_nothing_twice(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    rows(connection, EVENT, school(connection), "x")
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)
        replayed = await in_thread(carillon, "replay", "--since", "24h", "--source", "school", "--json")
        assert (replayed.json["processed"], replayed.json["waiting"]) == (1, 0)
        await dispatch(database, telegram.url, database_url)

        assert len(telegram.telegram.journal.find(method="sendMessage")) == 1
    assert rows(connection, "select processed from getcourse.webhook_events") == [{"processed": True}]


async def test_replay_leaves_older_events_and_other_sources_alone(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    rows(connection, EVENT, school(connection), "x")
    connection.execute("update getcourse.webhook_events set processed = true, created_at = now() - interval '3 days'")
    arrange.source(connection, name="other")

    assert (await in_thread(carillon, "replay", "--since", "2d", "--json")).json["processed"] == 0
    assert (await in_thread(carillon, "replay", "--since", "7d", "--source", "other", "--json")).json["processed"] == 0
    assert (await in_thread(carillon, "replay", "--since", "7d", "--source", "nobody")).code == 1
    assert (await in_thread(carillon, "replay", "--since", "7d", "--json")).json["processed"] == 1


async def test_deliveries_are_parsed_again_with_todays_field_map(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    source = school(connection)
    inbox = (
        "insert into platform.inbox (source_id, reason, query, body, correlation_id, delivery_hash, received_at)"
        " values (%s, 'unparsed', %s, %s, %s, sha256(%s), now() - interval '1 hour') returning received_at"
    )
    arrived = rows(connection, inbox, source, b"", b'{"uid": 11, "aid": 501}', "c" * 32, b"1")[0]["received_at"]
    rows(connection, inbox, source, b"", b"gibberish", "d" * 32, b"2")

    assert (await in_thread(carillon, "replay", "--since", "24h", "--json")).json["understood"] == 0
    connection.execute("""update platform.webhook_sources set field_map = '{"user_id": "uid", "answer_id": "aid"}'""")
    report = (await in_thread(carillon, "replay", "--since", "24h", "--json")).json

    assert (report["understood"], report["still_not_understood"]) == (1, 1)
    (event,) = rows(connection, "select answer_id, event_date, correlation_id from getcourse.webhook_events")
    assert (event["answer_id"], event["event_date"], event["correlation_id"]) == ("501", arrived, "c" * 32)
    assert len(rows(connection, "select from platform.inbox")) == 1
