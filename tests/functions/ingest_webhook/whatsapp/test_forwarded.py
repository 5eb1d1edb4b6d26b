"""Envelopes that a forwarder sends on, as it got them."""

import json
from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    STORED,
    UNPARSED,
    World,
    chatflow,
    evolution,
    new_jid,
)
from tests.helpers import canaries

HEADERS = {"authorization": "Bearer canary-of-the-forwarder", "content-type": "application/json"}


def item(body: Any) -> dict[str, Any]:
    """What n8n's webhook node makes of a call."""
    return {"headers": HEADERS, "params": {}, "query": {}, "body": body, "executionMode": "production"}


@pytest.mark.parametrize(("make", "path"), [(chatflow, "chatflow"), (evolution, "evolution")])
def test_a_forwarded_message_is_the_message_itself(world: World, make: Any, path: str) -> None:
    jid = new_jid()
    body = make(jid)

    assert world.json([item(body)], path).json() == STORED
    for again in (
        body,
        [body],
        item(body),
        {"json": item(body)},
        {"json": body},
        json.dumps(body),
        item(json.dumps(body)),
    ):
        assert world.json(again, path).json() == DUPLICATE
    assert len(world.messages(jid)) == 1


def test_several_items_are_several_messages(world: World) -> None:
    jid = new_jid()

    answer = world.json([item(evolution(jid)), evolution(jid), {"json": item(evolution(jid))}], "evolution")

    assert answer.json() == STORED | {"stored": 3}
    assert len(world.messages(jid)) == 3


def test_headers_of_a_forwarded_call_are_not_kept(world: World) -> None:
    response = world.json(item({"event": "messages.upsert", "data": {"pushName": "x"}}), "evolution")

    assert response.json() == UNPARSED
    [row] = world.inbox(response)
    assert json.loads(bytes(row["body"])) == {"event": "messages.upsert", "data": {"pushName": "x"}}


def test_the_gateways_key_is_not_kept_and_the_delivery_is_kept_once(world: World) -> None:
    envelope = {"event": "messages.upsert", "data": {"pushName": "x"}, "apikey": canaries.SIGNING_SECRET}

    responses = [world.json(envelope, "evolution") for _ in range(2)]

    assert [response.json() for response in responses] == [UNPARSED] * 2
    assert [json.loads(bytes(row["body"])) for row in world.inbox(responses[0])] == [{**envelope, "apikey": ""}]
    assert world.inbox(responses[1]) == []


def test_a_message_whose_envelope_names_the_gateways_key_is_stored(world: World) -> None:
    jid = new_jid()

    assert world.json({**evolution(jid), "apikey": canaries.SIGNING_SECRET}, "evolution").json() == STORED
