"""A message on its way into the tables: who brought it, whose client it concerns, which talk it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from functions.ingest_webhook.request import WebhookRequest
from functions.ingest_webhook.whatsapp.message import Inbound
from shared.credentials.account import Channel
from shared.support.conversations import Conversation

SILENT_KINDS = ("reaction", "sticker")  # kinds that nobody answers
LATE_AFTER = timedelta(hours=24)  # after a while apart gateways tell what was said meanwhile


@dataclass(frozen=True)
class ParsedRequest:
    """One authenticated request and what it was understood to say."""

    source_id: int
    gateway: Channel
    correlation_id: str
    delivery: WebhookRequest
    messages: Sequence[Inbound]
    unparsed: Mapping[str, int]  # how many records for which reason
    ignored: int


@dataclass(frozen=True)
class SourceDesk:
    """Whose source it is; a client that is paused or gone is only listened to."""

    source_id: int
    client_id: UUID
    is_active: bool
    gather_seconds: int
    media_bot_id: int | None  # whose token opens the gateway's files


@dataclass(frozen=True)
class InboundMessage:
    """One message of an arrival, in its talk. `id` is its row's, once it has one."""

    arrival: ParsedRequest
    client: SourceDesk
    message: Inbound
    conversation: Conversation
    id: UUID | None = None

    @property
    def is_late(self) -> bool:
        """Whether it is history: nobody waits for an answer any more."""
        return self.message.sent_at is not None and self.conversation.now - self.message.sent_at > LATE_AFTER

    @property
    def is_quiet(self) -> bool:
        """Whether it is no more than a nod."""
        return self.message.kind in SILENT_KINDS

    @property
    def is_reaction(self) -> bool:
        """Whether it is an emoji on another message, or its withdrawal."""
        return self.message.kind == "reaction"

    @property
    def role(self) -> str:
        """Whose it is: what was typed on the business's own phone is a manager's."""
        return "manager" if self.message.from_me else "user"

    @property
    def metadata(self) -> dict[str, Any]:
        """What its row says beside the words."""
        message = self.message
        return {
            "kind": message.kind,
            "media": vars(message.media) if message.media else None,
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
            "quoted_id": message.quoted_id,
            **({"from": "phone"} if message.from_me else {}),
            **({"late": True} if self.is_late else {}),
        }
