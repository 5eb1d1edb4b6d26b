"""Which messages that were sent as the desk are our own: gateways bring us what we sent, too.

Known by the id, where the sender learnt it; else by the text, as an echo may come before the response to our call, and
ChatFlow may give no id. Each message that left has one echo: a second one with the same text was typed by a person.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.message import ParsedMessage
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.channels import whatsapp
from shared.database import sql
from shared.database.pool import Connection

_SAME_ID = ("evolution", "whatsapp_cloud")  # gateways whose echo has the id that they gave us when we sent
_SQL = sql.load(__file__)


@dataclass
class SentMessage:
    """A message of ours that left, or may have left; its support.messages row holds the echo's id."""

    message_id: UUID
    outbox_id: int
    method: str
    payload: Mapping[str, Any]
    external_id: str | None
    is_recent: bool
    is_sent_again: bool  # just now, by hand: the ids are those of the time before
    echo: str | None  # the id of its echo

    def matches(self, message: ParsedMessage) -> bool:
        """Whether `message` says the same."""
        ours = whatsapp.to_content(self.method, self.payload)
        if ours is None:
            return False
        kinds = {"audio" if kind == "voice" else kind for kind in (ours.kind, message.kind)}
        return len(kinds) == 1 and ours.text.split() == message.text.split()


async def drop_own_echoes(connection: Connection, messages: Sequence[InboundMessage]) -> list[InboundMessage]:
    """`messages` without echoes of ours. The conversations are locked."""
    from_us = [inbound for inbound in messages if inbound.message.from_me]
    if not from_us:
        return list(messages)
    stored = await _stored(connection, from_us)
    candidates = [inbound for inbound in from_us if (inbound.desk.client_id, inbound.message.external_id) not in stored]
    sent = await _sent(connection, {inbound.conversation.conversation_id for inbound in candidates})
    matched = {
        id(inbound): ours
        for inbound in candidates
        if (ours := _match_echo(sent.get(inbound.conversation.conversation_id, []), inbound)) is not None
    }
    await _record_echoes(connection, list(matched.values()))
    return [inbound for inbound in messages if id(inbound) not in matched]


def _match_echo(sent: Sequence[SentMessage], inbound: InboundMessage) -> SentMessage | None:
    """The message of ours that `inbound` is the echo of, now marked with it."""
    echo, has_same_id = inbound.message.external_id, inbound.desk.gateway in _SAME_ID
    for ours in sent:
        if echo in (ours.echo, ours.external_id):
            ours.echo = echo
            return ours
    for ours in sent:
        is_open = ours.echo is None and not (has_same_id and ours.external_id is not None)
        if (is_open or ours.is_sent_again) and ours.is_recent and ours.matches(inbound.message):
            ours.echo = echo
            return ours
    return None


async def _stored(connection: Connection, messages: Sequence[InboundMessage]) -> set[tuple[UUID, str]]:
    """What was stored before is a repetition, whatever it says."""
    keys = [{"client_id": inbound.desk.client_id, "external_id": inbound.message.external_id} for inbound in messages]
    rows = await sql.fetch_all(connection, _SQL["find_stored"], {"rows": to_json_rows(keys)})
    return {(row["client_id"], row["external_id"]) for row in rows}


async def _sent(connection: Connection, conversation_ids: Collection[UUID]) -> dict[UUID, list[SentMessage]]:
    sent: dict[UUID, list[SentMessage]] = defaultdict(list)
    if conversation_ids:
        for row in await sql.fetch_all(connection, _SQL["find_sent"], {"conversations": list(conversation_ids)}):
            sent[row.pop("conversation_id")].append(SentMessage(**row))
    return sent


async def _record_echoes(connection: Connection, sent: Sequence[SentMessage]) -> None:
    if sent:
        rows = [{"id": ours.message_id, "outbox_id": str(ours.outbox_id), "echo": ours.echo} for ours in sent]
        await connection.execute(_SQL["record_echoes"], {"rows": to_json_rows(rows)})
