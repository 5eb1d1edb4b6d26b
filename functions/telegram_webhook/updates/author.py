"""Who did something in a group, by the name that colleagues know."""

import re
from collections.abc import Mapping
from typing import Any

from functions.telegram_webhook import texts
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language, Text
from shared.payload.values import integer, part
from shared.support.actor import Actor

MAX_NAME = 64

# Bots that lend people their name: who writes as the group itself, and who writes as a channel of theirs.
_ADMINISTRATOR, _CHANNEL = 1_087_968_824, 136_817_688
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]+")


def author(event: Mapping[str, Any]) -> Actor | None:
    """The person who sent a message or pressed a button; None: a bot, or nobody."""
    sender = part(event, "from")
    telegram_id = integer(sender.get("id"))
    if telegram_id is None or event.get("is_automatic_forward") is True:
        return None
    if telegram_id == _ADMINISTRATOR:
        return Actor(texts.ADMINISTRATOR)
    if telegram_id == _CHANNEL:
        return Actor(_name((part(event, "sender_chat").get("title"),)))
    if sender.get("is_bot") is True:
        return None
    names = (sender.get("first_name"), sender.get("last_name"))
    return Actor(_name(names, sender.get("username")), telegram_id)


def language(event: Mapping[str, Any]) -> Language:
    """The language of the sender's app. Who reads neither Russian nor English is likely to read Russian."""
    code = part(event, "from").get("language_code")
    return "en" if isinstance(code, str) and code.partition("-")[0].lower() == "en" else "ru"


def _name(parts: tuple[Any, ...], otherwise: Any = None) -> str | Text:
    """A name without characters that are invisible, cannot be stored, or change the direction of writing."""
    whole = " ".join(_visible(name) for name in parts).strip()
    return shorten(whole or _visible(otherwise), MAX_NAME) or texts.NAMELESS


def _visible(name: Any) -> str:
    return " ".join(_INVISIBLE.sub(" ", name).split()) if isinstance(name, str) else ""
