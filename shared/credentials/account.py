"""Whom we speak as."""

from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["telegram", "chatflow", "evolution", "whatsapp_cloud"]


@dataclass(frozen=True)
class Account:
    """A bot's access to its channel."""

    channel: Channel
    token: str = field(repr=False)
    address: str | None = None  # ChatFlow: instance id; Evolution: instance name; WhatsApp Cloud: phone number id


def token_associated_data(name: str) -> str:
    """What the sealed token of the bot called `name` is bound to."""
    return f"platform.bots.token_sealed/{name}"
