"""Stores messages and their effects: one transaction for all requests that are written together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.ingest_webhook import inbox
from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp import accounts, echoes, effects
from functions.ingest_webhook.whatsapp.accounts import Routed
from functions.ingest_webhook.whatsapp.customers import conversations
from functions.ingest_webhook.whatsapp.effects import Effects
from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.media import with_public_url
from functions.ingest_webhook.whatsapp.message import Ignored, Record
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.support import outgoing

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Stored:
    """What became of a request: numbers, the bot that has messages to send now, and whether an answer is due."""

    counts: dict[str, int]
    bot_id: int | None = None
    is_answer_due: bool = False


class Writer:
    """Writes groups of requests."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """`database` is where they go; `settings` say where files can be fetched."""
        self._database = database
        self._settings = settings

    async def write(self, requests: list[ParsedRequest[Record]]) -> list[Stored]:
        """Store `requests` in one transaction; writing them again changes nothing.

        Raises DatabaseUnavailable, or psycopg.Error when a row of the group is poison.
        """
        if all(isinstance(record, Ignored) for request in requests for record in request.records):
            return [_stored(request, [], 0, effects.NO_EFFECTS, 0) for request in requests]
        async with self._database.transaction() as connection:
            return await _write(connection, requests, self._settings)


async def _write(connection: Connection, requests: Sequence[ParsedRequest[Record]], settings: Settings) -> list[Stored]:
    routed = await accounts.route(connection, requests)
    messages = await conversations.attach_to_conversations(connection, routed)
    others = await echoes.drop_own_echoes(connection, messages)
    new = await _insert(connection, [with_public_url(settings, inbound) for inbound in others])
    applied = await effects.apply(connection, new)
    await inbox.store_unparsed(connection, [_with_set_aside(request, routed) for request in requests])
    await outgoing.enqueue_linked(connection, applied.linked_messages)

    echoed = Counter(inbound.request.correlation_id for inbound in messages)
    echoed.subtract(inbound.request.correlation_id for inbound in others)
    return [
        _stored(
            request,
            [inbound for inbound in new if inbound.request is request],
            echoed[request.correlation_id],
            applied,
            len(routed.set_aside.get(request.correlation_id, ())),
        )
        for request in requests
    ]


async def _insert(connection: Connection, messages: Sequence[InboundMessage]) -> list[InboundMessage]:
    """Those of `messages` that are new, with their ids, in the same order."""
    if not messages:
        return []
    rows = to_json_rows(
        {
            "place": place,
            "conversation_id": inbound.conversation.conversation_id,
            "client_id": inbound.desk.client_id,
            "role": inbound.role,
            "content": inbound.message.text,
            "metadata": inbound.metadata,
            "external_id": inbound.message.external_id,
            "correlation_id": inbound.request.correlation_id,
        }
        for place, inbound in enumerate(messages)
    )
    inserted = await sql.fetch_all(connection, _SQL["insert_messages"], {"rows": rows})
    ids = {(row["client_id"], row["external_id"], row["correlation_id"]): row["id"] for row in inserted}
    new = []
    for inbound in messages:
        key = (inbound.desk.client_id, inbound.message.external_id, inbound.request.correlation_id)
        if key in ids:
            new.append(replace(inbound, id=ids.pop(key)))
    return new


def _with_set_aside(request: ParsedRequest[Record], routed: Routed) -> ParsedRequest[Record]:
    """The request as the inbox keeps it: with the reasons why records of it came to no desk."""
    if set_aside := routed.set_aside.get(request.correlation_id):
        return replace(request, records=[*set_aside, *request.records_of(Unparsed)])
    return request


def _stored(
    request: ParsedRequest[Record], new: Sequence[InboundMessage], echoed: int, applied: Effects, set_aside: int
) -> Stored:
    named = len(request.records) - len(request.records_of(Ignored)) - len(request.records_of(Unparsed))
    counts = {
        "stored": len(new),
        "duplicates": named - set_aside - len(new) - echoed,
        "ignored": len(request.records_of(Ignored)) + echoed,
        "unparsed": len(request.records_of(Unparsed)) + set_aside,
    }
    changed = {inbound.conversation.conversation_id: inbound.conversation for inbound in new}
    bots = [changed[shown].desk.telegram_bot_id for shown in changed if shown in applied.shown]
    return Stored(counts, next((bot for bot in bots if bot is not None), None), bool(changed.keys() & applied.awaiting))
