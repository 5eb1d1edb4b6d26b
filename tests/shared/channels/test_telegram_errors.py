"""What Telegram's words mean, each with where they are from.

The sources: tdlib/telegram-bot-api (B) and tdlib/td (T), which answer most; the list of errors of the MTProto API,
core.telegram.org/api/errors (M), whose names the Bot API passes on; what clients report (C).
"""

import json
import re

import pytest

from shared.channels.telegram import MAX_WORDS, classify, words
from shared.clients.http import HttpResponse
from shared.delivery import alert_texts
from shared.delivery.chat_states import STATES

# Status, description, result, class.
TABLE = [
    # A token, a method. B: Client.cpp, the ends of perform_method and of on_closed
    (404, "Not Found: method not found", "bad_request", "unknown_method"),
    (404, "Not Found", "bot_refused", "bot_refused"),
    (401, "Unauthorized", "bot_refused", "bot_refused"),
    (401, "Unauthorized: invalid token specified", "bot_refused", "bot_refused"),
    # A person. B: Client.cpp, fail_query_with_error; T: MessagesManager.cpp, can_send_message
    (403, "Forbidden: bot was blocked by the user", "unreachable", "blocked"),
    (403, "Forbidden: user is deactivated", "unreachable", "blocked"),
    (403, "Forbidden: bot can't initiate conversation with a user", "unreachable", "blocked"),
    (403, "Forbidden: the bot can't send messages to the bot", "unreachable", "recipient_is_bot"),
    (403, "Forbidden: bots can't send messages to bots", "unreachable", "recipient_is_bot"),
    (400, "Bad Request: chat not found", "unreachable", "chat_not_found"),
    (400, "Bad Request: PEER_ID_INVALID", "unreachable", "chat_not_found"),  # M
    # A group. B: Client.cpp, check_chat_access
    (403, "Forbidden: bot was kicked from the group chat", "chat_not_ready", "removed_from_group"),
    (403, "Forbidden: bot was kicked from the supergroup chat", "chat_not_ready", "removed_from_group"),
    (403, "Forbidden: bot is not a member of the supergroup chat", "chat_not_ready", "removed_from_group"),
    (400, "Bad Request: CHANNEL_PRIVATE", "chat_not_ready", "removed_from_group"),  # M
    (403, "Forbidden: the group chat was deleted", "chat_not_ready", "group_deleted"),
    (400, "Bad Request: group chat was deactivated", "chat_not_ready", "group_deleted"),  # C
    # T: ForumTopicManager.cpp, is_forum and can_create_topics
    (400, "Bad Request: the chat is not a forum", "chat_not_ready", "topics_off"),
    (400, "Bad Request: CHANNEL_FORUM_MISSING", "chat_not_ready", "topics_off"),  # M
    (400, "Bad Request: not enough rights to create a topic", "chat_not_ready", "no_right_to_topics"),
    (400, "Bad Request: not enough rights to edit the topic", "chat_not_ready", "no_right_to_topics"),
    (400, "Bad Request: not enough rights to close or open the topic", "chat_not_ready", "no_right_to_topics"),
    (400, "Bad Request: CHAT_ADMIN_REQUIRED", "chat_not_ready", "not_administrator"),  # M
    # T: MessageContent.cpp, can_send_message_content
    (400, "Bad Request: have no rights to send a message", "chat_not_ready", "no_right_to_write"),
    (400, "Bad Request: not enough rights to send text messages to the chat", "chat_not_ready", "no_right_to_write"),
    (403, "Forbidden: not enough rights to send text messages to the chat", "chat_not_ready", "no_right_to_write"),
    (400, "Bad Request: not enough rights to send photos to the chat", "chat_not_ready", "no_right_to_files"),
    (400, "Bad Request: not enough rights to send voice messages to the chat", "chat_not_ready", "no_right_to_files"),
    # M
    (403, "Forbidden: CHAT_WRITE_FORBIDDEN", "chat_not_ready", "no_right_to_write"),
    (400, "Bad Request: CHAT_RESTRICTED", "chat_not_ready", "no_right_to_write"),
    (403, "Forbidden: CHAT_SEND_PLAIN_FORBIDDEN", "chat_not_ready", "no_right_to_write"),
    (403, "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN", "chat_not_ready", "no_right_to_files"),
    (403, "Forbidden: CHAT_SEND_MEDIA_FORBIDDEN", "chat_not_ready", "no_right_to_files"),
    # A topic. B: Client.cpp, check_message_thread; T: ForumTopicManager.cpp; M
    (400, "Bad Request: message thread not found", "topic_gone", "thread_not_found"),
    (400, "Bad Request: TOPIC_ID_INVALID", "topic_gone", "thread_not_found"),
    (400, "Bad Request: TOPIC_DELETED", "topic_gone", "thread_not_found"),
    (400, "Bad Request: TOPIC_CLOSED", "topic_closed", "topic_closed"),
    (400, "Bad Request: TOPIC_NOT_MODIFIED", "sent", None),
    # A text. B: Client.cpp, get_formatted_text; T: MessageEntity.cpp, get_message_content_text; M
    (400, "Bad Request: message text is empty", "bad_request", "bad_request"),
    (400, "Bad Request: text must be non-empty", "bad_request", "bad_request"),
    (400, "Bad Request: message is too long", "too_long", "too_long"),
    (400, "Bad Request: text is too long", "too_long", "too_long"),
    (400, "Bad Request: MESSAGE_TOO_LONG", "too_long", "too_long"),
    (400, "Bad Request: message caption is too long", "too_long", "too_long"),
    (400, "Bad Request: MEDIA_CAPTION_TOO_LONG", "too_long", "too_long"),
    (400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 0", "unparsable", "unparsable"),
    (400, "Bad Request: can't parse MessageEntity: Unsupported type specified", "unparsable", "unparsable"),
    (400, "Bad Request: entity begins after the end of the text at UTF-16 offset 5", "unparsable", "unparsable"),
    (400, "Bad Request: message to be replied not found", "reply_gone", "reply_gone"),
    # Buttons. B: Client.cpp, get_inline_keyboard_button; T: ReplyMarkup.cpp; M
    (400, "Bad Request: BUTTON_DATA_INVALID", "bad_request", "buttons_refused"),
    (400, "Bad Request: BUTTON_TYPE_INVALID", "bad_request", "buttons_refused"),
    (400, "Bad Request: inline keyboard button URL 'orders' is invalid: Wrong HTTP URL", "bad_request",
     "buttons_refused"),
    (400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
     "bad_request", "buttons_refused"),
    # An edit. B: Client.cpp, check_message; T: MessagesManager.cpp, edit_message_text
    (400, "Bad Request: message is not modified: specified new message content and …", "sent", None),
    (400, "Bad Request: message to edit not found", "bad_request", "message_gone"),
    (400, "Bad Request: message can't be edited", "bad_request", "message_gone"),
    (400, "Bad Request: MESSAGE_ID_INVALID", "bad_request", "message_gone"),
    # A file. B: Client.cpp, fail_query_with_error (WEBPAGE_*); T: FileManager.cpp; M
    (400, "Bad Request: failed to get HTTP URL content", "bad_request", "file_not_fetched"),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", "bad_request", "file_not_fetched"),
    (400, "Bad Request: wrong type of the web page content", "bad_request", "file_not_fetched"),
    (400, "Bad Request: WEBPAGE_CURL_FAILED", "bad_request", "file_not_fetched"),
    (400, "Bad Request: WEBPAGE_MEDIA_EMPTY", "bad_request", "file_not_fetched"),
    (400, 'Bad Request: failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"', "bad_request",
     "file_not_fetched"),
    (400, "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
     "bad_request", "file_unknown"),
    (400, "Bad Request: file is too big", "bad_request", "file_too_big"),
    (413, "Request Entity Too Large", "bad_request", "file_too_big"),
    (400, "Bad Request: IMAGE_PROCESS_FAILED", "bad_request", "file_refused"),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", "bad_request", "file_refused"),
    # A press. B: Client.cpp, fail_query_with_error
    (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "bad_request",
     "query_too_old"),
    # What the table does not know.
    (400, "Bad Request: the moon is full", "bad_request", "bad_request"),
    (403, "Forbidden: something new", "unreachable", "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "description", "result", "error_class"), TABLE)
@pytest.mark.parametrize("change", [str, str.upper])
def test_a_refusal_has_its_meaning_and_keeps_its_words(
    status: int, description: str, result: str, error_class: str | None, change: type[str]
) -> None:
    said = change(description)
    body = json.dumps({"ok": False, "error_code": status, "description": said}).encode()

    outcome = classify(HttpResponse(status, {}, body))

    assert (outcome.result, outcome.error_class) == (result, error_class)
    assert (outcome.words is None) == (result == "sent")


def test_every_state_of_a_group_that_is_found_has_rules_and_words() -> None:
    found = {error_class for _, _, result, error_class in TABLE if result == "chat_not_ready"}

    assert found <= set(STATES)
    assert set(STATES) <= set(alert_texts.PROBLEMS)
    assert {"file_not_fetched", "file_too_big", "file_refused", "file_unknown"} <= set(alert_texts.PROBLEMS)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Bad Request: BUTTON_DATA_INVALID", "BUTTON_DATA_INVALID"),
        ("Forbidden: bot was kicked from the group chat", "bot was kicked from the group chat"),
        ("Bad Request: entity URL '@anna' is invalid: Wrong HTTP URL", "entity URL … is invalid: Wrong HTTP URL"),
        ("Bad Request: can't fetch https://files.example.com/a?token=1 now", "can't fetch … now"),
        ("Bad Request: user 7100000001 is\n\tunknown", "user … is unknown"),
        ("Bad Request: can't parse: Character '.' is reserved", "can't parse: Character '.' is reserved"),
        ('Bad Request: failed to send message #9 with the error message "MEDIA_EMPTY"', "MEDIA_EMPTY"),
        ("Bad Request: anna@example.com is unknown", "… is unknown"),
        ("", None),
    ],
)
def test_words_are_kept_without_what_may_be_somebodys(said: str, kept: str | None) -> None:
    assert words(said) == kept


def test_words_are_short() -> None:
    kept = words("Bad Request: " + "word " * 200)

    assert kept is not None
    assert len(kept) == MAX_WORDS
    assert re.fullmatch(r"(word )+\w*…", kept)
