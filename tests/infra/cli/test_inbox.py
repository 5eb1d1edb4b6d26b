"""carillon inbox."""

import json
from typing import Any

import psycopg
import pytest

from infra.admin.doctor.webhooks import unparsed
from infra.admin.inbox import deliveries
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import in_thread

Connection = psycopg.Connection[Any]

UNDERSTOOD = json.dumps({"user_id": 11, "answer_id": 501, "phone": "+77010000001"}).encode()


@pytest.fixture
def three(connection: Connection) -> list[int]:
    """The ids of three deliveries: of the school two, of which one can be read by now; one of another source."""
    school, other = arrange.source(connection), arrange.source(connection, "other")
    return [
        rows(
            connection,
            "insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash)"
            " values (%s, 'unparsed: no ids', %s, 'c', sha256(%s)) returning id",
            source, body, body,
        )[0]["id"]
        for source, body in ((school, UNDERSTOOD), (school, b"gibberish"), (other, b"gibberish"))
    ]  # fmt: skip


def test_deliveries_are_listed_the_newest_first_and_by_pages(carillon: Carillon, three: list[int]) -> None:
    listed = carillon("inbox", "list", "--json").json
    assert [row["id"] for row in listed] == three[::-1]
    assert (listed[0]["source"], listed[0]["reason"]) == ("other", "unparsed: no ids")

    page = carillon("inbox", "list", "--limit", "2")
    assert f"carillon inbox list --before {three[1]}" in page.out
    assert [row["id"] for row in carillon("inbox", "list", "--before", str(three[1]), "--json").json] == three[:1]
    assert [row["id"] for row in carillon("inbox", "list", "--source", "other", "--json").json] == three[2:]


def test_a_delivery_is_shown_without_phones_unless_whole(carillon: Carillon, three: list[int]) -> None:
    shown = carillon("inbox", "show", str(three[0]))
    assert '"phone": "…0001"' in shown.out
    assert "unparsed: no ids" in shown.out
    assert carillon("inbox", "show", str(three[0]), "--whole", "--json").json["body"]["phone"] == "+77010000001"


async def test_what_was_dismissed_is_kept_and_counted_and_replayed_no_more(
    carillon: Carillon, connection: Connection, three: list[int]
) -> None:
    assert carillon("inbox", "dismiss", str(three[0]), "--reason", "ours").code == 0
    assert carillon("inbox", "dismiss", "--source", "other", "--reason", "theirs", stdin="y\n").code == 0

    assert [row["id"] for row in carillon("inbox", "list", "--json").json] == [three[1]]
    assert len(carillon("inbox", "list", "--dismissed", "--json").json) == 3
    assert rows(connection, "select id from platform.v_unparsed") == [{"id": three[1]}]
    assert carillon("db", "status", "--json").json["counts"]["deliveries_not_understood"] == 1
    [finding] = unparsed(connection)
    assert finding.message.startswith("getcourse/school: 1 deliveries")
    report = (await in_thread(carillon, "replay", "--since", "7d", "--json")).json
    assert (report["understood"], report["still_not_understood"]) == (0, 1)


async def test_chosen_deliveries_are_replayed_even_dismissed_ones(
    carillon: Carillon, connection: Connection, three: list[int]
) -> None:
    carillon("inbox", "dismiss", str(three[0]), "--reason", "ours")
    report = (await in_thread(carillon, "inbox", "replay", *map(str, three[:2]), "--json")).json

    assert report == {"understood": 1, "still_not_understood": 1}
    assert [row["id"] for row in rows(connection, "select id from platform.inbox order by id")] == three[1:]
    assert len(rows(connection, "select from getcourse.webhook_events")) == 1


def test_more_deliveries_than_a_page_are_chosen_each_once(connection: Connection) -> None:
    schools = {name: arrange.source(connection, name) for name in ("school", "other")}
    total = 2 * deliveries.PAGE_ROWS + 10
    connection.execute(  # all at the same moment, as a batch is stored
        "insert into platform.inbox (source_id, reason, correlation_id, delivery_hash)"
        " select case n %% 2 when 0 then %s else %s end, 'reason ' || n %% 4, 'c', sha256(n::text::bytea)"
        " from generate_series(1, %s) n",
        (schools["school"], schools["other"], total),
    )
    [first] = rows(connection, "select min(id) as id, min(received_at) as received_at from platform.inbox")
    everything = list(range(first["id"], first["id"] + total))

    assert deliveries.choose(connection, [], "school") == everything[1::2]
    assert deliveries.open_since(connection, first["received_at"], None) == everything
    assert deliveries.open_since(connection, first["received_at"], "other") == everything[::2]
