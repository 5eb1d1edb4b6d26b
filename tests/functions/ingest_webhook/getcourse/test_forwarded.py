"""Deliveries that a forwarder sends on, as it got them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.functions.ingest_webhook.getcourse.world import (
    DUPLICATE,
    STORED,
    UNPARSED,
    World,
    answer,
    new_id,
    subscription,
)
from tests.helpers import canaries

HEADERS = {"cookie": "session=canary-of-the-forwarder", "content-type": "application/json"}


def item(**inside: Any) -> dict[str, Any]:
    """What n8n's webhook node makes of a call."""
    made: dict[str, Any] = {"headers": HEADERS, "params": {}, "query": {}, "body": {}}
    return {**made, "webhookUrl": "https://n8n.example/webhook/1", "executionMode": "production", **inside}


FORWARDED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a_get": lambda fields: [item(query=fields)],
    "a_get_alone": lambda fields: item(query=fields),
    "a_post": lambda fields: [item(body=fields)],
    "under_json": lambda fields: [{"json": item(query=fields), "pairedItem": {"item": 0}}],
    "a_body_as_text": lambda fields: item(body=json.dumps(fields)),
    "a_form_as_text": lambda fields: item(body=urlencode(fields)),
    "half_in_the_query": lambda fields: item(
        query={**fields, "answer_text": "other"}, body={"answer_text": fields["answer_text"]}
    ),
}


@pytest.mark.parametrize("forward", FORWARDED.values(), ids=FORWARDED)
def test_a_forwarded_answer_is_the_answer_itself(world: World, forward: Callable[[Any], Any]) -> None:
    answer_id = new_id()
    fields = answer(answer_id)

    assert world.json(forward(fields)).json() == STORED
    assert world.call("GET", query=urlencode(fields)).json() == DUPLICATE

    event = world.event(answer_id)
    assert (event["answer_text"], event["user_email"]) == (canaries.ANSWER, canaries.EMAIL)
    everything = json.dumps(event, default=repr, ensure_ascii=False) + bytes(event["raw_body"] or b"").decode()
    assert "canary-of-the-forwarder" not in everything


def test_a_forwarded_subscription_and_an_account_event_are_the_direct_ones(world: World) -> None:
    answer_id, deal_id = new_id(), new_id()
    deal = {"eventType": "getcourse/dealPaid", "deal": {"id": deal_id, "number": 5}, "ts64": 1772451418}

    for body in (subscription(answer_id), deal):
        assert world.json(body).json() == STORED
        assert world.json([item(body=body)]).json() == DUPLICATE
    assert len(world.account_events(deal_id)) == 1


def test_several_items_are_several_answers(world: World) -> None:
    ids = [new_id() for _ in range(3)]

    response = world.json([item(query=answer(ids[0])), item(body=answer(ids[1])), item(body=subscription(ids[2]))])

    assert response.json() == {"stored": 3, "duplicates": 0, "unparsed": 0}
    assert [len(world.events(answer_id)) for answer_id in ids] == [1, 1, 1]


def test_a_field_map_holds_inside_an_item(world: World) -> None:
    how = world.add_source("forwarded", field_map=json.dumps({"user_id": "uid", "answer_id": "aid"}))
    answer_id = new_id()

    assert world.json([item(query={"uid": "5", "aid": answer_id})], **how).json() == STORED
    assert world.event(answer_id)["user_id"] == "5"


def test_headers_of_a_forwarded_call_are_not_kept(world: World) -> None:
    hello = new_id()

    response = world.json(item(query={"hello": hello}))

    assert response.json() == UNPARSED
    assert json.loads(world.unparsed(response)["body"]) == {"hello": hello}


@pytest.mark.parametrize("name", ["body", "data", "event"])
def test_what_another_forwarder_wrapped_is_kept_with_the_true_reason(world: World, name: str) -> None:
    response = world.json({name: {"user_id": 5, "answer_id": new_id()}})

    assert response.json() == UNPARSED
    assert "forwarder" in world.unparsed(response)["reason"]


def test_json_in_the_only_field_of_a_form_is_read(world: World) -> None:
    answer_id = new_id()

    assert world.form({"payload": json.dumps(answer(answer_id))}).json() == STORED
    assert world.json(json.dumps(answer(answer_id))).json() == DUPLICATE


@pytest.mark.parametrize("escaped", [False, True])
def test_a_form_is_read_in_the_encoding_that_it_names(world: World, *, escaped: bool) -> None:
    answer_id = new_id()
    fields = {"answer_id": answer_id, "user_id": "5", "answer_text": "Колокол"}
    body = (
        urlencode(fields, encoding="cp1251") if escaped else "&".join(f"{name}={text}" for name, text in fields.items())
    )
    content_type = {"content-type": "application/x-www-form-urlencoded; charset=windows-1251"}

    assert world.call(content=body.encode("cp1251"), headers=content_type).json() == STORED
    assert world.json(fields).json() == DUPLICATE
    assert not world.event(answer_id)["sanitized"]
