"""carillon outbox, trace and replay: events that a real dispatcher brought to the Telegram stand-in."""

import asyncio
import json
from functools import partial

import psycopg

from functions.dispatch_notifications.run import Run
from infra.sandbox.server import running
from shared import config
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon, Ran

EVENT = (
    "insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, answer_training_id, answer_text)"
    " values (%s, now(), '11', '501', '7', %s) returning id"
)


def school(connection: psycopg.Connection[object]) -> int:
    """A source, its bot, a mentor, a student and the mapping; the source's id."""
    arrange.bot(connection)
    student = arrange.student(connection, getcourse_id="11", email=canaries.EMAIL, last_name=canaries.STUDENT)
    arrange.mapping(connection, student, arrange.mentor(connection, getcourse_id="21", telegram_id=5001), "7")
    return arrange.source(connection)


async def dispatch(database: Database, telegram_url: str, database_url: str) -> None:
    """One run of dispatch_notifications."""
    settings = config.load(
        {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "TELEGRAM_API_URL": telegram_url}
    )
    await Run(database, settings, 5.0).run()


async def aside(carillon: Carillon, *arguments: str) -> Ran:
    """Run a command in a thread: some start an event loop of their own."""
    return await asyncio.to_thread(partial(carillon, *arguments))


async def test_an_events_whole_life_is_one_table(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    source = school(connection)
    event = rows(connection, EVENT, source, canaries.ANSWER)[0]["id"]
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)

    steps = (await aside(carillon, "trace", f"event:{event}", "--json")).json
    (outbox,) = rows(connection, "select id, correlation_id, message_id from platform.outbox")
    assert [step["what"].split()[0] for step in steps].count("outbox") == 3
    assert steps[0]["what"] == f"event {event} stored"
    assert steps[-1]["what"] == f"outbox {outbox['id']} sent"
    assert steps[-1]["detail"] == f"Telegram message {outbox['message_id']}"
    for other in (f"outbox:{outbox['id']}", outbox["correlation_id"]):
        assert (await aside(carillon, "trace", other, "--json")).json == steps
    assert (await aside(carillon, "trace", f"event:{event}")).code == 0


async def test_an_event_that_waits_says_why(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    event = rows(connection, EVENT, arrange.source(connection), "x")[0]["id"]
    await dispatch(database, "http://127.0.0.1:1", database_url)

    assert "unknown_student" in carillon("trace", f"event:{event}").out


def test_what_nobody_knows_is_told(carillon: Carillon) -> None:
    assert carillon("trace", "event:1").code == 1
    assert carillon("outbox", "show", "1").code == 1


async def test_a_messages_words_are_shown_only_on_request(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    rows(connection, EVENT, school(connection), "сорок два")
    connection.execute("update getcourse.student_versions set last_name = 'Иванова'")
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)

    (listed,) = (await aside(carillon, "outbox", "list", "--state", "sent", "--json")).json
    shown = (await aside(carillon, "outbox", "show", str(listed["id"]), "--json")).json
    assert "сорок два" not in json.dumps([listed, shown], ensure_ascii=False)
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["sent"]
    assert "сорок два" in (await aside(carillon, "outbox", "show", str(listed["id"]), "--text")).out
    assert carillon("outbox", "list", "--state", "dead").out.strip() == "no such messages"


async def test_replaying_all_history_sends_nothing_twice(
    carillon: Carillon, database: Database, database_url: str, connection: psycopg.Connection[object]
) -> None:
    rows(connection, EVENT, school(connection), "x")
    async with running() as telegram:
        await dispatch(database, telegram.url, database_url)
        replayed = await aside(carillon, "replay", "--since", "24h", "--source", "school", "--json")
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

    assert (await aside(carillon, "replay", "--since", "2d", "--json")).json["processed"] == 0
    assert (await aside(carillon, "replay", "--since", "7d", "--source", "other", "--json")).json["processed"] == 0
    assert (await aside(carillon, "replay", "--since", "7d", "--source", "nobody")).code == 1
    assert (await aside(carillon, "replay", "--since", "7d", "--json")).json["processed"] == 1


async def test_deliveries_are_understood_with_todays_field_map(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    source = school(connection)
    inbox = (
        "insert into platform.inbox (source_id, reason, query, body, correlation_id, delivery_hash, received_at)"
        " values (%s, 'unparsed', %s, %s, %s, sha256(%s), now() - interval '1 hour') returning received_at"
    )
    arrived = rows(connection, inbox, source, b"", b'{"uid": 11, "aid": 501}', "c" * 32, b"1")[0]["received_at"]
    rows(connection, inbox, source, b"", b"gibberish", "d" * 32, b"2")

    assert (await aside(carillon, "replay", "--since", "24h", "--json")).json["understood"] == 0
    connection.execute("""update platform.webhook_sources set field_map = '{"user_id": "uid", "answer_id": "aid"}'""")
    report = (await aside(carillon, "replay", "--since", "24h", "--json")).json

    assert (report["understood"], report["still_not_understood"]) == (1, 1)
    (event,) = rows(connection, "select answer_id, event_date, correlation_id from getcourse.webhook_events")
    assert (event["answer_id"], event["event_date"], event["correlation_id"]) == ("501", arrived, "c" * 32)
    assert len(rows(connection, "select from platform.inbox")) == 1
