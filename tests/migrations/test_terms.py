"""What the migration of the terms takes out of the inbox that is there."""

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.serving import ROOT

MIGRATION = ROOT / "migrations/versions/0028_terms.up.sql"
BODIES = {
    b'{"event": "x", "ApiKey": "abc\\"d", "n": {"token" : "t"}}': b'{"event": "x", "ApiKey": "", "n": {"token" : ""}}',
    '{"text": "Да", "apikey":"abc"}'.encode() + b"\xff\x80": '{"text": "Да", "apikey":""}'.encode() + b"\xff\x80",
    b'{"tokens": "t", "text": "token"}': b'{"tokens": "t", "text": "token"}',
    b'\x00{"apikey":"abc"}': b'\x00{"apikey":"abc"}',  # Postgres has no such letter; it leaves with its term
    b"": b"",
}


def test_gateways_keys_are_taken_out_and_every_other_byte_stays(connection: psycopg.Connection[DictRow]) -> None:
    source = arrange.source(connection)
    for number, body in enumerate(BODIES):
        connection.execute(
            "insert into platform.inbox (source_id, reason, correlation_id, body, delivery_hash)"
            " values (%s, 'r', 'c', %s, %s)",
            (source, body, bytes([number] * 32)),
        )
    update = MIGRATION.read_text(encoding="utf-8").partition("update platform.inbox")

    connection.execute("".join(update[1:]).encode())

    kept = [bytes(row["body"]) for row in rows(connection, "select body from platform.inbox order by id")]
    assert kept == list(BODIES.values())
