"""Who did something in a group, as their colleagues know them."""

import re
from collections.abc import Mapping
from typing import Any

from functions.telegram_webhook import texts
from shared.i18n.texts import Language, Text
from shared.payload.numbers import bigint
from shared.support.updates import Actor

MAX_NAME = 64

# Bots that lend people their name: who writes as the group itself, and who writes as a channel of theirs.
_ADMINISTRATOR, _IN_A_CHANNELS_NAME = 1_087_968_824, 136_817_688
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]+")


def author(of: Mapping[str, Any]) -> Actor | None:
    """The person a message or a press is of; None: a bot's, or nobody's."""
    sender = of.get("from")
    sender = sender if isinstance(sender, dict) else {}
    number = bigint(sender.get("id"))
    if number is None or of.get("is_automatic_forward") is True:
        return None
    if number == _ADMINISTRATOR:
        return Actor(texts.ADMINISTRATOR)
    if number == _IN_A_CHANNELS_NAME:
        channel = of.get("sender_chat")
        return Actor(_name((channel.get("title") if isinstance(channel, dict) else None,)))
    if sender.get("is_bot") is True:
        return None
    names = (sender.get("first_name"), sender.get("last_name"))
    return Actor(_name(names, sender.get("username")), number)


def language(of: Mapping[str, Any]) -> Language:
    """The language of the app of whoever did it. Who reads neither Russian nor English is likely to read Russian."""
    sender = of.get("from")
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return "en" if isinstance(code, str) and code.partition("-")[0].lower() == "en" else "ru"


def _name(parts: tuple[Any, ...], otherwise: Any = None) -> str | Text:
    """A name to be shown: what cannot be seen, stored or turned round is left out."""
    whole = " ".join(_shown(part) for part in parts).strip()
    return (whole or _shown(otherwise))[:MAX_NAME] or texts.NAMELESS


def _shown(part: Any) -> str:
    return " ".join(_UNSHOWN.sub(" ", part).split()) if isinstance(part, str) else ""
