"""Which of the messages that were sent as the business are our own: gateways tell us what we sent, too.

Known by its id, where the sender learnt it; else by its words, as an echo may come before the answer to our call, and
ChatFlow may answer no id. Each message that left swallows one echo: a second one with the same words was typed by a
person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.message import Inbound
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.channels import whatsapp
from shared.database import sql
from shared.database.pool import Connection

_EXACT = ("evolution", "whatsapp_cloud")  # gateways that echo the very id that they answered us
_SQL = sql.load(__file__)


@dataclass
class Sent:
    """A message of ours that left, or may have left; its support.messages row notes the echo."""

    message_id: UUID
    outbox_id: int
    method: str
    payload: Mapping[str, Any]
    external_id: str | None
    is_recent: bool
    echo: str | None  # the id of the echo that it swallowed

    def is_the_same(self, message: Inbound) -> bool:
        """Whether it says what an echo says."""
        ours = whatsapp.to_content(self.method, self.payload)
        if ours is None:
            return False
        kinds = {"audio" if kind == "voice" else kind for kind in (ours.kind, message.kind)}
        return len(kinds) == 1 and ours.text.split() == message.text.split()


async def drop_own_echoes(connection: Connection, said: Sequence[InboundMessage]) -> list[InboundMessage]:
    """`said` without echoes of ours. The talks are locked."""
    mine = [one for one in said if one.message.from_me]
    if not mine:
        return list(said)
    known = await _known(connection, mine)
    unknown = [one for one in mine if (one.client.client_id, one.message.external_id) not in known]
    sent = await _sent(connection, {one.conversation.conversation_id for one in unknown})
    swallowed = {
        id(one): found
        for one in unknown
        if (found := _match_echo(sent.get(one.conversation.conversation_id, []), one)) is not None
    }
    await _record_echo(connection, [found for found in swallowed.values() if found.echo is not None])
    return [one for one in said if id(one) not in swallowed]


def _match_echo(sent: Sequence[Sent], one: InboundMessage) -> Sent | None:
    """The message of ours that `one` is an echo of, now marked with it."""
    echo, exact = one.message.external_id, one.arrival.gateway in _EXACT
    for ours in sent:
        if echo in (ours.echo, ours.external_id):
            ours.echo = echo
            return ours
    for ours in sent:
        other = exact and ours.external_id is not None
        if ours.echo is None and ours.is_recent and not other and ours.is_the_same(one.message):
            ours.echo = echo
            return ours
    return None


async def _known(connection: Connection, mine: Sequence[InboundMessage]) -> set[tuple[UUID, str]]:
    """What was stored before is a repetition, whatever it says."""
    given = to_json_rows({"client_id": one.client.client_id, "external_id": one.message.external_id} for one in mine)
    found = await (await connection.execute(_SQL["known"], {"rows": given})).fetchall()
    return {(row["client_id"], row["external_id"]) for row in found}


async def _sent(connection: Connection, conversations: set[UUID]) -> dict[UUID, list[Sent]]:
    sent: dict[UUID, list[Sent]] = defaultdict(list)
    if conversations:
        parameters = {"conversations": list(conversations)}
        for row in await (await connection.execute(_SQL["sent"], parameters)).fetchall():
            sent[row.pop("conversation_id")].append(Sent(**row))
    return sent


async def _record_echo(connection: Connection, sent: Sequence[Sent]) -> None:
    if sent:
        given = to_json_rows({"id": one.message_id, "outbox_id": str(one.outbox_id), "echo": one.echo} for one in sent)
        await connection.execute(_SQL["note"], {"rows": given})
