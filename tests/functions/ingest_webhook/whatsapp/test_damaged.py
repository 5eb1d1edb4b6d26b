"""Shapes that nobody has seen before: never a 5xx, and what is whole among them is never lost."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import assume, given

from tests.functions.ingest_webhook.properties import thorough
from tests.functions.ingest_webhook.whatsapp.bodies import any_json, damaged
from tests.functions.ingest_webhook.whatsapp.world import (
    SECRET,
    World,
    chatflow,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
    photo,
    signature,
)

Send = Callable[[World, bytes], httpx.Response]
_JID = new_jid()


def _secret(path: str) -> Send:
    return lambda world, content: world.call(path=path, content=content, headers=SECRET)


def _signed(world: World, content: bytes) -> httpx.Response:
    return world.call(path="whatsapp_cloud", content=content, headers=signature(content))


def _body(content: Any) -> bytes:
    try:
        return json.dumps(content).encode()
    except ValueError:  # more digits than Python writes
        assume(condition=False)
        raise


def _check(world: World, response: httpx.Response, jid: str, message_id: str) -> None:
    if response.status_code == 400:
        [row] = world.inbox(response)
        assert message_id.encode() in bytes(row["body"])
        return
    assert response.status_code == 200
    assert message_id in [row["external_id"] for row in world.messages(jid)]


@given(strange=damaged([chatflow(_JID), photo(_JID), chatflow(_JID, metadata={"fromMe": True})]) | any_json)
@thorough
def test_beside_anything_a_message_of_chatflow_is_stored(world: World, strange: Any) -> None:
    jid, message_id = new_jid(), new_id()
    content = _body([strange, chatflow(jid, message_id=message_id)])

    _check(world, _secret("chatflow")(world, content), jid, message_id)


@given(strange=damaged([evolution(_JID)["data"], evolution(_JID, fromMe=True)["data"]]) | any_json)
@thorough
def test_beside_anything_a_message_of_evolution_is_stored(world: World, strange: Any) -> None:
    jid, message_id = new_jid(), new_id()
    whole = evolution(jid, message_id=message_id)

    _check(world, _secret("evolution")(world, _body(whole | {"data": [strange, whole["data"]]})), jid, message_id)


@given(strange=damaged([cloud_text(_JID), cloud_text(_JID, type="image", image={"id": "1"})]) | any_json)
@thorough
def test_beside_anything_a_message_of_meta_is_stored(world: World, strange: Any) -> None:
    jid, message_id = new_jid(), new_id()
    batch = cloud({}, cloud_text(jid, message_id))
    batch["entry"][0]["changes"][0]["value"]["messages"][0] = strange

    _check(world, _signed(world, _body(batch)), jid, message_id)


@pytest.mark.parametrize(
    ("send", "whole"),
    [(_secret("chatflow"), photo(_JID)), (_secret("evolution"), evolution(_JID)), (_signed, cloud(cloud_text(_JID)))],
    ids=["chatflow", "evolution", "whatsapp_cloud"],
)
def test_no_body_is_a_5xx_and_each_is_stored_kept_or_ignored(world: World, send: Send, whole: Any) -> None:
    @given(strange=damaged([whole]) | any_json)
    @thorough
    def check(strange: Any) -> None:
        response = send(world, _body(strange))
        if response.status_code == 400:
            kept = world.rows("select body from platform.inbox")
            assert _body(strange) in [bytes(row["body"]) for row in kept]
        else:
            assert response.status_code == 200
            assert sum(response.json().values()) >= 1

    check()
