"""What gateways report besides messages (docs/protocols/whatsapp.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Correction:
    """A customer's or our own earlier message was edited, or deleted (`text` is None).

    `original_id` is the gateway's id of the message; who wrote it says our table, not the envelope. `external_id` is
    the id of the correction itself, as far as it has one.
    """

    account: str | None
    original_id: str
    text: str | None
    external_id: str | None
    sent_at: datetime | None
    raw: dict[str, Any]


@dataclass(frozen=True)
class AddressChange:
    """A customer has other addresses now. Both are tuples like ParsedMessage.addresses; what is in both stays."""

    account: str | None
    former: tuple[str, ...]
    addresses: tuple[str, ...]
    external_id: str
    sent_at: datetime | None


@dataclass(frozen=True)
class DeliveryFailure:
    """A message of ours that the gateway had taken did not arrive after all.

    `external_id` is the id that the gateway gave it; `error_class` one of the outbox's classes.
    """

    account: str | None
    external_id: str
    error_class: str
