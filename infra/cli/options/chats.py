"""Chats as people give them: by the id that Telegram has for them."""

import re

import typer

NONE = "none"
NO_CHAT = 0  # what `none` is read as

_MINUS = str.maketrans("−–—", "---")  # what a text editor makes of a minus
_LINK = re.compile(r"(?:https?://)?t\.me/c/(\d+)\b.*")
_WHERE = "a person's id is what the bot answers to /start; a group's begins with -100"


def chat(text: str) -> int:
    """The id that `text` names. Raises typer.BadParameter."""
    written = str(text).strip().translate(_MINUS)
    if link := _LINK.fullmatch(written):
        raise typer.BadParameter(f"that is a link into a chat; the chat's id is -100{link[1]}")
    if written.startswith("@") or "t.me/" in written:
        raise typer.BadParameter(f"a chat is named by its id, a number, and not by its @name: {_WHERE}")
    if not re.fullmatch(r"-?[1-9]\d{0,17}", written):
        raise typer.BadParameter(f"a chat's id is a number: {_WHERE}")
    if re.fullmatch(r"100\d{10}", written):
        raise typer.BadParameter(f"the minus is missing: a group's id is negative, write -{written}")
    return int(written)


def chat_or_none(text: str) -> int:
    """The same; NO_CHAT for `none`. Raises typer.BadParameter."""
    return NO_CHAT if str(text).strip().lower() == NONE else chat(text)
