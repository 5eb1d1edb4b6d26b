"""A customer's flood in their topic: it is shown to its beginning, for a group takes twenty messages a minute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from shared.database import sql
from shared.database.pool import Connection
from shared.support import texts

SHORT = 4_000  # characters: one message of Telegram; a text of WhatsApp's greatest length is sixteen
MAX_BYTES = 600_000  # of one customer within WINDOW; in Russian, that are 75 messages of Telegram
WINDOW = timedelta(minutes=10)

_SQL = sql.load(__file__)


async def bounded(connection: Connection, messages: Sequence[InboundMessage]) -> list[InboundMessage]:
    """The stored `messages` as topics show them: long ones of a customer who floods, shortened."""
    conversations = {inbound.conversation.conversation_id for inbound in messages if _is_long(inbound)}
    if not conversations:  # nearly always
        return list(messages)
    parameters = {"ids": list(conversations), "window": WINDOW.total_seconds(), "most": MAX_BYTES}
    rows = await sql.fetch_all(connection, _SQL["flooding"], parameters)
    flooding = {row["conversation_id"] for row in rows}
    return [
        _shortened(inbound) if _is_long(inbound) and inbound.conversation.conversation_id in flooding else inbound
        for inbound in messages
    ]


def _is_long(inbound: InboundMessage) -> bool:
    return len(inbound.message.text) > SHORT and not inbound.message.from_me


def _shortened(inbound: InboundMessage) -> InboundMessage:
    note = texts.MORE_ON_THE_PHONE.in_(inbound.conversation.desk.language)
    return replace(inbound, message=replace(inbound.message, text=f"{inbound.message.text[:SHORT]}…\n{note}"))
