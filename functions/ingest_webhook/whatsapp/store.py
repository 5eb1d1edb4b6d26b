"""Stores messages and their effects: one transaction for all requests that are written together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from functions.ingest_webhook import inbox
from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp import conversations, echoes, effects
from functions.ingest_webhook.whatsapp.effects import Effects
from functions.ingest_webhook.whatsapp.inbound import InboundMessage, SourceDesk
from functions.ingest_webhook.whatsapp.media import with_public_url
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage, Record
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared import logs
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.support import outgoing

NO_DESK = "no client uses this source: carillon support add-client"

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
            return [_stored(request, [], 0, effects.NO_EFFECTS) for request in requests]
        async with self._database.transaction() as connection:
            return await _write(connection, requests, self._settings)


async def _write(connection: Connection, requests: Sequence[ParsedRequest[Record]], settings: Settings) -> list[Stored]:
    desks = await _find_desks(connection, requests)
    messages = await conversations.attach_to_conversations(connection, requests, desks)
    others = await echoes.drop_own_echoes(connection, messages)
    new = await _insert(connection, [with_public_url(settings, inbound) for inbound in others])
    applied = await effects.apply(connection, new)
    await inbox.store_unparsed(connection, [_with_lost_messages(request, desks) for request in requests])
    await outgoing.enqueue_linked(connection, applied.linked_messages)

    echoed = Counter(inbound.request.correlation_id for inbound in messages)
    echoed.subtract(inbound.request.correlation_id for inbound in others)
    return [
        _stored(
            request,
            [inbound for inbound in new if inbound.request is request],
            echoed[request.correlation_id],
            applied,
            has_desk=request.source_id in desks,
        )
        for request in requests
    ]


async def _find_desks(connection: Connection, requests: Sequence[ParsedRequest[Record]]) -> dict[int, SourceDesk]:
    """The desks that messages came to, by source id."""
    sources = {request.source_id for request in requests if request.records_of(ParsedMessage)}
    if not sources:
        return {}
    rows = await sql.fetch_all(connection, _SQL["find_desks"], {"sources": list(sources)})
    return {row["source_id"]: SourceDesk(**row) for row in rows}


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


def _with_lost_messages(request: ParsedRequest[Record], desks: Mapping[int, SourceDesk]) -> ParsedRequest[Record]:
    """The request as the inbox keeps it: messages that came to no desk could not be stored."""
    if request.source_id in desks or not request.records_of(ParsedMessage):
        return request
    logs.warning("source_without_client", source_id=request.source_id, next_step="carillon support add-client")
    return replace(request, records=[Unparsed(NO_DESK)])


def _stored(
    request: ParsedRequest[Record],
    new: Sequence[InboundMessage],
    echoed: int,
    applied: Effects,
    *,
    has_desk: bool = True,
) -> Stored:
    messages = len(request.records_of(ParsedMessage))
    lost = 0 if has_desk else messages
    counts = {
        "stored": len(new),
        "duplicates": messages - len(new) - echoed - lost,
        "ignored": len(request.records_of(Ignored)) + echoed,
        "unparsed": len(request.records_of(Unparsed)) + lost,
    }
    changed = {inbound.conversation.conversation_id: inbound.conversation for inbound in new}
    bots = [changed[shown].desk.telegram_bot_id for shown in changed if shown in applied.shown]
    return Stored(counts, next((bot for bot in bots if bot is not None), None), bool(changed.keys() & applied.awaiting))
