"""Telegram's Bot API (docs/protocols/telegram.md, Errors)."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from shared.channels.outcome import Outcome, Result, outcome_of
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account
from shared.payload.values import integer, part

MAX_PAUSE_SECONDS = 3600.0
DEFAULT_PAUSE_SECONDS = 5.0

_JSON = {"Content-Type": "application/json"}

# What a description means, by its beginning without the class in front ("Bad Request: "). Texts vary in case and in
# their ends; the first that fits counts.
_ERROR_MEANINGS: tuple[tuple[str, Result, str | None], ...] = (
    ("message is not modified", "sent", None),
    ("topic_not_modified", "sent", None),
    ("bot was blocked by the user", "unreachable", "blocked"),
    ("user is deactivated", "unreachable", "blocked"),
    ("bot was kicked", "unreachable", "blocked"),
    ("bot is not a member", "unreachable", "blocked"),
    ("the group chat was deleted", "unreachable", "blocked"),
    ("bot can't initiate conversation", "unreachable", "blocked"),
    ("chat not found", "unreachable", "chat_not_found"),
    ("message thread not found", "topic_gone", "thread_not_found"),
    ("topic_deleted", "topic_gone", "thread_not_found"),
    ("topic_id_invalid", "topic_gone", "thread_not_found"),
    ("topic_closed", "topic_closed", "topic_closed"),
    ("can't parse entities", "unparsable", "unparsable"),
    ("message is too long", "too_long", "too_long"),
    ("message caption is too long", "too_long", "too_long"),
    ("media_caption_too_long", "too_long", "too_long"),
    ("method not found", "bad_request", "unknown_method"),
    ("query is too old", "bad_request", "query_too_old"),
    ("message to edit not found", "bad_request", "message_gone"),
)


async def call(
    client: HttpClient, api_url: str, account: Account, to: int, method: str, payload: Mapping[str, Any]
) -> Outcome:
    """Call `method` once; bytes are PNG files. Raises nothing but cancellation."""
    body = _body({"chat_id": to, **payload})
    response = await client.call("POST", f"{api_url}/bot{account.token}/{method}", **body)
    return outcome_of(response, classify)


def _body(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the request is made of: a form when there is a file to upload (docs/protocols/telegram.md, Files)."""
    files = {name: value for name, value in parameters.items() if isinstance(value, bytes)}
    if not files:
        return {"content": json.dumps(parameters).encode(), "headers": _JSON}
    fields = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
        if name not in files
    }
    return {"data": fields, "files": {name: (f"{name}.png", file, "image/png") for name, file in files.items()}}


def classify(response: HttpResponse) -> Outcome:
    """The outcome that an answer means. Answers that are not Telegram's (HTML, empty) count by their status."""
    fields = response.fields
    if fields.get("ok") is True:
        return _parse_success(response.status, part(fields, "result"))
    code = integer(fields.get("error_code")) or response.status
    description = str(fields.get("description", ""))
    if code == 429:
        pause = retry_after(fields.get("parameters"), response.headers, description)
        return Outcome("rate_limited", "rate_limited", code, retry_after=pause)
    if moved_to := integer(part(fields, "parameters").get("migrate_to_chat_id")):
        return Outcome("migrated", "migrated", code, moved_to=moved_to)
    return _parse_error(code, description.lower().partition(": ")[2] or description.lower())


def _parse_success(status: int, result: Mapping[str, Any]) -> Outcome:
    return Outcome(
        "sent",
        http_status=status,
        message_id=integer(result.get("message_id")),
        thread_id=integer(result.get("message_thread_id")),
    )


def _parse_error(code: int, reason: str) -> Outcome:
    for beginning, result, error_class in _ERROR_MEANINGS:
        if reason.startswith(beginning):
            return Outcome(result, error_class, code)
    if code == 403:
        return Outcome("unreachable", "blocked", code)
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
