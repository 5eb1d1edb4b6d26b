"""carillon replay: messages that came to no desk, and hooks of a source without its salon."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds.support import desk, insert
from tests.infra.cli.conftest import Carillon

JID = f"{canaries.CLIENT_PHONES}00001@s.whatsapp.net"
WRONG, RIGHT = "77000000999", "100200300400501"

Connection = psycopg.Connection[Any]


def cloud(message_id: str, hours_ago: float = 0) -> dict[str, Any]:
    """A message to the account RIGHT, as Meta brings it."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    sender = JID.partition("@")[0]
    message = {"from": sender, "id": message_id, "timestamp": str(int(at.timestamp())), "type": "text"}
    message["text"] = {"body": canaries.CLIENT_WORDS}  # type: ignore[assignment]
    value = {"metadata": {"phone_number_id": RIGHT}, "contacts": [{"wa_id": sender}], "messages": [message]}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def set_aside(connection: Connection, source: int, body: Any, hours_ago: float = 1) -> None:
    connection.execute(
        "insert into platform.inbox (source_id, reason, body, correlation_id, delivery_hash, received_at)"
        " values (%s, 'set aside', %s, gen_random_uuid()::text, sha256(%s), now() - make_interval(hours => %s))",
        (source, json.dumps(body).encode(), b"\n" + json.dumps(body).encode(), hours_ago),
    )


def replayed(carillon: Carillon, *options: str) -> tuple[int, int]:
    """How many deliveries were understood, and how many were not."""
    report = carillon("replay", "--since", "7d", "--json", *options).json
    return report["understood"], report["still_not_understood"]


@pytest.fixture
def romashka(connection: Connection) -> int:
    """The source of a desk whose account's address was typed wrong."""
    added = desk(connection, "romashka")
    connection.execute(
        "update platform.bots set channel = 'whatsapp_cloud', address = %s where channel = 'chatflow'", (WRONG,)
    )
    connection.execute("update platform.webhook_sources set gateway = 'whatsapp_cloud'")
    return added.source


def test_messages_of_a_foreign_account_are_stored_after_its_address_was_corrected(
    carillon: Carillon, connection: Connection, romashka: int
) -> None:
    for number in range(3):
        set_aside(connection, romashka, cloud(f"wamid.{number}"))

    assert replayed(carillon) == (0, 3)
    connection.execute("update platform.bots set address = %s where channel = 'whatsapp_cloud'", (RIGHT,))
    assert replayed(carillon, "--source", "romashka") == (3, 0)

    assert rows(connection, "select external_id, content, role from support.messages order by position") == [
        {"external_id": f"wamid.{number}", "content": canaries.CLIENT_WORDS, "role": "user"} for number in range(3)
    ]
    assert rows(connection, "select from platform.inbox") == []
    assert len(rows(connection, "select from support.conversations")) == 1


def test_a_message_that_came_again_meanwhile_is_not_answered_twice(
    carillon: Carillon, connection: Connection, romashka: int
) -> None:
    connection.execute("update platform.bots set address = %s where channel = 'whatsapp_cloud'", (RIGHT,))
    set_aside(connection, romashka, cloud("wamid.1"))
    assert replayed(carillon) == (1, 0)
    state = "select to_jsonb(c) as state from support.conversations c"
    before = rows(connection, state)

    set_aside(connection, romashka, {"again": 1} | cloud("wamid.1"))

    assert replayed(carillon) == (1, 0)
    assert len(rows(connection, "select from support.messages")) == 1
    assert rows(connection, state) == before


def test_what_says_nothing_of_its_time_is_as_old_as_its_delivery(
    carillon: Carillon, connection: Connection, romashka: int
) -> None:
    connection.execute("update platform.bots set address = %s where channel = 'whatsapp_cloud'", (RIGHT,))
    body = cloud("wamid.1")
    del body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"]
    set_aside(connection, romashka, body, hours_ago=30)

    assert replayed(carillon) == (1, 0)
    [message] = rows(connection, "select now() - (metadata ->> 'sent_at')::timestamptz as age from support.messages")
    assert message["age"] > timedelta(hours=29)


def test_what_is_still_not_understood_stays_beside_what_is(
    carillon: Carillon, connection: Connection, romashka: int
) -> None:
    connection.execute("update platform.bots set address = %s where channel = 'whatsapp_cloud'", (RIGHT,))
    both = cloud("wamid.1")
    both["entry"][0]["changes"][0]["value"]["messages"].append({"id": "wamid.2"})
    for body in (both, {"unknown": 1}):
        set_aside(connection, romashka, body)

    assert replayed(carillon) == (0, 2)
    assert replayed(carillon) == (0, 2)
    assert len(rows(connection, "select from support.messages")) == 1


def test_hooks_are_replayed_after_their_source_was_given_its_salon(carillon: Carillon, connection: Connection) -> None:
    tenant = insert(connection, "public.tenants_v2", name="echo")
    insert(connection, "dashboard.bookings", tenant_id=tenant, external_id="5", client_id="c", look_at="infinity")
    source = arrange.source(connection, "echo", provider="yclients")
    set_aside(connection, source, [{"headers": {}, "params": {}, "body": {"resource": "record", "resource_id": 5}}])

    assert replayed(carillon) == (0, 1)
    field_map = Jsonb({"tenant_id": str(tenant)})
    connection.execute("update platform.webhook_sources set field_map = %s", (field_map,))
    assert replayed(carillon) == (1, 0)
    assert rows(connection, "select look_at <= now() as due from dashboard.bookings") == [{"due": True}]
