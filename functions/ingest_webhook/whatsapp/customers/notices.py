"""Notices in the topics of customers whose addresses changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from uuid import UUID

from functions.ingest_webhook.whatsapp.customers import texts
from functions.ingest_webhook.whatsapp.customers.directory import Note
from functions.ingest_webhook.whatsapp.message import phone_of
from shared.i18n.texts import Text
from shared.support import topic_messages, topics
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage


@dataclass(frozen=True)
class Notice:
    """A notice for the outbox, and the request that caused it."""

    linked: LinkedMessage
    telegram_bot_id: int | None
    correlation_id: str


def of(note: Note, conversations: Mapping[UUID, Conversation], correlation_id: str) -> Iterator[Notice]:
    """The notices of `note`; `conversations` are by customer. Where nobody has a topic or a request, nobody reads."""
    customer, other = conversations[note.customer], conversations[note.other] if note.other else None
    for conversation, counterpart, text in _texts(note, customer, other):
        if not (conversation.has_topic or conversation.open_status):
            continue
        phone = phone_of(note.address)
        html = text.in_(conversation.desk.language).format(
            address=escape(f"+{phone}" if phone else note.address), other=escape(_title(counterpart))
        )
        key = f"support/address/{note.kind}/{conversation.user_id}/{correlation_id}"
        message = topic_messages.notice(conversation, html, key, correlation_id)
        if message is not None:
            yield Notice(LinkedMessage(message), conversation.desk.telegram_bot_id, correlation_id)


def _texts(
    note: Note, customer: Conversation, other: Conversation | None
) -> list[tuple[Conversation, Conversation | None, Text]]:
    if other is None:
        return [(customer, None, texts.NUMBER_CHANGED if phone_of(note.address) else texts.ADDRESS_CHANGED)]
    if note.kind == "taken":
        return [(customer, other, texts.TAKEN), (other, customer, texts.TAKEN_BY)]
    if note.kind == "joined":
        return [(customer, other, texts.JOINED), (other, customer, texts.JOINED_HERE)]
    return [(customer, other, texts.AMBIGUOUS), (other, customer, texts.AMBIGUOUS)]


def _title(conversation: Conversation | None) -> str:
    if conversation is None:
        return ""
    return topics.topic_of(conversation.user_id, conversation.name, conversation.phone, conversation.desk.language).name
