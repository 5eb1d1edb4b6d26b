"""What we sent ourselves comes back as an echo; what a person typed on the phone does not become one."""

from typing import Any
from uuid import UUID

import pytest

from shared.database.pool import Database
from shared.delivery.kinds import MANAGER_REPLY
from shared.support import conversations, messages, outgoing, replies
from shared.support.messages import NewMessage
from tests.functions.ingest_webhook.whatsapp.gate import (
    DUPLICATE,
    IGNORED,
    STORED,
    Gate,
    at_once,
    chatflow,
    evolution,
    new_id,
    new_jid,
    typed,
)

WORDS = "Да, работаем с 9 до 18"


async def send(gate: Gate, jid: str, text: str = WORDS, path: str = "chatflow", **columns: Any) -> UUID:
    """A reply of the desk that left just now; the id of its support.messages row."""
    gate.json(chatflow(jid) if path == "chatflow" else evolution(jid), path)
    query = """select c.id from support.conversations c join support.users u on u.id = c.user_id
               where u.remote_jid = %s and c.client_id = %s"""
    [conversation] = gate.rows(query, jid, gate.desks[path].client)
    return await reply(gate, conversation["id"], {"text": text}, **columns)


async def reply(
    gate: Gate, conversation: UUID, payload: dict[str, Any], method: str = "sendMessage", **columns: Any
) -> UUID:
    database = Database(gate.url)
    async with database.transaction() as connection:
        [talk] = await conversations.lock(connection, [conversation])
        said = str(payload.get("text") or payload.get("caption") or "")
        message = await messages.add(connection, talk, NewMessage("assistant", said, "cid"))
        assert message
        linked = replies.reply(talk, message, payload, MANAGER_REPLY, "cid", method)
        assert linked
        await outgoing.enqueue_linked(connection, [linked])
    await database.close()
    left = {"state": "sent", "send_started_at": "now", "finished_at": "now", **columns}
    assignments = ", ".join(f"{name} = %s" for name in left)
    query = f"update platform.outbox set {assignments} where dedup_key like %s"
    gate.connection.execute(query.encode(), (*left.values(), f"support/message/{message}%"))
    return message


def roles(gate: Gate, jid: str) -> list[str]:
    return [row["role"] for row in gate.messages(jid)]


async def test_an_echo_is_known_by_the_id_that_the_gateway_answered(gate: Gate) -> None:
    jid, sent_as = new_jid(), new_id()
    await send(gate, jid, path="evolution", external_id=sent_as, send_started_at="-infinity")
    echo = evolution(jid, {"conversation": "*другими* словами"}, sent_as, fromMe=True)

    assert [gate.json(echo, "evolution").json() for _ in range(2)] == [IGNORED, IGNORED]
    assert roles(gate, jid) == ["user", "assistant"]
    assert gate.conversation(jid)["bot_status"] == "active"


@pytest.mark.parametrize("state", ["sending", "sent", "unknown"])
async def test_and_by_its_words_before_the_id_is_known(gate: Gate, state: str) -> None:
    jid = new_jid()
    columns: dict[str, Any] = {"state": state}
    if state == "sending":
        columns |= {"finished_at": None, "attempt_id": "00000000-0000-4000-8000-000000000001"}
    await send(gate, jid, f"{WORDS} &amp; {state}", **columns)
    echo = typed(jid, f" {WORDS}  &amp; {state}\n")

    assert [gate.json(echo).json() for _ in range(2)] == [IGNORED, IGNORED]
    assert roles(gate, jid) == ["user", "assistant"]


async def test_once_the_answer_is_stored_a_repetition_of_the_echo_is_still_one(gate: Gate) -> None:
    jid = new_jid()
    message = await send(gate, jid)
    echo = typed(jid, WORDS)
    assert gate.json(echo).json() == IGNORED
    query = "update platform.outbox set external_id = %s, send_started_at = '-infinity' where dedup_key = %s"
    gate.connection.execute(query, ("chatflows-own-number", f"support/message/{message}"))

    assert gate.json(echo).json() == IGNORED
    assert roles(gate, jid) == ["user", "assistant"]


async def test_of_two_with_the_same_words_the_second_was_typed(gate: Gate) -> None:
    jid = new_jid()
    await send(gate, jid)
    echo, twin = typed(jid, WORDS), typed(jid, WORDS)

    told = [gate.json(one).json() for one in (echo, twin, echo, twin)]

    assert told == [IGNORED, STORED, IGNORED, DUPLICATE]
    assert roles(gate, jid) == ["user", "assistant", "manager"]
    assert gate.conversation(jid)["bot_status"] == "muted"


async def test_a_repetition_of_what_was_typed_swallows_no_echo(gate: Gate) -> None:
    jid = new_jid()
    by_hand, echo = typed(jid, WORDS), typed(jid, WORDS)
    assert gate.json(by_hand).json() == STORED
    await send(gate, jid)

    assert [gate.json(one).json() for one in (by_hand, echo)] == [DUPLICATE, IGNORED]


async def test_two_of_ours_with_the_same_words_swallow_two_echoes_and_no_third(gate: Gate) -> None:
    jid = new_jid()
    for _ in range(2):
        await send(gate, jid)
    echoes = [typed(jid, WORDS) for _ in range(3)]

    answers = await at_once(gate.served.url, echoes * 3)

    stored = [one for one in answers if one.json() == STORED]
    assert len(stored) == 1
    assert roles(gate, jid).count("manager") == 1


async def test_where_ids_are_exact_a_twin_that_comes_before_the_echo_was_typed(gate: Gate) -> None:
    jid, sent_as = new_jid(), new_id()
    await send(gate, jid, path="evolution", external_id=sent_as)
    twin, echo = (evolution(jid, {"conversation": WORDS}, one, fromMe=True) for one in (new_id(), sent_as))

    assert [gate.json(one, "evolution").json() for one in (twin, echo)] == [STORED, IGNORED]


@pytest.mark.parametrize(
    ("columns", "typed_words"),
    [
        ({"send_started_at": "-infinity"}, WORDS),
        ({"state": "cancelled"}, WORDS),
        ({"state": "dead"}, WORDS),
        ({"state": "queued", "finished_at": None}, WORDS),
        ({}, WORDS + "!"),
    ],
    ids=["long_ago", "cancelled", "dead", "waiting", "other_words"],
)
async def test_what_cannot_be_an_echo_was_typed(gate: Gate, columns: dict[str, Any], typed_words: str) -> None:
    jid = new_jid()
    await send(gate, jid, **columns)

    assert gate.json(typed(jid, typed_words)).json() == STORED
    assert roles(gate, jid) == ["user", "assistant", "manager"]


async def test_what_was_sent_to_one_person_is_no_echo_in_anothers_chat(gate: Gate) -> None:
    jid, other = new_jid(), new_jid()
    await send(gate, jid)

    assert gate.json(typed(other, WORDS)).json() == STORED
    assert gate.json(typed(jid.replace("@s.whatsapp.net", "@c.us"), WORDS)).json() == IGNORED


async def test_a_long_text_that_left_as_several_comes_back_as_several(gate: Gate) -> None:
    jid = new_jid()
    message = await send(gate, jid, "слово " * 2000)
    query = "select payload ->> 'text' as text from platform.outbox where dedup_key like %s order by id"
    pieces = [row["text"] for row in gate.rows(query, f"support/message/{message}%")]
    assert len(pieces) > 2

    echoes = [typed(jid, piece) for piece in reversed(pieces)]
    assert [gate.json(one).json() for one in echoes * 2] == [IGNORED] * 2 * len(pieces)
    assert gate.json(typed(jid, pieces[0])).json() == STORED


async def test_a_file_comes_back_with_another_address(gate: Gate) -> None:
    jid = new_jid()
    gate.json(chatflow(jid))
    payload = {"photo": "https://our.example/price.jpg", "caption": "<b>Цены</b>", "parse_mode": "HTML"}
    await reply(gate, gate.conversation(jid)["id"], payload, "sendPhoto")
    media = {"type": "image", "url": "https://copy.example/1", "caption": "Цены"}
    echo = typed(jid, "") | {"messageType": "image", "mediaData": media}

    assert gate.json(echo | {"mediaData": media | {"type": "document"}, "messageType": "document"}).json() == STORED
    assert gate.json(echo | typed(jid, "") | {"messageType": "image", "mediaData": media}).json() == IGNORED
