"""A message on its way into the tables: which request brought it, to which desk, in which conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record
from shared.credentials.account import Channel
from shared.support import delays
from shared.support.conversations import Conversation

SILENT_KINDS = ("reaction", "sticker", "answered_call")  # kinds that nobody answers


@dataclass(frozen=True)
class SourceDesk:
    """The desk that uses a source. What is written to one that is not active is stored, and nothing follows."""

    source_id: int
    gateway: Channel
    client_id: UUID
    is_active: bool
    gather_seconds: int
    connected_at: datetime  # what was written before is none of its business
    media_bot_id: int | None  # whose token opens the gateway's files
    telegram_bot_id: int | None  # who speaks to its managers
    account: str | None  # what the gateway calls the desk's own account; None: it answers by another gateway, or not


@dataclass(frozen=True)
class InboundMessage:
    """A message in its conversation. `id` is its row's, once it has one."""

    request: ParsedRequest[Record]
    desk: SourceDesk
    message: ParsedMessage
    conversation: Conversation
    id: UUID | None = None

    @property
    def is_backlog(self) -> bool:
        """Whether a customer wrote it a day ago or more, and it comes only now, as after an outage."""
        is_old = delays.is_backlog(self.message.sent_at, self.conversation.now)
        return is_old and not self.message.from_me and not self.is_history

    @property
    def is_history(self) -> bool:
        """Whether it is old and nobody waits for it: a gateway that was paired anew brings many of these."""
        sent_at, now, handover = self.message.sent_at, self.conversation.now, self.conversation.handover
        if sent_at is None or not delays.is_backlog(sent_at, now):
            return False
        if self.message.from_me:  # a colleague's answer to what is still open is none
            return not (handover and handover.is_open and handover.created_at < sent_at)
        return sent_at < self.desk.connected_at or now - sent_at > delays.HISTORY_AFTER

    @property
    def note(self) -> str:
        """How late it came, for people; empty when it did not."""
        desk = self.conversation.desk
        return delays.note(self.message.kind, self.message.sent_at, self.conversation.now, desk.timezone, desk.language)

    @property
    def is_silent(self) -> bool:
        """Whether it is of a kind that nobody answers."""
        return self.message.kind in SILENT_KINDS

    @property
    def is_reaction(self) -> bool:
        """Whether it is an emoji on another message, or its withdrawal."""
        return self.message.kind == "reaction"

    @property
    def role(self) -> str:
        """Whose it is: what was typed on the desk's own phone is a manager's."""
        return "manager" if self.message.from_me else "user"

    @property
    def metadata(self) -> dict[str, Any]:
        """What its row says beside the text."""
        message = self.message
        return {
            "kind": message.kind,
            "media": vars(message.media) if message.media else None,
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
            "quoted_id": message.quoted_id,
            **({"from": "phone"} if message.from_me else {}),
            **({"late": True} if self.is_history else {}),
            **({"truncated": True} if message.is_cut else {}),
            **({"sanitized": True} if message.sanitized else {}),
        }
