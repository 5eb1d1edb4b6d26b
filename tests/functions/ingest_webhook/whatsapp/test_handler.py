"""Who may call, and what is answered."""

import json
from collections import Counter
from typing import Any

import pytest

from shared.credentials import secrets
from shared.http.requests import LARGE_BYTES
from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    IGNORED,
    SECRET,
    STORED,
    UNPARSED,
    World,
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
def test_a_secret_is_accepted_in_a_header_and_in_the_query(world: World, gateway: str, how: dict[str, Any]) -> None:
    response = world.call(path=gateway, content=body(gateway=gateway), **how)

    assert (response.status_code, response.json()) == (200, STORED)


def test_evolution_may_bring_its_token_instead_and_append_its_event(world: World) -> None:
    jid = new_jid()

    for path in ("evolution", "evolution/messages-upsert"):
        assert world.call(path=path, content=body(jid, "evolution"), headers=token()).json() == STORED
    assert world.call(path="evolution/messages-upsert", content=body(jid, "evolution"), headers=SECRET).json() == STORED
    assert len(world.messages(jid)) == 3


def test_a_call_that_meta_signed_is_stored(world: World) -> None:
    jid = new_jid()

    assert world.signed(cloud(cloud_text(jid))).json() == STORED
    [message] = world.messages(jid)
    assert message["content"] == canaries.CLIENT_WORDS


def test_meta_gets_its_challenge_back_as_plain_text(world: World) -> None:
    response = world.call("GET", "whatsapp_cloud", query=SUBSCRIBE + GOOD)

    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")


def test_all_unauthenticated_calls_get_one_answer_and_leave_no_row(world: World) -> None:
    other = secrets.hash_secret("next-door-secret-0123456789abcdef")
    query = "update platform.source_secrets set secret_hash = %s where source_id = %s"
    world.connection.execute(query, (other, world.add_desk("next-door").source))
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
    before = [world.rows(f"select count(*) as n from {table}") for table in tables]

    answers = [world.call(**{"content": text, **how}) for how in offered]

    distinct = Counter(
        (response.status_code, response.content, tuple(sorted(set(response.headers) - {"date", "connection"})))
        for response in answers
    )
    assert len(distinct) == 1, [(answer.status_code, how) for answer, how in zip(answers, offered, strict=True)]
    assert answers[0].status_code == 404
    closed = [answer.headers.get("connection") == "close" for answer in answers]
    assert closed == [len(how.get("content", text)) > LARGE_BYTES for how in offered], "known or not"
    assert [world.rows(f"select count(*) as n from {table}") for table in tables] == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_are_405_for_those_who_may_call(world: World, method: str) -> None:
    assert world.call(method, headers=SECRET).status_code == 405


def test_a_secret_is_never_kept_with_what_was_not_parsed(world: World) -> None:
    response = world.call(content=b'{"unknown": 1}', query=f"a=1&webhook_secret={GOOD}&secret={GOOD}&b=2")

    assert response.json() == UNPARSED
    [row] = world.inbox(response)
    assert (bytes(row["query"]), bytes(row["body"])) == (b"a=1&b=2", b'{"unknown": 1}')
    assert row["reason"] == "no metadata: this is not ChatFlow's message"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 200), (b"{", 200), (b'"x"', 200), (b"\xff{}", 200), (b"[" * 100_000, 400), (b'{"a": NaN}', 400)],
    ids=["empty", "cut", "text", "bytes", "nested", "nan"],
)
def test_what_cannot_be_read_is_kept_with_the_reason(world: World, content: bytes, status: int) -> None:
    response = world.call(content=content, headers=SECRET)

    assert response.status_code == status
    [row] = world.inbox(response)
    assert bytes(row["body"]) == content
    assert row["reason"]


def test_what_postgres_cannot_hold_is_taken_out_of_a_message(world: World) -> None:
    jid = new_jid()
    text = "a\x00b\ud83dc"

    assert world.json(chatflow(jid, text, metadata={"sender": text})).json() == STORED
    [message] = world.messages(jid)
    assert message["content"] == "a\ufffdb\ufffdc"


def test_groups_statuses_and_receipts_are_ignored(world: World) -> None:
    for nobody in ("120363000000000001@g.us", "status@broadcast", "120363000000000002@newsletter"):
        assert world.json(chatflow(nobody)).json() == IGNORED
        assert world.messages(nobody) == []
    assert world.json({"event": "connection.update", "data": {}}, "evolution").json() == IGNORED
    receipts = [{"id": new_id(), "status": "read"}, {"id": new_id(), "status": "delivered"}]
    assert world.signed(cloud(statuses=receipts)).json() == IGNORED | {"ignored": 2}


def test_beside_an_unparsed_message_in_one_call_the_others_are_stored(world: World) -> None:
    first, last = new_jid(), new_jid()
    batch = cloud(cloud_text(first), {"id": new_id(), "type": "text"}, cloud_text(last), statuses=[{"id": "1"}])

    response = world.signed(batch)

    assert response.json() == {"stored": 2, "duplicates": 0, "ignored": 1, "unparsed": 1}
    assert [len(world.messages(jid)) for jid in (first, last)] == [1, 1]
    [row] = world.inbox(response)
    assert json.loads(bytes(row["body"])) == batch
    again = world.signed(batch)
    assert again.json() == {"stored": 0, "duplicates": 2, "ignored": 1, "unparsed": 1}
    assert world.inbox(again) == []


def test_a_stored_webhook_is_one_line_of_the_log_with_numbers_only(world: World) -> None:
    jid = new_jid()
    response = world.json(chatflow(jid))
    printed = world.served.output.read_text()
    line = json.loads(printed.splitlines()[-1])

    assert line["correlation_id"] == response.headers["x-correlation-id"] == world.messages(jid)[0]["correlation_id"]
    assert set(line) == {"time", "level", "function", "correlation_id", "event", "source", *STORED}
    assert [word for word in canaries.ALL if word in printed] == []


def test_a_repetition_is_told_from_a_second_message(world: World) -> None:
    jid = new_jid()
    first, second = chatflow(jid), chatflow(jid)

    assert [world.json(body).json() for body in (first, second, first)] == [STORED, STORED, DUPLICATE]
    assert len(world.messages(jid)) == 2
