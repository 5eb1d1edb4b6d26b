"""Who may come in, and what is answered."""

import json
from collections import Counter
from typing import Any

import pytest

from shared.credentials import secrets
from tests.functions.ingest_webhook.whatsapp.gate import (
    DUPLICATE,
    IGNORED,
    SECRET,
    STORED,
    UNPARSED,
    Gate,
    chatflow,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
    signature,
    token,
)
from tests.helpers import canaries

GOOD = canaries.SOURCE_SECRET
SUBSCRIBE = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="


def body(jid: str = "", gateway: str = "chatflow") -> bytes:
    make = {"chatflow": chatflow, "evolution": evolution}[gateway]
    return json.dumps(make(jid or new_jid())).encode()


@pytest.mark.parametrize("gateway", ["chatflow", "evolution"])
@pytest.mark.parametrize(
    "how", [{"query": f"secret={GOOD}"}, {"query": f"webhook_secret={GOOD}&x=1"}, {"headers": SECRET}]
)
def test_a_secret_opens_the_door_from_each_of_its_places(gate: Gate, gateway: str, how: dict[str, Any]) -> None:
    response = gate.call(path=gateway, content=body(gateway=gateway), **how)

    assert (response.status_code, response.json()) == (200, STORED)


def test_evolution_may_bring_its_token_instead_and_append_its_event(gate: Gate) -> None:
    jid = new_jid()

    for path in ("evolution", "evolution/messages-upsert"):
        assert gate.call(path=path, content=body(jid, "evolution"), headers=token()).json() == STORED
    assert gate.call(path="evolution/messages-upsert", content=body(jid, "evolution"), headers=SECRET).json() == STORED
    assert len(gate.messages(jid)) == 3


def test_what_meta_signed_is_taken(gate: Gate) -> None:
    jid = new_jid()

    assert gate.signed(cloud(cloud_text(jid))).json() == STORED
    [message] = gate.messages(jid)
    assert message["content"] == canaries.CLIENT_WORDS


def test_meta_gets_its_challenge_back_as_plain_text(gate: Gate) -> None:
    response = gate.call("GET", "whatsapp_cloud", query=SUBSCRIBE + GOOD)

    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")


def test_all_strangers_get_one_answer_and_leave_no_row(gate: Gate) -> None:
    other = secrets.hash_secret("next-door-secret-0123456789abcdef")
    query = "update platform.source_secrets set secret_hash = %s where source_id = %s"
    gate.connection.execute(query, (other, gate.add_desk("next-door").source))
    text, envelope = body(gateway="chatflow"), json.dumps(cloud(cloud_text(new_jid()))).encode()
    offered: list[dict[str, Any]] = [
        {},
        {"query": "secret=wrong"},
        {"query": f"secret={GOOD}x"},
        {"query": f"SECRET={GOOD}"},
        {"query": f"k={GOOD}"},
        {"query": f"secret={GOOD}", "headers": {"x-webhook-secret": "wrong"}},
        {"headers": {"authorization": f"Bearer {GOOD}"}},
        {"headers": token()},
        {"headers": signature(text)},
        {"headers": SECRET | signature(text)},
        {"path": "next-door", "headers": SECRET},
        {"path": "unknown", "headers": SECRET},
        {"path": "chatflow/messages-upsert", "headers": SECRET},
        {"path": "evolution/messages-upsert/more", "headers": SECRET},
        {"path": "evolution", "headers": token("another")},
        {"path": "evolution", "headers": token(exp=0)},
        {"path": "evolution", "headers": signature(text)},
        {"path": "", "headers": SECRET},
        {"path": "whatsapp_cloud", "content": envelope, "headers": SECRET},
        {"path": "whatsapp_cloud", "content": envelope, "query": f"secret={GOOD}"},
        {"path": "whatsapp_cloud", "content": envelope, "headers": token()},
        {"path": "whatsapp_cloud", "content": envelope, "headers": signature(envelope, "another")},
        {"path": "whatsapp_cloud", "content": envelope + b" ", "headers": signature(envelope)},
        {"path": "whatsapp_cloud", "content": envelope, "headers": {"x-hub-signature-256": ""}},
        {"path": "whatsapp_cloud", "content": envelope, "headers": {"x-hub-signature-256": "sha256=\xff".encode()}},
        {"path": "whatsapp_cloud/more", "content": envelope, "headers": signature(envelope)},
        {"path": "whatsapp_cloud", "content": b"x" * 3_000_001, "headers": signature(b"x")},
        {"path": "unknown", "content": b"x" * 3_000_001, "headers": signature(b"x")},
        {"method": "GET", "path": "whatsapp_cloud", "query": f"{SUBSCRIBE}wrong"},
        {"method": "GET", "path": "whatsapp_cloud", "query": SUBSCRIBE},
        {"method": "GET", "path": "whatsapp_cloud", "query": f"{SUBSCRIBE}{GOOD}".replace("=subscribe", "=x")},
        {"method": "GET", "path": "whatsapp_cloud", "query": f"{SUBSCRIBE}{GOOD}".replace("1158201444", "<b>")},
        {"method": "GET", "path": "chatflow", "query": SUBSCRIBE + GOOD},
        {"method": "GET", "path": "unknown", "query": SUBSCRIBE + GOOD},
        {"method": "GET", "path": "whatsapp_cloud", "headers": SECRET},
        {"method": "DELETE", "path": "whatsapp_cloud", "headers": SECRET},
    ]
    tables = ("platform.inbox", "support.messages", "support.users")
    before = [gate.rows(f"select count(*) as n from {table}") for table in tables]

    answers = [gate.call(**{"content": text, **how}) for how in offered]

    told = Counter((one.status_code, one.content, tuple(sorted(set(one.headers) - {"date"}))) for one in answers)
    assert len(told) == 1, [(one.status_code, how) for one, how in zip(answers, offered, strict=True)]
    assert answers[0].status_code == 404
    assert [gate.rows(f"select count(*) as n from {table}") for table in tables] == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_are_405_for_those_who_may_call(gate: Gate, method: str) -> None:
    assert gate.call(method, headers=SECRET).status_code == 405


def test_a_secret_is_never_kept_with_what_was_not_understood(gate: Gate) -> None:
    response = gate.call(content=b'{"riddle": 1}', query=f"a=1&webhook_secret={GOOD}&secret={GOOD}&b=2")

    assert response.json() == UNPARSED
    [row] = gate.aside(response)
    assert (bytes(row["query"]), bytes(row["body"])) == (b"a=1&b=2", b'{"riddle": 1}')
    assert row["reason"] == "no metadata: this is not ChatFlow's message"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 200), (b"{", 200), (b'"x"', 200), (b"\xff{}", 200), (b"[" * 100_000, 400), (b'{"a": NaN}', 400)],
    ids=["empty", "cut", "text", "bytes", "nested", "nan"],
)
def test_what_cannot_be_read_is_kept_with_the_reason(gate: Gate, content: bytes, status: int) -> None:
    response = gate.call(content=content, headers=SECRET)

    assert response.status_code == status
    [row] = gate.aside(response)
    assert bytes(row["body"]) == content
    assert row["reason"]


def test_what_postgres_cannot_hold_is_taken_out_of_a_message(gate: Gate) -> None:
    jid = new_jid()
    words = "a\x00b\ud83dc"

    assert gate.json(chatflow(jid, words, metadata={"sender": words})).json() == STORED
    [message] = gate.messages(jid)
    assert message["content"] == "a\ufffdb\ufffdc"


def test_groups_statuses_and_receipts_concern_nobody(gate: Gate) -> None:
    for nobody in ("120363000000000001@g.us", "status@broadcast", "120363000000000002@newsletter"):
        assert gate.json(chatflow(nobody)).json() == IGNORED
        assert gate.messages(nobody) == []
    assert gate.json({"event": "connection.update", "data": {}}, "evolution").json() == IGNORED
    receipts = [{"id": new_id(), "status": "read"}, {"id": new_id(), "status": "delivered"}]
    assert gate.signed(cloud(statuses=receipts)).json() == IGNORED | {"ignored": 2}


def test_of_several_messages_in_one_call_the_others_are_stored(gate: Gate) -> None:
    first, last = new_jid(), new_jid()
    batch = cloud(cloud_text(first), {"id": new_id(), "type": "text"}, cloud_text(last), statuses=[{"id": "1"}])

    response = gate.signed(batch)

    assert response.json() == {"stored": 2, "duplicates": 0, "ignored": 1, "unparsed": 1}
    assert [len(gate.messages(jid)) for jid in (first, last)] == [1, 1]
    [row] = gate.aside(response)
    assert json.loads(bytes(row["body"])) == batch
    again = gate.signed(batch)
    assert again.json() == {"stored": 0, "duplicates": 2, "ignored": 1, "unparsed": 1}
    assert gate.aside(again) == []


def test_a_stored_webhook_is_one_line_of_the_log_with_numbers_only(gate: Gate) -> None:
    jid = new_jid()
    response = gate.json(chatflow(jid))
    printed = gate.served.output.read_text()
    line = json.loads(printed.splitlines()[-1])

    assert line["correlation_id"] == response.headers["x-correlation-id"] == gate.messages(jid)[0]["correlation_id"]
    assert set(line) == {"time", "level", "function", "correlation_id", "event", "source", *STORED}
    assert [word for word in canaries.ALL if word in printed] == []


def test_a_repetition_is_told_from_a_second_message(gate: Gate) -> None:
    jid = new_jid()
    first, second = chatflow(jid), chatflow(jid)

    assert [gate.json(one).json() for one in (first, second, first)] == [STORED, STORED, DUPLICATE]
    assert len(gate.messages(jid)) == 2
