"""Who did something in a group, as their colleagues know them."""

import re
from collections.abc import Mapping
from typing import Any

from shared.payload.numbers import bigint
from shared.support.updates import Actor

MAX_NAME = 64
NAMELESS = "Без имени"

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
        return Actor("Администратор")
    if number == _IN_A_CHANNELS_NAME:
        channel = of.get("sender_chat")
        return Actor(_name((channel.get("title") if isinstance(channel, dict) else None,)))
    if sender.get("is_bot") is True:
        return None
    names = (sender.get("first_name"), sender.get("last_name"))
    return Actor(_name(names, sender.get("username")), number)


def _name(parts: tuple[Any, ...], otherwise: Any = None) -> str:
    """A name to be shown: what cannot be seen, stored or turned round is left out."""
    whole = " ".join(_shown(part) for part in parts).strip()
    return (whole or _shown(otherwise) or NAMELESS)[:MAX_NAME]


def _shown(part: Any) -> str:
    return " ".join(_UNSHOWN.sub(" ", part).split()) if isinstance(part, str) else ""
