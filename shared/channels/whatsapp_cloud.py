"""The WhatsApp Cloud API, Meta's own (docs/protocols/whatsapp.md, Cloud API)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.channels import whatsapp
from shared.channels.outcome import Outcome, Result, outcome_of
from shared.channels.telegram import retry_after
from shared.channels.whatsapp import Content
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account

VERSION = "v23.0"

# What an error's code means; the HTTP status beside it says less.
_CODES: dict[int, tuple[Result, str]] = {
    **dict.fromkeys((0, 3, 10, 190), ("bot_refused", "bot_refused")),  # the token, or what it may do
    **dict.fromkeys(range(200, 300), ("bot_refused", "bot_refused")),
    **dict.fromkeys((33, 133010), ("bot_refused", "bot_refused")),  # there is no such number
    **dict.fromkeys((368, 131005, 131031, 131042, 131045), ("bot_refused", "bot_refused")),  # locked, or not paid
    **dict.fromkeys((4, 80007, 130429, 131048), ("rate_limited", "rate_limited")),
    131056: ("rate_limited", "rate_limited"),  # too many to this one person
    131026: ("bad_request", "undeliverable"),  # now and then of people who wrote a minute ago: it closes no chat
    131030: ("bad_request", "not_allowed"),  # a test number writes to few
    **dict.fromkeys((470, 131047), ("bad_request", "window_closed")),  # after 24 hours only templates pass
    131051: ("bad_request", "not_supported"),
    **dict.fromkeys((131052, 131053), ("bad_request", "file_not_loaded")),
    **dict.fromkeys((1, 2, 131000, 131016, 131057), ("transient", "server_error")),
}
_PER_CHAT_ERRORS = 131056
_SCOPED_ID = re.compile(r"[A-Za-z]{2}(\.ENT)?\.[A-Za-z0-9_-]{1,128}")  # a country, for whole enterprises marked, the id
_NOT_ARRIVED: tuple[Result, str] = ("bad_request", "undeliverable")


async def call(
    client: HttpClient, api_url: str, account: Account, to: str, method: str, payload: Mapping[str, Any]
) -> Outcome:
    """Call `method` once. Raises nothing but cancellation."""
    content, recipient = whatsapp.to_content(method, payload), _recipient(to)
    if content is None or recipient is None:
        return whatsapp.NOT_SUPPORTED
    kind, fields = _message(content)
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", **recipient, "type": kind, kind: fields}
    url = f"{api_url}/{VERSION}/{quote(account.address or '', safe='')}/messages"
    response = await client.call("POST", url, json=body, headers={"Authorization": f"Bearer {account.token}"})
    return outcome_of(response, classify)


def _recipient(to: str) -> dict[str, str] | None:
    """A phone, or an id of somebody who hides theirs: in `to` that is answered 200 and goes nowhere."""
    if digits := whatsapp.number(to):
        return {"to": digits}
    return {"recipient": to} if _SCOPED_ID.fullmatch(to) else None


def classify(response: HttpResponse) -> Outcome:
    """The outcome that an answer means."""
    messages, error = response.fields.get("messages"), response.fields.get("error")
    if 200 <= response.status < 300 and isinstance(messages, list) and messages and isinstance(messages[0], dict):
        sent_as = messages[0].get("id")
        if isinstance(sent_as, str):
            return Outcome("sent", http_status=response.status, external_id=sent_as)
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        return _parse_error(response, error)
    return whatsapp.by_status(response, "not_whatsapp")


def failure_class(code: int | None) -> str:
    """The class of a message that did not arrive after it was taken: `code` is of the error in the status."""
    result, error_class = _CODES.get(code, _NOT_ARRIVED) if code is not None else _NOT_ARRIVED
    return "account_refused" if result == "bot_refused" else error_class


def _parse_error(response: HttpResponse, error: Mapping[str, Any]) -> Outcome:
    code, status = error["code"], response.status
    if code == 100 and error.get("error_subcode") == 33:  # an invalid parameter: the account's own address
        return Outcome("bot_refused", "bot_refused", status)
    if code not in _CODES:  # new, or about this message alone; by its status only what a status is sure to say
        is_plain = status not in (401, 429) and status < 500
        return Outcome("bad_request", "bad_request", status) if is_plain else whatsapp.by_status(response, "")
    result, error_class = _CODES[code]
    if result != "rate_limited":
        return Outcome(result, error_class, status)
    pause = retry_after(None, response.headers)
    return Outcome(result, error_class, status, retry_after=pause, bot_wide=code != _PER_CHAT_ERRORS)


def _message(content: Content) -> tuple[str, dict[str, Any]]:
    if content.kind == "text":
        return "text", {"body": content.text}
    kind = "audio" if content.kind == "voice" else content.kind
    captioned = {"caption": content.text} if content.text and kind != "audio" else {}
    named = {"filename": content.file_name} if kind == "document" else {}
    return kind, {"link": content.url, **captioned, **named}
