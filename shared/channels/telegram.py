"""Telegram's Bot API (docs/protocols/telegram.md, Errors)."""

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.channels.outcome import Outcome, Result, outcome_of
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account
from shared.i18n.shorten import shorten
from shared.payload.values import integer, part

MAX_PAUSE_SECONDS = 3600.0
DEFAULT_PAUSE_SECONDS = 5.0

_JSON = {"Content-Type": "application/json"}

# What a description means, by its beginning without the class in front ("Bad Request: "). Texts vary in case and in
# their ends; the first that fits counts. Sources: docs/protocols/telegram.md and the test of this table.
_ERROR_MEANINGS: tuple[tuple[str, Result, str | None], ...] = (
    ("message is not modified", "sent", None),
    ("message_not_modified", "sent", None),
    ("topic_not_modified", "sent", None),
    # A person.
    ("bot was blocked by the user", "unreachable", "blocked"),
    ("user is deactivated", "unreachable", "blocked"),
    ("bot can't initiate conversation", "unreachable", "blocked"),
    ("bots can't send messages to bots", "unreachable", "recipient_is_bot"),
    ("the bot can't send messages to the bot", "unreachable", "recipient_is_bot"),
    ("chat not found", "unreachable", "chat_not_found"),
    ("peer_id_invalid", "unreachable", "chat_not_found"),
    # The state of a group.
    ("bot was kicked", "chat_not_ready", "removed_from_group"),
    ("bot is not a member", "chat_not_ready", "removed_from_group"),
    ("channel_private", "chat_not_ready", "removed_from_group"),
    ("the group chat was deleted", "chat_not_ready", "group_deleted"),
    ("group chat was deactivated", "chat_not_ready", "group_deleted"),
    ("group chat is deactivated", "chat_not_ready", "group_deleted"),
    ("the chat is not a forum", "chat_not_ready", "topics_off"),
    ("channel_forum_missing", "chat_not_ready", "topics_off"),
    ("not enough rights to create a topic", "chat_not_ready", "no_right_to_topics"),
    ("not enough rights to manage", "chat_not_ready", "no_right_to_topics"),
    ("not enough rights to edit the topic", "chat_not_ready", "no_right_to_topics"),
    ("not enough rights to close or open the topic", "chat_not_ready", "no_right_to_topics"),
    ("not enough rights to send text messages", "chat_not_ready", "no_right_to_write"),
    ("not enough rights to send", "chat_not_ready", "no_right_to_files"),
    ("have no rights to send", "chat_not_ready", "no_right_to_write"),
    ("need administrator rights", "chat_not_ready", "not_administrator"),
    ("chat_admin_required", "chat_not_ready", "not_administrator"),
    ("chat_write_forbidden", "chat_not_ready", "no_right_to_write"),
    ("chat_send_plain_forbidden", "chat_not_ready", "no_right_to_write"),
    ("chat_restricted", "chat_not_ready", "no_right_to_write"),
    ("user_banned_in_channel", "chat_not_ready", "no_right_to_write"),
    ("chat_guest_send_forbidden", "chat_not_ready", "no_right_to_write"),
    ("chat_send_", "chat_not_ready", "no_right_to_files"),  # …PHOTOS, MEDIA, DOCS, VOICES… _FORBIDDEN
    ("message thread not found", "topic_gone", "thread_not_found"),
    ("topic_deleted", "topic_gone", "thread_not_found"),
    ("topic_id_invalid", "topic_gone", "thread_not_found"),
    ("topic_closed", "topic_closed", "topic_closed"),
    # A text, and what hangs on it.
    ("can't parse entities", "unparsable", "unparsable"),
    ("can't parse messageentity", "unparsable", "unparsable"),
    ("entity ", "unparsable", "unparsable"),
    ("message is too long", "too_long", "too_long"),
    ("message_too_long", "too_long", "too_long"),
    ("text is too long", "too_long", "too_long"),
    ("message caption is too long", "too_long", "too_long"),
    ("media_caption_too_long", "too_long", "too_long"),
    ("message text is empty", "bad_request", "bad_request"),
    ("text must be non-empty", "bad_request", "bad_request"),
    ("message_empty", "bad_request", "bad_request"),
    ("message to be replied not found", "reply_gone", "reply_gone"),
    ("replied message not found", "reply_gone", "reply_gone"),
    ("reply_message_id_invalid", "reply_gone", "reply_gone"),
    ("button_", "bad_request", "buttons_refused"),  # …DATA, URL, TYPE… _INVALID
    ("inline keyboard", "bad_request", "buttons_refused"),
    ("can't parse inline keyboard", "bad_request", "buttons_refused"),
    ("can't parse reply keyboard", "bad_request", "buttons_refused"),
    ('field "inline_keyboard"', "bad_request", "buttons_refused"),
    ('field "keyboard"', "bad_request", "buttons_refused"),
    ("reply_markup_invalid", "bad_request", "buttons_refused"),
    ("reply markup is too long", "bad_request", "buttons_refused"),
    # An edit.
    ("message to edit not found", "bad_request", "message_gone"),
    ("message can't be edited", "bad_request", "message_gone"),
    ("message_id_invalid", "bad_request", "message_gone"),
    ("message_edit_time_expired", "bad_request", "message_gone"),
    # A file: what Telegram could not fetch it remembers by its address.
    ("failed to get http url content", "bad_request", "file_not_fetched"),
    ("wrong file identifier/http url", "bad_request", "file_not_fetched"),
    ("wrong type of the web page content", "bad_request", "file_not_fetched"),
    ("invalid file http url", "bad_request", "file_not_fetched"),
    ("external_url_invalid", "bad_request", "file_not_fetched"),
    ("webpage_curl_failed", "bad_request", "file_not_fetched"),
    ("webpage_media_empty", "bad_request", "file_not_fetched"),
    ("media_empty", "bad_request", "file_not_fetched"),
    ("wrong remote file identifier", "bad_request", "file_unknown"),
    ("wrong file_id", "bad_request", "file_unknown"),
    ("invalid file_id", "bad_request", "file_unknown"),
    ("file_reference_", "bad_request", "file_unknown"),
    ("file is too big", "bad_request", "file_too_big"),
    ("file of size", "bad_request", "file_too_big"),
    ("request entity too large", "bad_request", "file_too_big"),
    ("image_process_failed", "bad_request", "file_refused"),
    ("photo_", "bad_request", "file_refused"),  # …INVALID_DIMENSIONS, …EXT_INVALID
    ("video_", "bad_request", "file_refused"),
    ("file must be non-empty", "bad_request", "file_refused"),
    ("method not found", "bad_request", "unknown_method"),
    ("query is too old", "bad_request", "query_too_old"),
)
# What failed inside of an album: "failed to send message #2 with the error message "WEBPAGE_CURL_FAILED"".
_OF_ALBUM = re.compile(r'failed to send message #\d+ with the error message "?(.*?)"?$', re.IGNORECASE | re.DOTALL)
MAX_WORDS = 200  # characters of a refusal that are kept
# What may belong to somebody: addresses, what is quoted, and long numbers.
_PRIVATE = re.compile(r"""\S*://\S*|(?<!\w)'[^']{2,}'|"[^"]{2,}"|\S*@\S+|\d{5,}|\S{60,}""")


async def call(
    client: HttpClient, api_url: str, account: Account, to: int, method: str, payload: Mapping[str, Any]
) -> Outcome:
    """Call `method` once; bytes are PNG files, a document with a text or base64 is a file, too.

    Raises nothing but cancellation.
    """
    body = _body({"chat_id": to, **payload})
    response = await client.call("POST", f"{api_url}/bot{account.token}/{method}", **body)
    return outcome_of(response, classify)


def _body(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the request is made of: a form when there is a file to upload (docs/protocols/telegram.md, Files)."""
    files = {name: file for name, value in parameters.items() if (file := _file(name, value))}
    if not files:
        return {"content": json.dumps(parameters).encode(), "headers": _JSON}
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if name not in files
    }
    return {"data": fields, "files": files}


def _file(name: str, value: Any) -> tuple[str, bytes, str] | None:
    """The name, the content and the type of a file to upload; None: no file."""
    if isinstance(value, bytes):
        return f"{name}.png", value, "image/png"
    if name == "document" and isinstance(value, dict):
        content = base64.b64decode(value["base64"]) if "base64" in value else value["text"].encode()
        return value["name"], content, value["mime"]
    return None


def classify(response: HttpResponse) -> Outcome:
    """The outcome that an answer means. Answers that are not Telegram's (HTML, empty) count by their status."""
    fields = response.fields
    if fields.get("ok") is True:
        return _parse_success(response.status, fields.get("result"))
    code = integer(fields.get("error_code")) or response.status
    description = str(fields.get("description", ""))
    if code == 429:
        pause = retry_after(fields.get("parameters"), response.headers, description)
        return Outcome("rate_limited", "rate_limited", code, retry_after=pause)
    if moved_to := integer(part(fields, "parameters").get("migrate_to_chat_id")):
        return Outcome("migrated", "migrated", code, moved_to=moved_to)
    outcome = _parse_error(code, _reason(description).lower())
    return outcome if outcome.result == "sent" else replace(outcome, words=words(description))


def words(description: str) -> str | None:
    """What Telegram said, fit for a table and an alert: short, and without addresses, names and long numbers."""
    kept = " ".join(_PRIVATE.sub("…", _reason(description)).split())
    return shorten(kept, MAX_WORDS) or None


def _reason(description: str) -> str:
    """A description without its class in front ("Bad Request: ")."""
    reason = re.sub(r"^(bad request|forbidden|unauthorized|not found|conflict): ", "", description, flags=re.IGNORECASE)
    inside = _OF_ALBUM.match(reason)
    return inside[1] if inside else reason


def _parse_success(status: int, result: Any) -> Outcome:
    """A message, or those of an album: the first one counts, `external_id` names all."""
    messages = [message for message in (result if isinstance(result, list) else [result]) if isinstance(message, dict)]
    ids = [integer(message.get("message_id")) for message in messages]
    return Outcome(
        "sent",
        http_status=status,
        message_id=ids[0] if ids else None,
        external_id=(",".join(str(number) for number in ids if number) or None) if len(ids) > 1 else None,
        thread_id=integer(messages[0].get("message_thread_id")) if messages else None,
    )


def _parse_error(code: int, reason: str) -> Outcome:
    for beginning, result, error_class in _ERROR_MEANINGS:
        if reason.startswith(beginning):
            return Outcome(result, error_class, code)
    if code == 403:
        return Outcome("unreachable", "forbidden", code)
    if code == 413:
        return Outcome("bad_request", "file_too_big", code)
    if code in (401, 404):
        return Outcome("bot_refused", "bot_refused", code)
    if 400 <= code < 500 and code not in (408, 409):
        return Outcome("bad_request", "bad_request", code)
    if 200 <= code < 300:  # "taken" in words that are not Telegram's: nobody knows
        return Outcome("ambiguous", "not_telegram", code)
    return Outcome("transient", "server_error", code)


def retry_after(parameters: Any, headers: Mapping[str, str], description: str = "") -> float:
    """Seconds to wait: from the body, the header or the words, else a default; never absurd."""
    in_words = re.search(r"retry after (\d+)", description, re.IGNORECASE)
    candidates: tuple[Any, ...] = (
        part(parameters).get("retry_after"),
        headers.get("retry-after"),
        in_words[1] if in_words else None,
    )
    for value in candidates:
        try:
            seconds = float(value)
        except (TypeError, ValueError, OverflowError):  # absent, a date, a list, a number of 400 digits
            continue
        if not math.isnan(seconds):
            return min(max(seconds, 1.0), MAX_PAUSE_SECONDS)
    return DEFAULT_PAUSE_SECONDS
