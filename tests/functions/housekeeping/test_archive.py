"""What leaves by its term is in the bucket before it is gone from the database; what people delete is not."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.housekeeping import archive, retention
from shared.clients.s3 import Bucket
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.buckets import TestBucket, bucket
from tests.helpers.grants import as_role
from tests.helpers.queues import SECRET_KEY
from tests.helpers.worlds import support

Plain = psycopg.Connection[DictRow]
TRIGGERS = """
select tgrelid::regclass::text as name from pg_trigger
where tgname = 'archive' and tgfoid = 'platform.archive_deleted()'::regprocedure order by 1
"""


@pytest.fixture(scope="module")
def store(printed: Path) -> Iterator[TestBucket]:
    with bucket(printed) as store:
        yield store


@pytest.fixture
def target(store: TestBucket, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Bucket:
    """The bucket, below a prefix of this test's own."""
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    return Bucket(f"s3://{store.name}/{request.node.name}/")


@pytest.fixture
async def housekeeping(database_url: str) -> AsyncIterator[Database]:
    """The database, as the function sees it."""
    database = Database(as_role(database_url, "housekeeping"))
    yield database
    await database.close()


def files(store: TestBucket, test: str) -> dict[str, list[dict[str, Any]]]:
    """The rows in the files of a test, by table and day."""
    found: dict[str, list[dict[str, Any]]] = {}
    for key, lines in store.lines().items():
        prefix, table, day, _ = key.split("/")
        if prefix == test:
            found.setdefault(f"{table}/{day}", []).extend(lines)
    return found


def old_answers(connection: Plain, count: int) -> list[int]:
    """Answers whose payloads are due to leave, of one day; their ids."""
    ids = [
        arrange.event(
            connection, user_id="1", answer_id=str(n), processed=True, created_at="2026-03-02 10:00+00",
            raw_payload=json.dumps({"n": n, "text": "Слова\n"}), answer_text=canaries.ANSWER,
        )
        for n in range(count)
    ]  # fmt: skip
    connection.execute("update getcourse.webhook_events set processed = true")
    return ids


async def test_rows_are_in_the_bucket_by_table_and_day_before_they_are_gone(
    housekeeping: Database, connection: Plain, store: TestBucket, target: Bucket, request: pytest.FixtureRequest
) -> None:
    arrange.event(
        connection, user_id="1", answer_id="very old", created_at="2020-05-06 23:30+00", answer_text=canaries.ANSWER
    )
    ids = old_answers(connection, 5)

    report = await retention.run(housekeeping, seconds=60, batch_rows=2, bucket=target)

    assert report == {"done": 6, "remaining": 0, "archived": 6}
    found = files(store, request.node.name)
    assert {name: len(lines) for name, lines in found.items()} == {
        "getcourse.webhook_events/2020-05-06": 1, "getcourse.webhook_events/2026-03-02": 5,
    }  # fmt: skip
    [deleted], emptied = found["getcourse.webhook_events/2020-05-06"], found["getcourse.webhook_events/2026-03-02"]
    assert (deleted["answer_id"], deleted["answer_text"]) == ("very old", canaries.ANSWER)
    assert sorted(row["id"] for row in emptied) == ids
    assert emptied[0]["raw_payload"] == {"n": 0, "text": "Слова\n"}
    left = rows(connection, "select id, raw_payload from getcourse.webhook_events order by id")
    assert left == [{"id": identity, "raw_payload": None} for identity in ids]
    assert rows(connection, "select from platform.archive_queue") == []


async def test_what_leaves_with_a_customer_is_archived_too(
    housekeeping: Database, connection: Plain, store: TestBucket, target: Bucket, request: pytest.FixtureRequest
) -> None:
    desk = support.desk(connection)
    talk = support.conversation(connection, desk, "77019990001@s.whatsapp.net")
    support.insert(
        connection, "support.messages", conversation_id=talk, client_id=desk.id, role="user", content="Здравствуйте"
    )
    connection.execute("update support.conversations set last_message_at = now() - interval '731 days'")

    await retention.run(housekeeping, seconds=60, bucket=target)

    tables = {name.partition("/")[0] for name in files(store, request.node.name)}
    assert tables == {"support.conversations", "support.messages"}


async def test_a_bucket_that_is_away_keeps_everything_in_the_queue(
    database: Database, connection: Plain, target: Bucket, store: TestBucket, request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    ids = old_answers(connection, 3)
    away = Bucket("s3://nobody-made-it/x")

    report = await retention.run(database, seconds=60, bucket=away)

    assert report["archived"] == 0
    assert report["remaining"] == 3
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["event"], line["reason"]) == ("archive_failed", "NoSuchBucket")
    assert SECRET_KEY not in json.dumps(line)
    assert await retention.run(database, seconds=60, bucket=target) == {"done": 0, "remaining": 0, "archived": 3}
    [lines] = files(store, request.node.name).values()
    assert sorted(row["id"] for row in lines) == ids


async def test_a_file_has_a_few_megabytes_and_the_same_rows_have_the_same_name(
    database: Database, connection: Plain, target: Bucket, store: TestBucket, request: pytest.FixtureRequest
) -> None:
    connection.execute(
        "insert into platform.archive_queue (table_name, day, lines)"
        " select 't', '2026-03-02', to_jsonb(n)::text from generate_series(1, 5) n"
    )
    ends_at = float("inf")
    assert await archive.upload(database, target, ends_at, most_bytes=2) == 5
    connection.execute(
        "insert into platform.archive_queue (id, table_name, day, lines) overriding system value"
        " select n, 't', '2026-03-02', to_jsonb(n)::text from generate_series(1, 2) n"
    )
    assert await archive.upload(database, target, ends_at, most_bytes=2) == 2

    sizes = [len(lines) for key, lines in store.lines().items() if key.startswith(f"{request.node.name}/")]
    assert sorted(sizes) == [1, 2, 2]


async def test_without_a_bucket_nothing_is_queued(database: Database, connection: Plain) -> None:
    old_answers(connection, 2)

    assert await retention.run(database, seconds=60) == {"done": 2, "remaining": 0}
    assert rows(connection, "select from platform.archive_queue") == []


def test_what_people_delete_is_not_archived(connection: Plain) -> None:
    old_answers(connection, 2)
    connection.execute("delete from getcourse.webhook_events")

    assert rows(connection, "select from platform.archive_queue") == []


def test_these_tables_are_archived(connection: Plain) -> None:
    assert {row["name"] for row in rows(connection, TRIGGERS)} == archive.TABLES
