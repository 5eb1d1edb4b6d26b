"""carillon sources settings, pause, resume and remove."""

import json
from typing import Any

import psycopg
import pytest

from infra.admin.doctor.webhooks import unparsed
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds.support import desk, insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import in_thread

Connection = psycopg.Connection[Any]

ROW = "select * from platform.webhook_sources"
INBOX = (
    "insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash)"
    " values (%s, 'the source is paused', %s, 'c', sha256(%s))"
)


def test_what_was_typed_wrong_is_corrected_and_the_rest_stays(carillon: Carillon, connection: Connection) -> None:
    bot = arrange.bot(connection)
    carillon("sources", "add", "getcourse", "school", "--map", "answer_text=text", "--map", "user_id=uid")
    changed = carillon(
        "sources", "settings", "school", "--map", "answer_text=otvet", "--map", "user_id=", "--admin-chat", "-1001",
        "--timezone", "Asia/Oral", "--bot", "school", "--link", "https://s.example/{answer_id}", "--language", "en",
    )  # fmt: skip

    assert (changed.code, changed.err) == (0, "")
    [row] = rows(connection, ROW)
    assert (row["field_map"], row["admin_chat_id"], row["bot_id"]) == ({"answer_text": "otvet"}, -1001, bot)
    assert (row["timezone"], row["language"], row["collapse_seconds"]) == ("Asia/Oral", "en", 3)
    shown = carillon("sources", "settings", "school", "--json").json
    assert (shown["map"], shown["bot"], shown["link"]) == (
        {"answer_text": "otvet"},
        "school",
        "https://s.example/{answer_id}",
    )


def test_none_takes_a_value_back(carillon: Carillon, connection: Connection) -> None:
    arrange.source(connection, admin_chat_id=-1, link_template="https://x", bot_id=arrange.bot(connection))
    carillon("sources", "settings", "school", "--admin-chat", "none", "--link", "none", "--bot", "none")

    [row] = rows(connection, ROW)
    assert (row["admin_chat_id"], row["link_template"], row["bot_id"]) == (None, None, None)


def test_another_gateway_comes_with_what_it_signs_with(carillon: Carillon, connection: Connection) -> None:
    arrange.source(connection, "romashka", provider="whatsapp", gateway="chatflow")
    change = ("sources", "settings", "romashka", "--gateway", "whatsapp_cloud")
    without = carillon(*change)
    assert (without.code, rows(connection, ROW)[0]["gateway"]) == (2, "chatflow")
    assert "--signing-secret-stdin" in without.err

    assert carillon(*change, "--signing-secret-stdin", stdin=canaries.SIGNING_SECRET).code == 0
    [row] = rows(connection, ROW)
    place = signing_secret_associated_data("romashka")
    assert secrets.unseal(arrange.SECRETS_KEY, row["signing_secret_sealed"], place) == canaries.SIGNING_SECRET

    assert carillon("sources", "settings", "romashka", "--gateway", "chatflow").code == 0
    assert rows(connection, ROW)[0]["signing_secret_sealed"] is None


def test_a_source_gets_its_salon_by_slug(carillon: Carillon, connection: Connection) -> None:
    first, second = (insert(connection, "public.tenants_v2", name=slug, slug=slug) for slug in ("aurora", "echo"))
    carillon("sources", "add", "yclients", "hooks", "--tenant", "aurora")
    assert rows(connection, ROW)[0]["field_map"] == {"tenant_id": str(first)}

    assert carillon("sources", "settings", "hooks", "--tenant", "echo").code == 0
    assert rows(connection, ROW)[0]["field_map"] == {"tenant_id": str(second)}


def test_where_two_providers_have_a_source_of_one_name_it_is_asked_which(
    carillon: Carillon, connection: Connection
) -> None:
    arrange.source(connection)
    arrange.source(connection, provider="whatsapp", gateway="chatflow")

    for command in ("settings", "pause", "resume", "rotate"):
        asked = carillon("sources", command, "school")
        assert (asked.code, "--provider getcourse" in asked.err) == (1, True), command
    assert carillon("sources", "rotate", "school", "--provider", "whatsapp").code == 0


async def test_what_came_during_a_pause_is_read_when_it_is_resumed(carillon: Carillon, connection: Connection) -> None:
    source = arrange.source(connection)
    assert carillon("sources", "pause", "school").code == 0
    assert rows(connection, "select paused_at <= now() as paused from platform.webhook_sources") == [{"paused": True}]
    assert "already" in carillon("sources", "pause", "school").out
    [finding] = unparsed(connection)
    assert (finding.status, "0 deliveries wait unread" in finding.message) == ("warning", True)
    for body in (json.dumps({"user_id": 11, "answer_id": 501}).encode(), b"gibberish"):
        connection.execute(INBOX, (source, body, body))

    resumed = await in_thread(carillon, "sources", "resume", "school")

    assert "1 deliveries were read, 1 could not be" in resumed.out
    assert [row["answer_id"] for row in rows(connection, "select answer_id from getcourse.webhook_events")] == ["501"]
    assert rows(connection, ROW)[0]["paused_at"] is None
    assert [row["body"] for row in rows(connection, "select body from platform.inbox")] == [b"gibberish"]


def test_a_source_that_was_added_by_mistake_is_removed_with_its_secrets(
    carillon: Carillon, connection: Connection
) -> None:
    source = arrange.source(connection, "scool")
    connection.execute(INBOX, (source, b"", b""))
    connection.execute("update platform.inbox set dismissed_at = now(), dismissed_because = 'a test'")

    assert carillon("sources", "remove", "scool", stdin="n\n").code == 1
    assert len(rows(connection, ROW)) == 1
    assert carillon("sources", "remove", "scool", stdin="y\n").code == 0
    assert rows(connection, ROW) == []
    assert rows(connection, "select from platform.source_secrets") == []


@pytest.mark.parametrize("what", ["a desk", "an event", "a delivery"])
def test_a_source_on_which_something_depends_stays(carillon: Carillon, connection: Connection, what: str) -> None:
    if what == "a desk":
        desk(connection, "school")
    else:
        source = arrange.source(connection)
        if what == "an event":
            arrange.event(connection, source_id=source, user_id="1", answer_id="2")
        else:
            connection.execute(INBOX, (source, b"", b""))

    refused = carillon("sources", "remove", "school", "--yes")

    assert refused.code == 1
    next_step = {"a desk": "support remove school", "an event": "sources rotate school", "a delivery": "inbox list"}[
        what
    ]
    assert next_step in refused.err
    assert len(rows(connection, ROW)) == 1
