"""Entities that a bot gives with its text: checked with the server's own errors."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from infra.sandbox.telegram.errors import bad_request, unparsable
from infra.sandbox.telegram.formatting.links import problem_of

_FOUND_BY_ITSELF = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card"}
)
_KINDS = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre",
    "text_link", "text_mention", "custom_emoji", "date_time",
})  # fmt: skip
_FIELDS = {"pre": "language", "text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id",
           "date_time": "unix_time"}  # fmt: skip


def checked(text: str, given: object) -> list[dict[str, Any]]:
    """The entities as the message has them. Raises ApiError."""
    if not isinstance(given, list):
        return []
    ends = _ends(text)
    kept = [entity for entity in (_entity(ends, entity) for entity in given) if entity]
    return sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(ends: dict[int, int], given: object) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        reason = "can't parse MessageEntity: expected an Object"
        raise bad_request(reason)
    kind = str(given.get("type", ""))
    if kind in _FOUND_BY_ITSELF:
        return None
    if kind not in _KINDS:
        reason = "can't parse MessageEntity: Unsupported type specified"
        raise bad_request(reason)
    offset, length = _whole(given, "offset"), _whole(given, "length")
    _check_place(ends, offset, length)
    if length <= 0:
        return None
    entity = {"offset": offset, "length": length, "type": kind}
    field = _FIELDS.get(kind)
    if field and given.get(field) is not None:
        entity[field] = given[field]
    if kind == "text_link":
        _check_link(str(given.get("url", "")))
    if kind == "custom_emoji" and not str(given.get("custom_emoji_id", "")).isdecimal():
        reason = "Invalid custom emoji identifier specified"
        raise unparsable(reason)
    return entity


def _check_place(ends: dict[int, int], offset: int, length: int) -> None:
    last = max(ends)
    if offset < 0:
        reason = f"entity with negative offset {offset} specified"
        raise bad_request(reason)
    if length < 0:
        reason = f"entity with negative length {length} specified"
        raise bad_request(reason)
    if offset > last or (offset == last and length > 0):
        reason = f"entity begins after the end of the text at UTF-16 offset {offset}"
        raise bad_request(reason)
    if offset not in ends:
        reason = f"entity begins in a middle of a UTF-16 symbol at byte offset {_byte_after(ends, offset)}"
        raise bad_request(reason)
    if offset + length > last:
        reason = f"entity beginning at UTF-16 offset {offset} ends after the end of the text"
        reason += f" at UTF-16 offset {offset + length}"
        raise bad_request(reason)
    if offset + length not in ends:
        reason = f"entity ends in a middle of a UTF-16 symbol at byte offset {_byte_after(ends, offset + length)}"
        raise bad_request(reason)


def _check_link(url: str) -> None:
    if urlsplit(url).scheme in ("tg", "ton", "mailto", "tel"):
        return
    if problem := problem_of(url):
        reason = f"entity URL '{url}' is invalid: {problem}"
        raise bad_request(reason)


def _ends(text: str) -> dict[int, int]:
    """The UTF-16 offsets between characters, each with its offset in bytes."""
    ends, units, size = {0: 0}, 0, 0
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        size += len(character.encode())
        ends[units] = size
    return ends


def _byte_after(ends: dict[int, int], offset: int) -> int:
    return ends[min(end for end in ends if end > offset)]


def _whole(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    if value is None:
        reason = f"can't parse MessageEntity: Can't find field \"{name}\""
        raise bad_request(reason)
    try:
        return int(value)
    except (TypeError, ValueError):
        reason = f'can\'t parse MessageEntity: Field "{name}" must be of type Number'
        raise bad_request(reason) from None
