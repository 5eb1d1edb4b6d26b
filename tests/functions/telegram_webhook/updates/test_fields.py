"""Every field of Message and every type of Update (Bot API 10.5): words, a note, or a reason. Pure."""

from typing import Any

import pytest

from functions.telegram_webhook.updates.events import AnyEvent, Edited, Ignored, TopicMessage
from functions.telegram_webhook.updates.parse import parse
from functions.telegram_webhook.updates.service_messages import CONTENT, SERVICE
from functions.telegram_webhook.updates.unused_types import UNUSED_TYPES

Json = dict[str, Any]

FILE = {"file_id": "BQACAgIAAy", "file_unique_id": "AgAD"}
PLACE = {"latitude": 43.25, "longitude": 76.95}
LINK = "https://maps.google.com/?q=43.250000,76.950000"

# What somebody writes: the words for the customer, and what is left out. Every file of a known kind is named.
WRITTEN: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "text": ("Добрый день", "Добрый день", ()),
    "rich_message": ({"blocks": [{"type": "paragraph", "text": "Добрый день"}]}, "Добрый день", ()),
    "photo": ([FILE], "", ("file",)),
    "animation": (FILE, "", ("file",)),
    "audio": (FILE, "", ("file",)),
    "document": (FILE, "", ("file",)),
    "live_photo": (FILE, "", ("file",)),
    "paid_media": ({"star_count": 5, "paid_media": []}, "", ("file",)),
    "sticker": ({**FILE, "emoji": "👍"}, "👍", ("sticker",)),
    "video": (FILE, "", ("file",)),
    "video_note": (FILE, "", ("file",)),
    "voice": (FILE, "", ("file",)),
    "story": ({"chat": {"id": 1}, "id": 2}, "", ("everything",)),
    "game": ({"title": "Шахматы", "description": "игра"}, "", ("everything",)),
    "invoice": ({"title": "Маска", "description": "для лица"}, "", ("everything",)),
    "giveaway": ({"chats": [], "winner_count": 1}, "", ("everything",)),
    "giveaway_winners": ({"winners": []}, "", ("everything",)),
    "widget": ({"html": "<b>5</b>"}, "", ("everything",)),
    "contact": ({"phone_number": "+77000000001", "first_name": "Асель"}, "Асель\n+77000000001", ()),
    "location": (PLACE, LINK, ()),
    "venue": ({"title": "Салон", "address": "Абая, 1", "location": PLACE}, f"Салон\nАбая, 1\n{LINK}", ()),
    "dice": ({"emoji": "🎯", "value": 4}, "🎯 4", ()),
    "poll": ({"question": "Когда?", "options": [{"text": "В пять", "voter_count": 3}, {"text": "В шесть"}]},
             "Когда?\n• В пять\n• В шесть", ()),
    "checklist": ({"title": "Взять", "tasks": [{"id": 1, "text": "паспорт", "completion_date": 1770000000},
                                               {"id": 2, "text": "фото", "completion_date": 0}]},
                  "Взять\n☑ паспорт\n☐ фото", ()),
    "caption": ("подпись без файла", "", ("everything",)),
    "something_new": ({"a": 1}, "", ("everything",)),
}  # fmt: skip

# What stands around it: no content by itself.
ENVELOPE = (
    "direct_messages_topic", "sender_boost_count", "sender_business_bot", "sender_tag", "guest_query_id",
    "business_connection_id", "forward_origin", "reply_to_message", "external_reply", "quote", "reply_to_story",
    "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user",
    "guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post",
    "author_signature", "paid_star_count", "link_preview_options", "suggested_post_info", "effect_id",
    "show_caption_above_media", "has_media_spoiler", "reply_markup", "receiver_user", "ephemeral_message_id",
    "forward_date", "forward_from", "a_field_that_is_new",
)  # fmt: skip


def parsed(content: Json, kind: str = "message") -> AnyEvent:
    message = {
        "message_id": 5, "date": 1_770_000_000, "chat": {"id": -1_001_900_000_777, "type": "supergroup"},
        "from": {"id": 7_100_000_001, "first_name": "Иван"}, "message_thread_id": 77, "is_topic_message": True,
    }  # fmt: skip
    return parse({"update_id": 1, kind: message | content})


@pytest.mark.parametrize("field", WRITTEN)
def test_whatever_is_written_gives_words_or_is_told(field: str) -> None:
    value, words, left_out = WRITTEN[field]

    event = parsed({field: value})

    assert isinstance(event, TopicMessage)
    assert (event.content.text, event.content.left_out) == (words, left_out)
    assert isinstance(parsed({field: value}, "edited_message"), Edited | Ignored)


def test_every_field_of_content_is_tried() -> None:
    assert WRITTEN.keys() >= CONTENT


@pytest.mark.parametrize("field", sorted(CONTENT))
def test_content_that_is_damaged_or_empty_is_told(field: str) -> None:
    damaged: tuple[Any, ...] = ({}, [], "", None, 7)
    for value in damaged:
        event = parsed({field: value})

        assert isinstance(event, TopicMessage)
        assert event.content.text or event.content.left_out


@pytest.mark.parametrize("field", sorted(SERVICE - {"migrate_to_chat_id", "migrate_from_chat_id"}))
def test_a_known_service_message_is_nothing(field: str) -> None:
    assert parsed({field: {"a": 1}}) == Ignored("a service message")


@pytest.mark.parametrize("field", ENVELOPE)
def test_what_stands_around_the_words_does_not_change_them(field: str) -> None:
    event = parsed({"text": "Добрый день", field: {"id": 1}})

    assert isinstance(event, TopicMessage)
    assert (event.content.text, event.content.left_out) == ("Добрый день", ())


@pytest.mark.parametrize("kind", [*UNUSED_TYPES, "something_new"])
def test_an_update_that_we_do_not_use_has_a_reason(kind: str) -> None:
    event = parse({"update_id": 1, kind: {"id": "1", "text": "да"}})

    assert isinstance(event, Ignored)
    assert event.reason


@pytest.mark.parametrize(
    "content",
    [
        {"text": "// между нами"},
        {"text": "// прайс", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        {"photo": [FILE], "caption": "// для своих"},
        {"rich_message": {"blocks": [{"type": "paragraph", "text": [{"type": "bold", "text": "//"}, " не обещайте"]}]}},
        {"rich_message": {"blocks": [{"type": "paragraph", "text": ["/", {"type": "italic", "text": "/ x"}]}]}},
        {
            "rich_message": {
                "blocks": [{"type": "heading", "text": "// свод", "size": 1}, {"type": "photo", "photo": []}]
            }
        },
        {"rich_message": {"blocks": [{"type": "divider"}, {"type": "blockquote", "blocks": ["// x"]}]}},
        {"poll": {"question": "// кто завтра?", "options": []}},
        {"forward_origin": {"type": "user"}, "text": "//x"},
    ],
)
def test_a_note_is_one_however_it_is_written(content: Json) -> None:
    assert parsed(content) == Ignored("an internal note")


def test_commands_are_seen_in_rich_messages_and_captions() -> None:
    rich = {
        "blocks": [{"type": "paragraph", "text": [{"type": "bot_command", "text": "/handover", "bot_command": "x"}]}]
    }

    events = [parsed(content) for content in ({"rich_message": rich}, {"photo": [FILE], "caption": "/handover"})]

    assert [type(event).__name__ for event in events] == ["Handover"] * 2
