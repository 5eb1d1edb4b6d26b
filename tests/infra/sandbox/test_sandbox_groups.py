"""People in a forum: they press in topics, send files, and edit what they wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.infra.sandbox.test_sandbox_control import BOT, GROUP, listening

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

IVAN, OLGA = 7100000001, 7100000002
PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]


async def topic(client: Client) -> int:
    """A new topic."""
    await client.control("chats", chat_id=GROUP, type="supergroup", is_forum=True)
    made = (await client.call("createForumTopic", chat_id=GROUP, name="Айгерим"))["result"]
    thread: int = made["message_thread_id"]
    return thread


async def test_a_press_in_a_topic_comes_with_its_thread(client: Client) -> None:
    thread = await topic(client)
    sent = (await client.call("sendMessage", chat_id=GROUP, message_thread_id=thread, text="Заявка"))["result"]
    async with listening(client) as function:
        await client.control("press", bot=BOT, chat_id=GROUP, from_id=IVAN, message_id=sent["message_id"], data="take")

    query = function.got[0][1]["callback_query"]
    assert (query["message"]["message_thread_id"], query["message"]["is_topic_message"]) == (thread, True)
    assert query["from"]["id"] == IVAN


async def test_a_person_sends_a_file_with_a_caption(client: Client) -> None:
    thread = await topic(client)
    async with listening(client) as function:
        await client.control("say", bot=BOT, chat_id=GROUP, thread=thread, more={"photo": PHOTO, "caption": "Зал"})

    message = function.got[0][1]["message"]
    assert (message["photo"], message["caption"], message["message_thread_id"]) == (PHOTO, "Зал", thread)
    assert "text" not in message


async def test_a_person_edits_what_they_wrote_and_nobody_elses(client: Client) -> None:
    thread = await topic(client)
    async with listening(client) as function:
        said = await client.control("say", bot=BOT, chat_id=GROUP, from_id=IVAN, thread=thread, text="Да")
        of_ivan = {"bot": BOT, "chat_id": GROUP, "message_id": said["message_id"], "text": "Нет"}
        await client.control("edit", **of_ivan, from_id=IVAN)
        refused = await client.http.post("/_sandbox/edit", json={**of_ivan, "from_id": OLGA})

    edited = function.got[1][1]["edited_message"]
    assert (edited["text"], edited["message_id"], edited["message_thread_id"]) == ("Нет", said["message_id"], thread)
    assert edited["edit_date"] >= edited["date"]
    assert refused.status_code == 404
    assert len(function.got) == 2


async def test_while_topics_are_off_no_thread_is_found_and_none_can_be_made(client: Client) -> None:
    thread = await topic(client)
    await client.control("chats", chat_id=GROUP, is_forum=False)

    into = {"chat_id": GROUP, "message_thread_id": thread, "text": "x"}
    assert await client.refusal("sendMessage", **into) == "Bad Request: message thread not found"
    assert await client.refusal("createForumTopic", chat_id=GROUP, name="x") == "Bad Request: the chat is not a forum"
    assert (await client.call("sendMessage", chat_id=GROUP, text="General"))["ok"]

    await client.control("chats", chat_id=GROUP, is_forum=True)
    assert (await client.call("sendMessage", **into))["result"]["message_thread_id"] == thread


async def test_a_bot_without_rights_is_refused_in_telegrams_words(client: Client) -> None:
    thread = await topic(client)
    await client.control("chats", chat_id=GROUP, manages_topics=False)
    said = await client.refusal("createForumTopic", chat_id=GROUP, name="x")
    assert said == "Bad Request: not enough rights to create a topic"

    photo = {"chat_id": GROUP, "photo": PHOTO[0]["file_id"]}
    await client.control("chats", chat_id=GROUP, bot_status="member", members_send_files=False)
    assert await client.refusal("sendPhoto", **photo) == "Bad Request: not enough rights to send photos to the chat"
    assert (await client.call("sendMessage", chat_id=GROUP, message_thread_id=thread, text="x"))["ok"]

    await client.control("chats", chat_id=GROUP, members_write=False)
    said = await client.refusal("sendMessage", chat_id=GROUP, text="x")
    assert said == "Bad Request: not enough rights to send text messages to the chat"


async def test_texts_that_are_too_long_are_refused_as_telegram_does(client: Client) -> None:
    sent = (await client.call("sendMessage", chat_id=GROUP, text="x"))["result"]
    edit = {"chat_id": GROUP, "message_id": sent["message_id"], "text": "x" * 4097}

    assert await client.refusal("editMessageText", **edit) == "Bad Request: MESSAGE_TOO_LONG"
    assert await client.refusal("sendMessage", chat_id=GROUP, text="x" * 40_000) == "Bad Request: text is too long"
