"""Time-ordered ids, ours and the database's."""

import time
from uuid import RFC_4122, UUID

import psycopg
from psycopg.rows import DictRow

from shared.uuid7 import uuid7


def milliseconds(id_: UUID) -> int:
    return id_.int >> 80


def test_an_id_has_the_time_a_version_and_the_rest_at_random() -> None:
    before = time.time_ns() // 1_000_000
    ids = [uuid7() for _ in range(100)]
    after = time.time_ns() // 1_000_000

    assert {(id_.version, id_.variant) for id_ in ids} == {(7, RFC_4122)}
    assert all(before <= milliseconds(id_) <= after for id_ in ids)
    fixed = (1 << 80) - 1 ^ (0xF << 76) ^ (3 << 62)
    assert len({id_.int & fixed for id_ in ids}) == 100


def test_the_database_makes_them_likewise(connection: psycopg.Connection[DictRow]) -> None:
    now = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint"
    rows = connection.execute(
        f"select {now} as before, platform.uuid7() as id, {now} as after from generate_series(1, 100)".encode()
    ).fetchall()

    assert {(row["id"].version, row["id"].variant) for row in rows} == {(7, RFC_4122)}
    assert all(row["before"] <= milliseconds(row["id"]) <= row["after"] for row in rows)
    assert len({row["id"] for row in rows}) == 100
