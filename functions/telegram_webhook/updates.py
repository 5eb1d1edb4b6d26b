"""What an update means for us (protocols: section 2, Update shapes). Anything else means nothing.

Telegram adds fields and kinds all the time, so only what is used is read, and nothing is required.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.bigint import bigint

LETS_US_WRITE = ("member", "administrator", "creator")


@dataclass(frozen=True)
class Return:
    """A chat can be written to again."""

    chat_id: int


@dataclass(frozen=True)
class Move:
    """A group became a supergroup."""

    old_chat_id: int
    new_chat_id: int


def understand(update: Mapping[str, Any]) -> Return | Move | None:
    """The event in an update that concerns delivery."""
    if message := _fields(update, "message"):
        return _of_message(message)
    if change := _fields(update, "my_chat_member"):
        return _of_membership(change)
    return None


def _of_message(message: Mapping[str, Any]) -> Return | Move | None:
    chat = bigint(_fields(message, "chat").get("id"))
    became, was = bigint(message.get("migrate_to_chat_id")), bigint(message.get("migrate_from_chat_id"))
    if chat is None:
        return None
    if became is not None and became != chat:
        return Move(chat, became)
    if was is not None and was != chat:
        return Move(was, chat)
    words = message.get("text")
    if isinstance(words, str) and words.partition(" ")[0].partition("@")[0] == "/start":
        return Return(chat)
    return None


def _of_membership(change: Mapping[str, Any]) -> Return | None:
    chat = bigint(_fields(change, "chat").get("id"))
    member = _fields(change, "new_chat_member")
    may_write = member.get("status") in LETS_US_WRITE or (
        member.get("status") == "restricted" and member.get("can_send_messages") is True
    )
    return Return(chat) if chat is not None and may_write else None


def _fields(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}
