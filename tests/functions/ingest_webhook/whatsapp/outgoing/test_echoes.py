"""What we sent ourselves comes back as an echo; what a person typed on the phone does not become one."""

from typing import Any
from uuid import UUID

import pytest

from shared.database.pool import Database
from shared.delivery.kinds import MANAGER_REPLY
from shared.support import conversations, messages, outgoing, replies
from shared.support.messages import NewMessage
from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    IGNORED,
    STORED,
    World,
    at_once,
    chatflow,
    evolution,
    new_id,
    new_jid,
    typed,
)

TEXT = "Да, работаем с 9 до 18"


async def send(world: World, jid: str, text: str = TEXT, path: str = "chatflow", **columns: Any) -> UUID:
    """A reply of the desk that left just now; the id of its support.messages row."""
    world.json(chatflow(jid) if path == "chatflow" else evolution(jid), path)
    query = """select c.id from support.conversations c join support.users u on u.id = c.user_id
               where u.remote_jid = %s and c.client_id = %s"""
    [conversation] = world.rows(query, jid, world.desks[path].id)
    return await reply(world, conversation["id"], {"text": text}, **columns)


async def reply(
    world: World, conversation: UUID, payload: dict[str, Any], method: str = "sendMessage", **columns: Any
) -> UUID:
    database = Database(world.url)
    async with database.transaction() as connection:
        [talk] = await conversations.lock(connection, [conversation])
        text = str(payload.get("text") or payload.get("caption") or "")
        message = await messages.add(connection, talk, NewMessage("assistant", text, "cid"))
        assert message
        linked = replies.reply(talk, message, payload, MANAGER_REPLY, "cid", method)
        assert linked
        await outgoing.enqueue_linked(connection, [linked])
    await database.close()
    left = {"state": "sent", "send_started_at": "now", "finished_at": "now", **columns}
    assignments = ", ".join(f"{name} = %s" for name in left)
    query = f"update platform.outbox set {assignments} where dedup_key like %s"
    world.connection.execute(query.encode(), (*left.values(), f"support/message/{message}%"))
    return message


def roles(world: World, jid: str) -> list[str]:
    return [row["role"] for row in world.messages(jid)]


async def test_an_echo_is_known_by_the_id_in_the_gateways_response(world: World) -> None:
    jid, sent_as = new_jid(), new_id()
    await send(world, jid, path="evolution", external_id=sent_as, send_started_at="-infinity")
    echo = evolution(jid, {"conversation": "*другими* словами"}, sent_as, fromMe=True)

    assert [world.json(echo, "evolution").json() for _ in range(2)] == [IGNORED, IGNORED]
    assert roles(world, jid) == ["user", "assistant"]
    assert world.conversation(jid)["bot_status"] == "active"


async def test_an_echo_that_comes_after_the_message_failed_is_ours_all_the_same(world: World) -> None:
    jid, sent_as = new_jid(), new_id()
    await send(world, jid, path="evolution", external_id=sent_as, state="dead", error_class="undeliverable")

    assert world.json(evolution(jid, {"conversation": TEXT}, sent_as, fromMe=True), "evolution").json() == IGNORED
    typed_now = evolution(jid, {"conversation": TEXT}, fromMe=True)
    assert world.json(typed_now, "evolution").json() == STORED
    assert roles(world, jid) == ["user", "assistant", "manager"]


async def test_the_echo_of_a_message_that_is_sent_again_is_known_by_its_text(world: World) -> None:
    """Its row has the id of the time before until the gateway has answered."""
    jid, before = new_jid(), new_id()
    await send(world, jid, path="evolution", external_id=before)
    first, second = (evolution(jid, {"conversation": TEXT}, name, fromMe=True) for name in (before, new_id()))
    assert world.json(first, "evolution").json() == IGNORED
    world.connection.execute(
        "update platform.outbox set state = 'sending', finished_at = null, redrives = 1, attempt_id = gen_random_uuid()"
        " where external_id = %s",
        (before,),
    )

    assert [world.json(second, "evolution").json() for _ in range(2)] == [IGNORED, IGNORED]
    assert roles(world, jid) == ["user", "assistant"]


@pytest.mark.parametrize("state", ["sending", "sent", "unknown"])
async def test_before_the_id_is_known_an_echo_is_known_by_its_text(world: World, state: str) -> None:
    jid = new_jid()
    columns: dict[str, Any] = {"state": state}
    if state == "sending":
        columns |= {"finished_at": None, "attempt_id": "00000000-0000-4000-8000-000000000001"}
    await send(world, jid, f"{TEXT} &amp; {state}", **columns)
    echo = typed(jid, f" {TEXT}  &amp; {state}\n")

    assert [world.json(echo).json() for _ in range(2)] == [IGNORED, IGNORED]
    assert roles(world, jid) == ["user", "assistant"]


async def test_once_the_id_is_stored_a_repetition_of_the_echo_is_still_one(world: World) -> None:
    jid = new_jid()
    message = await send(world, jid)
    echo = typed(jid, TEXT)
    assert world.json(echo).json() == IGNORED
    query = "update platform.outbox set external_id = %s, send_started_at = '-infinity' where dedup_key = %s"
    world.connection.execute(query, ("chatflows-own-number", f"support/message/{message}"))

    assert world.json(echo).json() == IGNORED
    assert roles(world, jid) == ["user", "assistant"]


async def test_of_two_messages_with_the_same_text_the_second_was_typed(world: World) -> None:
    jid = new_jid()
    await send(world, jid)
    echo, twin = typed(jid, TEXT), typed(jid, TEXT)

    counts = [world.json(body).json() for body in (echo, twin, echo, twin)]

    assert counts == [IGNORED, STORED, IGNORED, DUPLICATE]
    assert roles(world, jid) == ["user", "assistant", "manager"]
    assert world.conversation(jid)["bot_status"] == "muted"


async def test_a_repetition_of_what_was_typed_uses_up_no_echo(world: World) -> None:
    jid = new_jid()
    by_hand, echo = typed(jid, TEXT), typed(jid, TEXT)
    assert world.json(by_hand).json() == STORED
    await send(world, jid)

    assert [world.json(body).json() for body in (by_hand, echo)] == [DUPLICATE, IGNORED]


async def test_two_messages_of_ours_with_the_same_text_have_two_echoes_and_no_third(world: World) -> None:
    jid = new_jid()
    for _ in range(2):
        await send(world, jid)
    echoes = [typed(jid, TEXT) for _ in range(3)]

    answers = await at_once(world.served.url, echoes * 3)

    stored = [response for response in answers if response.json() == STORED]
    assert len(stored) == 1
    assert roles(world, jid).count("manager") == 1


async def test_where_echoes_have_our_ids_the_same_text_under_another_id_was_typed(world: World) -> None:
    jid, sent_as = new_jid(), new_id()
    await send(world, jid, path="evolution", external_id=sent_as)
    twin, echo = (evolution(jid, {"conversation": TEXT}, message_id, fromMe=True) for message_id in (new_id(), sent_as))

    assert [world.json(body, "evolution").json() for body in (twin, echo)] == [STORED, IGNORED]


@pytest.mark.parametrize(
    ("columns", "typed_words"),
    [
        ({"send_started_at": "-infinity"}, TEXT),
        ({"state": "cancelled"}, TEXT),
        ({"state": "dead"}, TEXT),
        ({"state": "queued", "finished_at": None}, TEXT),
        ({}, TEXT + "!"),
    ],
    ids=["long_ago", "cancelled", "dead", "waiting", "other_words"],
)
async def test_what_cannot_be_an_echo_was_typed(world: World, columns: dict[str, Any], typed_words: str) -> None:
    jid = new_jid()
    await send(world, jid, **columns)

    assert world.json(typed(jid, typed_words)).json() == STORED
    assert roles(world, jid) == ["user", "assistant", "manager"]


async def test_what_was_sent_to_one_customer_is_no_echo_in_anothers_chat(world: World) -> None:
    jid, other = new_jid(), new_jid()
    await send(world, jid)

    assert world.json(typed(other, TEXT)).json() == STORED
    assert world.json(typed(jid.replace("@s.whatsapp.net", "@c.us"), TEXT)).json() == IGNORED


async def test_a_long_text_that_left_as_several_comes_back_as_several(world: World) -> None:
    jid = new_jid()
    message = await send(world, jid, "слово " * 2000)
    query = "select payload ->> 'text' as text from platform.outbox where dedup_key like %s order by id"
    pieces = [row["text"] for row in world.rows(query, f"support/message/{message}%")]
    assert len(pieces) > 2

    echoes = [typed(jid, piece) for piece in reversed(pieces)]
    assert [world.json(body).json() for body in echoes * 2] == [IGNORED] * 2 * len(pieces)
    assert world.json(typed(jid, pieces[0])).json() == STORED


async def test_a_file_comes_back_with_another_address(world: World) -> None:
    jid = new_jid()
    world.json(chatflow(jid))
    payload = {"photo": "https://our.example/price.jpg", "caption": "<b>Цены</b>", "parse_mode": "HTML"}
    await reply(world, world.conversation(jid)["id"], payload, "sendPhoto")
    media = {"type": "image", "url": "https://copy.example/1", "caption": "Цены"}
    echo = typed(jid, "") | {"messageType": "image", "mediaData": media}

    assert world.json(echo | {"mediaData": media | {"type": "document"}, "messageType": "document"}).json() == STORED
    assert world.json(echo | typed(jid, "") | {"messageType": "image", "mediaData": media}).json() == IGNORED
