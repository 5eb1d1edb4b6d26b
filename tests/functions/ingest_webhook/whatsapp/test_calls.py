"""Calls: one that nobody answered is a message, whatever number of events there are of it; others are nothing."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.test_corrections import begin, in_topic
from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    IGNORED,
    STORED,
    World,
    cloud,
    new_id,
    new_jid,
)

MISSED = "👤 📞 пропущенный звонок"
OWN = "77010000009@s.whatsapp.net"
LID = "99900011122233@lid"


def event(jid: str, call_id: str, status: str, **changes: Any) -> dict[str, Any]:
    """One event of a call, as Evolution brings it."""
    call = {
        "chatId": jid,
        "from": jid,
        "id": call_id,
        "date": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "offline": False,
        "status": status,
        "isVideo": False,
        "isGroup": False,
    }
    return {"event": "call", "instance": "salon", "data": call | changes, "sender": OWN}


def calls(*found: dict[str, Any], **value: Any) -> dict[str, Any]:
    """A change of Meta's about calls."""
    body = cloud(messages=None, calls=list(found), **{"contacts": [], **value})
    body["entry"][0]["changes"][0]["field"] = "calls"
    return body


def call(jid: str, call_id: str, happened: str, **changes: Any) -> dict[str, Any]:
    """One of Meta's calls."""
    known = {"id": call_id, "from": jid.partition("@")[0], "to": "77010000009", "direction": "USER_INITIATED"}
    return {**known, "event": happened, "timestamp": str(int(time.time())), **changes}


@pytest.mark.parametrize(
    "events",
    [
        ["offer", "timeout"],
        ["offer", "ringing", "preaccept", "terminate"],
        ["offer", "ringing", "reject", "terminate"],
        ["reject", "offer", "reject", "timeout"],
    ],
)
def test_a_call_that_nobody_answered_is_one_message(world: World, events: list[str]) -> None:
    jid, call_id = new_jid(), new_id()
    begin(world, jid, "evolution")

    answers = [world.json(event(jid, call_id, status), "evolution").json() for status in events]

    assert answers.count(STORED) == 1
    [message] = world.messages(jid)
    assert (message["role"], message["metadata"]["kind"]) == ("user", "call")
    assert in_topic(world, jid) == [MISSED]
    assert world.conversation(jid)["answer_due_at"] is not None


@pytest.mark.parametrize(
    "events",
    [["offer", "accept", "terminate"], ["accept", "offer", "timeout"], ["offer", "ringing", "accept", "reject"]],
)
def test_a_call_that_was_answered_is_nothing(world: World, events: list[str]) -> None:
    jid, call_id = new_jid(), new_id()
    begin(world, jid, "evolution")

    for status in [*events, *events]:
        world.json(event(jid, call_id, status), "evolution")

    assert in_topic(world, jid) == []
    conversation = world.conversation(jid)
    assert (conversation["answer_due_at"], conversation["bot_status"]) == (None, "active")


def test_an_end_that_overtook_the_answer_is_taken_back(world: World) -> None:
    jid, call_id = new_jid(), new_id()
    begin(world, jid, "evolution")

    for status in ("offer", "terminate", "accept", "accept", "terminate"):
        world.json(event(jid, call_id, status), "evolution")

    [message] = world.messages(jid)
    assert message["metadata"]["deleted"] is True  # nobody is called for it
    assert in_topic(world, jid) == [MISSED, "📞 на этот звонок всё-таки ответили"]


def test_another_call_is_another_message(world: World) -> None:
    jid = new_jid()
    begin(world, jid, "evolution")

    for call_id in (new_id(), new_id()):
        assert world.json(event(jid, call_id, "timeout"), "evolution").json() == STORED

    assert in_topic(world, jid) == [MISSED, MISSED]


def test_a_caller_is_known_by_the_phone_behind_a_hidden_number(world: World) -> None:
    jid = new_jid()

    world.json(event(LID, new_id(), "timeout", callerPn=jid), "evolution")

    assert [row["metadata"]["kind"] for row in world.messages(jid)] == ["call"]


@pytest.mark.parametrize(
    "changes",
    [
        {"isGroup": True},
        {"groupJid": "120363@g.us"},
        {"chatId": "120363@g.us"},
        {"status": "offer"},
        {"status": "transport"},
    ],
)
def test_a_call_in_a_group_and_one_that_rings_are_nothing(world: World, changes: dict[str, Any]) -> None:
    jid = new_jid()

    assert world.json(event(jid, new_id(), **{"status": "timeout", **changes}), "evolution").json() == IGNORED
    assert world.rows("select id from support.users where remote_jid = %s", jid) == []


def test_a_call_of_ours_that_nobody_answered_is_nothing(world: World) -> None:
    jid = new_jid()
    body = event(jid, new_id(), "timeout", **{"from": OWN})

    assert world.json(body, "evolution").json() == IGNORED
    assert world.rows("select id from support.users where remote_jid in (%s, %s)", jid, OWN) == []


def test_an_answer_that_names_us_alone_makes_no_chat_with_ourselves(world: World) -> None:
    assert world.json(event(OWN, new_id(), "accept"), "evolution").json() == IGNORED
    assert world.rows("select id from support.users where remote_jid = %s", OWN) == []


def test_meta_reports_a_missed_call_by_an_end_without_duration(world: World) -> None:
    jid, call_id = new_jid(), new_id()
    begin(world, jid, "whatsapp_cloud")
    ring, end = call(jid, call_id, "connect"), call(jid, call_id, "terminate", status="FAILED")

    answers = [world.signed(calls(happened)).json() for happened in (ring, end, end)]

    assert answers == [IGNORED, STORED, DUPLICATE]
    assert in_topic(world, jid) == [MISSED]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "COMPLETED", "start_time": "1", "end_time": "2", "duration": 120},
        {"status": "FAILED", "direction": "BUSINESS_INITIATED"},
        {"from": "77010000009", "direction": None},
    ],
)
def test_a_call_of_metas_that_was_answered_or_ours_is_nothing(world: World, changes: dict[str, Any]) -> None:
    jid = new_jid()
    metadata = {"display_phone_number": "+7 701 000-00-09"}

    assert world.signed(calls(call(jid, new_id(), "terminate", **changes), metadata=metadata)).json() == IGNORED
    assert world.rows("select id from support.users where remote_jid = %s", jid) == []


def test_whether_our_own_call_rang_is_no_receipt_of_a_message(world: World) -> None:
    status = {"id": "wacid.1", "type": "call", "status": "REJECTED", "recipient_id": "77010000000"}

    assert world.signed(calls(statuses=[status])).json() == IGNORED


def test_a_call_that_waited_for_the_gateway_has_its_time_and_a_live_one_is_now(world: World) -> None:
    jid = new_jid()
    begin(world, jid, "evolution")
    early = (datetime.now(UTC) - timedelta(hours=3)).isoformat()

    world.json(event(jid, new_id(), "timeout", date=early, offline=True), "evolution")
    world.json(event(jid, new_id(), "timeout", date="2001-01-01T00:00:00.000Z"), "evolution")

    early_call, live = in_topic(world, jid)
    assert early_call.startswith("👤 [звонили 3 ч назад, ")
    assert early_call.endswith("📞 пропущенный звонок")
    assert live == MISSED
