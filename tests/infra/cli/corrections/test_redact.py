"""carillon sources settings --redact."""

from typing import Any

import psycopg

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[Any]
SETTINGS = ("sources", "settings", "school")


def test_paths_are_shown_with_how_many_payloads_have_one_and_taken_back(
    carillon: Carillon, connection: Connection
) -> None:
    source = arrange.source(connection)
    for answer_id, payload in (("1", '{"user": {"phone": "1"}}'), ("2", "{}")):
        arrange.event(connection, source_id=source, user_id="1", answer_id=answer_id, raw_payload=payload)

    changed = carillon(*SETTINGS, "--redact", "$..phone", "--redact", "$.user.email")
    assert (changed.code, changed.err) == (0, "")
    assert "1 of the newest 2 payloads have one" in changed.out
    assert carillon(*SETTINGS, "--json").json["redact"] == ["$..phone", "$.user.email"]

    assert carillon(*SETTINGS, "--redact", "none", "--json").json["redact"] == []
    assert rows(connection, "select redact from platform.webhook_sources") == [{"redact": {}}]


def test_what_is_no_path_is_refused_with_an_example_and_without_what_was_typed(
    carillon: Carillon, connection: Connection
) -> None:
    arrange.source(connection)
    refused = carillon(*SETTINGS, "--redact", canaries.EMAIL)

    assert refused.code == 2
    assert "$.user.phone" in refused.err
    assert canaries.EMAIL not in refused.err
    assert rows(connection, "select redact from platform.webhook_sources") == [{"redact": {}}]


def test_the_source_of_a_salon_keeps_no_payload_to_redact(carillon: Carillon, connection: Connection) -> None:
    arrange.source(connection, "salon", provider="yclients")
    refused = carillon("sources", "settings", "salon", "--redact", "$.phone")

    assert refused.code == 2
    assert "GetCourse" in refused.err
