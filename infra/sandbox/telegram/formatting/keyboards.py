"""Keyboards: checked, cleaned and returned as the real server does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.formatting.links import problem_of
from infra.sandbox.telegram.params import json_value

if TYPE_CHECKING:
    from infra.sandbox.telegram.params import Params

_MAX_DATA_BYTES = 64
_MAX_KEYBOARD_BYTES = 10_000
_OTHER_LINKS = ("tg://", "ton://", "tonsite://")


def inline_keyboard(params: Params, *, is_private: bool, is_edit: bool = False) -> dict[str, Any]:
    """`reply_markup` with the inline keyboard of the message; empty for other kinds of markup. Raises ApiError."""
    markup = json_value(params, "reply_markup", "reply keyboard markup")
    if markup is None or markup == {}:
        return {}
    if not isinstance(markup, dict):
        reason = "object expected as reply markup"
        raise bad_request(reason)
    if len(json.dumps(markup, ensure_ascii=False).encode()) > _MAX_KEYBOARD_BYTES:
        reason = "reply markup is too long"
        raise bad_request(reason)
    if "inline_keyboard" not in markup:
        if is_edit:
            reason = "inline keyboard expected"
            raise bad_request(reason)
        _check_reply_keyboard(markup)
        return {}
    kept = [[shown for button in row if (shown := _button(button, is_private=is_private))] for row in _rows(markup)]
    kept = [row for row in kept if row]
    return {"reply_markup": {"inline_keyboard": kept}} if kept else {}


def _rows(markup: dict[str, Any]) -> list[list[object]]:
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list):
        reason = 'field "inline_keyboard" must be of type Array'
        raise bad_request(reason)
    if not all(isinstance(row, list) for row in rows):
        reason = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        raise bad_request(reason)
    return rows


def _check_reply_keyboard(markup: dict[str, Any]) -> None:
    """A keyboard of the person's own, which is no part of the message."""
    if "keyboard" not in markup:
        return
    rows = markup["keyboard"]
    if not isinstance(rows, list):
        reason = 'field "keyboard" must be of type Array'
        raise bad_request(reason)
    if not all(isinstance(row, list) for row in rows):
        reason = 'field "keyboard" must be an Array of Arrays'
        raise bad_request(reason)
    for button in (button for row in rows for button in row):
        if isinstance(button, dict):
            _check_text(button, "keyboard button")
        elif not isinstance(button, str):
            reason = "can't parse keyboard button: KeyboardButton must be an Object"
            raise bad_request(reason)


def _check_text(button: dict[str, Any], what: str) -> None:
    if "text" not in button or button["text"] is None:
        reason = f"can't parse {what}: Can't find field \"text\""
        raise bad_request(reason)
    if not isinstance(button["text"], str):
        reason = f'can\'t parse {what}: Field "text" must be of type String'
        raise bad_request(reason)


def _button(button: object, *, is_private: bool) -> dict[str, Any] | None:
    """The button as the message has it; None: it has an empty text, and is left out."""
    if not isinstance(button, dict):
        reason = "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        raise bad_request(reason)
    _check_text(button, "inline keyboard button")
    given = {key: value for key, value in button.items() if value is not None and not (key == "url" and value == "")}
    if len(given) == 1:
        reason = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        raise bad_request(reason)
    if not given["text"]:
        return None
    if "callback_data" in given and not _fits(given["callback_data"]):
        reason = "BUTTON_DATA_INVALID"
        raise bad_request(reason)
    if "url" in given:
        _check_url(str(given["url"]))
    if "web_app" in given:
        _check_web_app(given["web_app"], is_private=is_private)
    return given


def _check_url(url: str) -> None:
    problem = None if url.lower().startswith(_OTHER_LINKS) else problem_of(url)
    if problem:
        reason = f"inline keyboard button URL '{url}' is invalid: {problem}"
        raise bad_request(reason)


def _check_web_app(web_app: object, *, is_private: bool) -> None:
    url = str(web_app.get("url", "")) if isinstance(web_app, dict) else ""
    problem = problem_of(url) if url.startswith("https://") else "Only HTTPS links are allowed"
    if problem:
        reason = f"inline keyboard button Web App URL '{url}' is invalid: {problem}"
        raise bad_request(reason)
    if not is_private:
        reason = "BUTTON_TYPE_INVALID"
        raise bad_request(reason)


def _fits(data: object) -> bool:
    return isinstance(data, str) and 1 <= len(data.encode()) <= _MAX_DATA_BYTES
