"""carillon doctor's lines about what callers sent."""

from typing import Any

import psycopg
import pytest

from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[Any]
Line = tuple[str, str, str]


def findings(carillon: Carillon, check: str) -> list[Line]:
    """Level, finding and next step of each line of a check."""
    report = carillon("doctor", "--offline", "--json").json["findings"]
    return [(line["status"], line["message"], line["next_step"]) for line in report if line["area"] == check]


def refuse(connection: Connection, source: int, status: int, reason: str, count: int = 1, days_ago: int = 0) -> None:
    connection.execute(
        "insert into platform.refused_requests (source_id, day, status, reason, count, last_at) values"
        " (%s, (now() at time zone 'utc')::date - %s, %s, %s, %s, '2026-03-02 11:36:58+00')",
        (source, days_ago, status, reason, count),
    )


def test_without_a_refusal_all_is_in_order(carillon: Carillon) -> None:
    assert findings(carillon, "refused") == [("ok", "no source's request was refused since yesterday", "")]
    assert findings(carillon, "unparsed") == [("ok", "every delivery was understood", "")]


def test_what_was_refused_since_yesterday_is_counted_by_source_and_reason(
    carillon: Carillon, connection: Connection
) -> None:
    romashka = arrange.source(connection, "romashka", provider="whatsapp", gateway="evolution")
    school = arrange.source(connection, "school")
    refuse(connection, romashka, 413, "Too Large", count=2)
    refuse(connection, romashka, 413, "Too Large", days_ago=1)
    refuse(connection, romashka, 415, "Unsupported Encoding", days_ago=2)
    refuse(connection, school, 415, "Unsupported Encoding")

    (first, second) = findings(carillon, "refused")

    assert first[:2] == (
        "warning",
        "whatsapp/romashka was refused 3 times since yesterday: 413 Too Large, last at 03-02 11:36 UTC",
    )
    assert '"Webhook Base64" off' in first[2]
    assert second[1].startswith("getcourse/school was refused once since yesterday: 415 Unsupported Encoding")
    assert "Content-Encoding" in second[2]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "Not Readable"), (400, "Incomplete"), (405, "Method Not Allowed"), (408, "Too Slow"), (413, "Too Large"),
     (418, "Something New")],
)  # fmt: skip
def test_each_reason_has_a_next_step(carillon: Carillon, connection: Connection, status: int, reason: str) -> None:
    refuse(connection, arrange.source(connection), status, reason)

    ((level, finding, step),) = findings(carillon, "refused")

    assert (level, f"{status} {reason}" in finding, bool(step)) == ("warning", True, True)


def test_what_was_not_understood_is_named_by_source_and_reason(carillon: Carillon, connection: Connection) -> None:
    source = arrange.source(connection, "romashka", provider="whatsapp", gateway="evolution")
    for number, reason in enumerate("aabbbbccd"):
        connection.execute(
            "insert into platform.inbox (source_id, reason, correlation_id, delivery_hash) values (%s, %s, 'c', %s)",
            (source, f"reason {reason}", bytes([number]) * 32),
        )

    lines = findings(carillon, "unparsed")

    assert [finding for _, finding, _ in lines] == [
        f"whatsapp/romashka: {count} deliveries were not understood: reason {reason}"
        for count, reason in ((4, "b"), (2, "a"), (2, "c"))
    ]
    assert all("carillon replay --since 7d --source romashka" in step for _, _, step in lines)


def test_nobody_counts_thousands_of_deliveries(carillon: Carillon, connection: Connection) -> None:
    connection.execute(
        "insert into platform.inbox (source_id, reason, correlation_id, delivery_hash)"
        " select %s, 'no ids', 'c', sha256(n::text::bytea) from generate_series(1, 1002) n",
        (arrange.source(connection, "school"),),
    )

    ((_, finding, _),) = findings(carillon, "unparsed")

    assert finding == "getcourse/school: more than 1000 deliveries were not understood: no ids"
