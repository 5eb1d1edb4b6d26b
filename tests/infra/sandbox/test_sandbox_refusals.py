"""What the Bot API refuses, in its words; and what it takes though it looks wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.sandbox.conftest import BOT

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON, FORUM, PLAIN, OTHERS = 4100000031, -1004100000031, -1004100000032, -1004100000033
LONG_DATA = "d" * 65
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "\u200b"}, "text must be non-empty"),
    ("sendMessage", {"text": "Я" * 16_385}, "text is too long"),
    ("sendMessage", {"text": "x", "chat_id": BOT}, "Forbidden: the bot can't send messages to the bot"),
    ("sendMessage", {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "Ура!", "parse_mode": "MarkdownV2"},
     "can't parse entities: Character '!' is reserved and must be escaped with the preceding '\\'"),
    ("sendMessage", {"text": "*ура", "parse_mode": "MarkdownV2"},
     "can't parse entities: Can't find end of Bold entity at byte offset 0"),
    ("sendMessage", {"text": "ура *и _ещё_", "parse_mode": "Markdown"},
     "can't parse entities: Can't find end of the entity starting at byte offset 7"),
    ("sendMessage", {"text": "да", "entities": [{"type": "bold", "offset": 9, "length": 1}]},
     "entity begins after the end of the text at UTF-16 offset 9"),
    ("sendMessage", {"text": "🔔!", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
     "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
    ("sendMessage", {"text": "да", "entities": [{"type": "shiny", "offset": 0, "length": 1}]},
     "can't parse MessageEntity: Unsupported type specified"),
    ("sendMessage", {"text": "да", "entities": [{"type": "text_link", "url": "nowhere", "offset": 0, "length": 2}]},
     "entity URL 'nowhere' is invalid: Wrong HTTP URL"),
    ("sendMessage", {"text": "x", "link_preview_options": []}, "object expected as link preview options"),
    ("sendMessage", {"text": "x", "reply_parameters": [1]}, "object expected as reply parameters"),
    ("sendMessage", {"text": "x", "reply_to_message_id": 12_345}, "message to be replied not found"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": {}}},
     'field "inline_keyboard" must be of type Array'),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": ["a"]}},
     'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[7]]}},
     "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}},
     'can\'t parse inline keyboard button: Can\'t find field "text"'),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": ""}]]}},
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": LONG_DATA}]]}},
     "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "http://localhost/a"}]]}},
     "inline keyboard button URL 'http://localhost/a' is invalid: Wrong HTTP URL"),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "/orders"}]]}},
     "inline keyboard button URL '/orders' is invalid: URL host is empty"),
    ("sendMessage", {"text": "x", "chat_id": PLAIN, "reply_markup": {"inline_keyboard": [[
        {"text": "a", "web_app": {"url": "https://example.com"}}]]}}, "BUTTON_TYPE_INVALID"),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": ["a"]}}, 'field "keyboard" must be an Array of Arrays'),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[
        {"text": "a" * 200, "callback_data": "b"}] * 60]}}, "reply markup is too long"),
    ("editMessageText", {"text": "x"}, "message to edit not found"),
    ("editMessageText", {"text": "x", "chat_id": ""}, "message identifier is not specified"),
    ("deleteMessage", {}, "message identifier is not specified"),
    ("deleteMessage", {"chat_id": ""}, "chat identifier is not specified"),
    ("copyMessage", {"from_chat_id": PERSON, "message_id": 12_345}, "message to copy not found"),
    ("forwardMessage", {"from_chat_id": PERSON, "message_id": 12_345}, "message to forward not found"),
    ("pinChatMessage", {"message_id": 12_345}, "message to pin not found"),
    ("setMessageReaction", {"message_id": 12_345, "reaction": []}, "message to react not found"),
    ("sendChatAction", {"action": "yawning"}, "wrong parameter action in request"),
    ("sendPhoto", {"photo": "nobody_gave_this_id_out"},
     "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"),
    ("sendPhoto", {"photo": "/pictures/a.png"}, "invalid file HTTP URL specified: URL host is empty"),
    ("sendMediaGroup", {"media": []}, "there are no messages to send"),
    ("getChatAdministrators", {}, "there are no administrators in the private chat"),
    ("createForumTopic", {"chat_id": FORUM, "name": "  "}, "name must be non-empty"),
    ("createForumTopic", {"chat_id": PLAIN, "name": "x"}, "the chat is not a forum"),
    ("editForumTopic", {"chat_id": FORUM, "name": "x"}, "invalid forum topic identifier specified"),
    ("closeForumTopic", {"chat_id": FORUM, "message_thread_id": 12_345}, "TOPIC_ID_INVALID"),
    ("setMyCommands", {"commands": [{"command": "Start!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setWebhook", {"url": "no address"}, "invalid webhook URL specified"),
    ("setWebhook", {"url": "https://127.0.0.1/hook"}, "bad webhook: IP address 127.0.0.1 is reserved"),
]  # fmt: skip
TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "*да* _и_ `так` [вот](http://example.com)", "parse_mode": "Markdown"}),
    ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[
        {"text": "", "callback_data": "a"}, {"text": "b", "callback_data": "b"}]]}}),
    ("sendMessage", {"text": '<tg-time unix="1735689600">скоро</tg-time>', "parse_mode": "HTML"}),
    ("sendMessage", {"text": "x", "reply_markup": {"keyboard": [["a", {"text": "b"}]]}}),
    ("sendChatAction", {"action": "typing"}),
    ("getForumTopicIconStickers", {}),
    ("closeGeneralForumTopic", {"chat_id": FORUM}),
]  # fmt: skip


async def arrange(client: Client) -> None:
    await client.control("settings", strict_chats=True, strict_files=True)
    await client.control("chats", chat_id=PERSON)
    await client.control("chats", chat_id=FORUM, type="supergroup", is_forum=True)
    await client.control("chats", chat_id=PLAIN, type="supergroup", is_forum=False)
    await client.control("chats", chat_id=OTHERS, type="supergroup", deletes_messages=False, pins_messages=False)


async def test_wrong_calls_are_refused_in_the_servers_words(client: Client) -> None:
    await arrange(client)
    for method, params, reason in REFUSED:
        said = await client.refusal(method, **({"chat_id": PERSON} | params))
        expected = reason if reason.startswith("Forbidden") else f"Bad Request: {reason}"
        assert said == expected, (method, params)


async def test_right_calls_are_taken(client: Client) -> None:
    await arrange(client)
    for method, params in TAKEN:
        assert (await client.call(method, **({"chat_id": PERSON} | params)))["ok"], (method, params)


async def test_what_the_sandbox_lacks_it_says_in_words_of_its_own(client: Client) -> None:
    assert await client.refusal("sendPoll") == "Not Found: this sandbox lacks sendPoll, which Telegram has"
    assert await client.refusal("sendPol") == "Not Found: method not found"


async def test_rights_that_the_bot_has_not_are_asked_for(client: Client) -> None:
    await arrange(client)
    others = (await client.control("say", bot=BOT, chat_id=OTHERS, from_id=PERSON, text="x"))["message_id"]

    refused = await client.refusal("deleteMessage", chat_id=OTHERS, message_id=others)
    pinned = await client.refusal("pinChatMessage", chat_id=OTHERS, message_id=others)

    assert refused == "Bad Request: message can't be deleted"
    assert pinned == "Bad Request: not enough rights to manage pinned messages in the chat"


async def test_the_message_that_made_a_topic_stays(client: Client) -> None:
    await arrange(client)
    topic = (await client.call("createForumTopic", chat_id=FORUM, name="x"))["result"]["message_thread_id"]

    said = await client.refusal("deleteMessage", chat_id=FORUM, message_id=topic)

    assert said == "Bad Request: message can't be deleted"


@pytest.mark.parametrize("token", ["0123456789:" + "a" * 35])
async def test_a_token_that_begins_with_zero_is_no_token(client: Client, token: str) -> None:
    answer = (await client.http.get(f"/bot{token}/getMe")).json()

    assert answer["description"] == "Unauthorized: invalid token specified"
