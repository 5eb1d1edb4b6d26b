"""Inline keyboards: checked, cleaned and returned as the real server does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.params import json_value

if TYPE_CHECKING:
    from infra.sandbox.telegram.params import Params

_MAX_DATA_BYTES = 64
_FOREIGN_SCHEME = re.compile(r"(?!https?:|tg:|ton:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def reply_markup(params: Params) -> dict[str, Any] | None:
    """The inline keyboard of the message; other kinds of markup are no part of one. Raises ApiError."""
    markup = json_value(params, "reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        reason = "object expected as reply markup"
        raise bad_request(reason)
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        reason = 'field "inline_keyboard" must be of type Array of Arrays'
        raise bad_request(reason)
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: object) -> dict[str, Any]:
    if not isinstance(button, dict):
        reason = "can't parse inline keyboard button: Button must be an Object"
        raise bad_request(reason)
    given = {key: value for key, value in button.items() if value is not None}
    if not given.get("text"):
        reason = 'can\'t parse inline keyboard button: Field "text" must be of type String'
        raise bad_request(reason)
    if len(given) == 1:
        reason = "text buttons are unallowed in the inline keyboard"
        raise bad_request(reason)
    if "callback_data" in given and not _fits(given["callback_data"]):
        reason = "BUTTON_DATA_INVALID"
        raise bad_request(reason)
    if "url" in given and _FOREIGN_SCHEME.match(str(given["url"])):
        reason = f"inline keyboard button URL '{given['url']}' is invalid: Unsupported URL protocol"
        raise bad_request(reason)
    return given


def _fits(data: object) -> bool:
    return isinstance(data, str) and 1 <= len(data.encode()) <= _MAX_DATA_BYTES
