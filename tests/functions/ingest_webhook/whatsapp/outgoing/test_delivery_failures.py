"""A gateway took a message of ours and says later that it did not arrive."""

import itertools
from collections.abc import Iterable
from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    IGNORED,
    STORED,
    World,
    cloud,
    evolution,
    new_id,
    new_jid,
)

INSTANCE = "salon"
_numbers = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def accounts(world: World) -> None:
    """The desks answer by the gateways that call."""
    for gateway, address in (("evolution", INSTANCE), ("whatsapp_cloud", "100000000000001")):
        bot = world.desks[gateway].whatsapp_bot
        world.connection.execute(
            "update platform.bots set channel = %s, address = %s where id = %s", (gateway, address, bot)
        )


def sent(world: World, gateway: str = "whatsapp_cloud", **columns: Any) -> str:
    """A message that left; the id that the gateway gave it."""
    external_id = columns.pop("external_id", new_id())
    row = {
        "bot_id": world.desks[gateway].whatsapp_bot, "recipient": "r", "lane": "r", "kind": "support/manager-reply",
        "method": "sendMessage", "payload": "{}", "dedup_key": f"support/message/{next(_numbers)}",
        "correlation_id": "c", "policy": "at_least_once", "state": "sent", "finished_at": "now",
        "external_id": external_id, **columns,
    }  # fmt: skip
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    world.connection.execute(f"insert into platform.outbox ({names}) values ({marks})".encode(), tuple(row.values()))
    return str(external_id)


def receipt(external_id: str, status: str = "failed", code: int = 131047) -> dict[str, Any]:
    """What Meta says of it."""
    errors = {"errors": [{"code": code, "title": "Re-engagement message"}]} if status == "failed" else {}
    metadata = {"display_phone_number": "77000000900", "phone_number_id": "100000000000001"}
    return cloud(metadata=metadata, statuses=[{"id": external_id, "status": status, "recipient_id": "7", **errors}])


def update(changes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What Evolution says of several."""
    return {**evolution(new_jid()), "event": "messages.update", "instance": INSTANCE, "data": list(changes)}


def state(world: World, external_id: str) -> tuple[str, str | None]:
    [row] = world.rows("select state, error_class from platform.outbox where external_id = %s", external_id)
    return row["state"], row["error_class"]


def kept(world: World, external_id: str) -> int:
    """How many times the dispatcher will read of it."""
    return len(world.rows("select from platform.delivery_failures where external_id = %s", external_id))


def test_a_message_that_failed_later_is_dead_once(world: World) -> None:
    external_id = sent(world)

    assert world.signed(receipt(external_id)).json() == STORED
    assert (state(world, external_id), kept(world, external_id)) == (("dead", "window_closed"), 1)
    [first] = world.rows("select finished_at from platform.outbox where external_id = %s", external_id)

    assert world.signed(receipt(external_id, code=131026)).json() == DUPLICATE
    for late in ("sent", "delivered", "read"):
        assert world.signed(receipt(external_id, late)).json() == IGNORED
    assert (state(world, external_id), kept(world, external_id)) == (("dead", "window_closed"), 1)
    assert world.rows("select finished_at from platform.outbox where external_id = %s", external_id) == [first]


def test_a_repetition_after_the_dispatcher_has_told_it_is_no_news(world: World) -> None:
    external_id = sent(world)
    world.signed(receipt(external_id))
    world.connection.execute("delete from platform.delivery_failures where external_id = %s", (external_id,))

    assert world.signed(receipt(external_id)).json() == DUPLICATE
    assert kept(world, external_id) == 0


def test_evolutions_error_ends_the_message_too(world: World) -> None:
    external_id = sent(world, "evolution")
    body = update([{"keyId": external_id, "remoteJid": "7@s.whatsapp.net", "fromMe": True, "status": "ERROR"}])

    assert world.json(body, "evolution/messages-update").json() == STORED
    assert state(world, external_id) == ("dead", "undeliverable")


def test_an_id_that_nobody_knows_is_kept_and_harms_nobody(world: World) -> None:
    theirs = sent(world, "evolution")

    assert world.signed(receipt("wamid.UNKNOWN")).json() == STORED
    assert world.signed(receipt(theirs)).json() == STORED

    assert state(world, theirs) == ("sent", None), "another account's"
    assert kept(world, "wamid.UNKNOWN") == 1


@pytest.mark.parametrize("state_now", ["queued", "sending", "dead", "unknown", "cancelled"])
def test_a_message_that_does_not_count_as_sent_under_this_id_is_left_alone(world: World, state_now: str) -> None:
    attempt = {"attempt_id": "00000000-0000-4000-8000-000000000001", "send_started_at": "now"}
    ended = None if state_now in ("queued", "sending") else "now"
    external_id = sent(world, state=state_now, finished_at=ended, **attempt)

    assert world.signed(receipt(external_id)).json() == DUPLICATE
    assert state(world, external_id) == (state_now, None)
    assert kept(world, external_id) == 0


def test_many_copies_at_once_end_each_message_once(world: World) -> None:
    ids = [sent(world, "evolution") for _ in range(3)]
    bodies = [update({"keyId": external_id, "status": "ERROR"} for external_id in order) for order in (ids, ids[::-1])]

    answers = world.at_once(bodies * 4, "evolution")

    assert {answer.status_code for answer in answers} == {200}
    assert [state(world, external_id)[0] for external_id in ids] == ["dead"] * 3
    assert [kept(world, external_id) for external_id in ids] == [1, 1, 1]


def test_news_beside_a_message_does_not_lose_it(world: World) -> None:
    external_id, jid = sent(world), new_jid()
    body = receipt(external_id)
    value = body["entry"][0]["changes"][0]["value"]
    number = jid.partition("@")[0]
    value["messages"] = [{"from": number, "id": new_id(), "type": "text", "text": {"body": "Алло"}, "timestamp": "1"}]
    value["contacts"] = [{"wa_id": number}]

    assert world.signed(body).json() == {**STORED, "stored": 2}
    assert len(world.messages(jid)) == 1
    assert state(world, external_id)[0] == "dead"


def test_an_account_that_is_not_the_desks_ends_nothing(world: World) -> None:
    external_id = sent(world)
    body = receipt(external_id)
    body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999000000000009"

    world.signed(body)

    assert state(world, external_id) == ("sent", None)
