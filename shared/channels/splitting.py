"""A message whose text is too long for Telegram, as several that are not (docs/protocols/telegram.md, Limits)."""

from collections.abc import Mapping
from typing import Any

from shared.channels import telegram_html

Part = tuple[str, dict[str, Any]]  # method and payload

_BESIDE_THE_TEXT = ("parse_mode", "link_preview_options", "disable_notification", "protect_content")


def split_call(method: str, payload: Mapping[str, Any], most: int = telegram_html.MAX_TEXT) -> list[Part]:
    """The calls that say what `payload` says, in order. Buttons come last, a file comes first.

    Edits are not split: there is only one message to edit.
    """
    field = "text" if method == "sendMessage" else "caption"
    text = payload.get(field)
    if not method.startswith("send") or not isinstance(text, str):
        return [(method, dict(payload))]
    split = telegram_html.split if str(payload.get("parse_mode", "")).upper() == "HTML" else telegram_html.split_plain
    pieces = split(text, most, min(most, telegram_html.MAX_CAPTION) if field == "caption" else None)
    if len(pieces) < 2:
        return [(method, dict(payload))]
    first = {**payload, field: pieces[0]}
    markup = {"reply_markup": first.pop("reply_markup")} if "reply_markup" in first else {}
    rest = {name: payload[name] for name in _BESIDE_THE_TEXT if name in payload}
    further = [("sendMessage", {**rest, "text": piece}) for piece in pieces[1:]]
    further[-1][1].update(markup)
    return [(method, first), *further]


def split_smaller(method: str, payload: Mapping[str, Any]) -> list[Part]:
    """For a message that was found too long although it fits by our count.

    ChatFlow takes texts in an address, where a Russian letter takes six characters.
    """
    return split_call(method, payload, telegram_html.MAX_TEXT // 4)
