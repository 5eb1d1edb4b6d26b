"""Stores what gateways brought, and what follows from it: one transaction for everything that came together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from functions.ingest_webhook.getcourse import store as inbox
from functions.ingest_webhook.getcourse.parse import Unparsed
from functions.ingest_webhook.whatsapp import conversations, echoes, effects
from functions.ingest_webhook.whatsapp.inbound import InboundMessage, ParsedRequest, SourceDesk
from functions.ingest_webhook.whatsapp.media import with_public_url
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
    """What became of an arrival: numbers, the bot that has letters now, and whether somebody waits for an answer."""

    tally: dict[str, int]
    bot_id: int | None = None
    is_waiting: bool = False


class Writer:
    """Writes groups of arrivals."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """`database` is where they go; `settings` say where files are given out."""
        self._database = database
        self._settings = settings

    async def write(self, arrivals: list[ParsedRequest]) -> list[Stored]:
        """Store `arrivals` in one transaction; writing them again changes nothing.

        Raises DatabaseAway, or psycopg.Error when a row of the group is poison.
        """
        if not any(arrival.messages or arrival.unparsed for arrival in arrivals):
            return [_stored(arrival, [], 0, effects.NO_EFFECTS) for arrival in arrivals]
        async with self._database.transaction() as connection:
            return await _write(connection, arrivals, self._settings)


async def _write(connection: Connection, arrivals: Sequence[ParsedRequest], settings: Settings) -> list[Stored]:
    clients = await _find_desks(connection, arrivals)
    said = await conversations.attach_to_conversations(connection, arrivals, clients)
    others = await echoes.drop_own_echoes(connection, said)
    new = await _insert(connection, [with_public_url(settings, one) for one in others])
    follows = await effects.apply(connection, new)
    await _store_unparsed(connection, arrivals, clients)
    await outgoing.enqueue_linked(connection, follows.linked_messages)
    echoed = Counter(one.arrival.correlation_id for one in said)
    echoed.subtract(one.arrival.correlation_id for one in others)
    return [
        _stored(
            arrival,
            [one for one in new if one.arrival is arrival],
            echoed[arrival.correlation_id],
            follows,
            has_client=arrival.source_id in clients,
        )
        for arrival in arrivals
    ]


async def _find_desks(connection: Connection, arrivals: Sequence[ParsedRequest]) -> dict[int, SourceDesk]:
    """The clients of the arrivals' sources, by source id."""
    sources = {arrival.source_id for arrival in arrivals if arrival.messages}
    if not sources:
        return {}
    found = await (await connection.execute(_SQL["clients"], {"sources": list(sources)})).fetchall()
    return {row["source_id"]: SourceDesk(**row) for row in found}


async def _insert(connection: Connection, said: Sequence[InboundMessage]) -> list[InboundMessage]:
    """Those of `said` that are new, with their ids, in the order in which they came."""
    if not said:
        return []
    given = to_json_rows(
        {
            "place": place,
            "conversation_id": one.conversation.conversation_id,
            "client_id": one.client.client_id,
            "role": one.role,
            "content": one.message.text,
            "metadata": one.metadata,
            "external_id": one.message.external_id,
            "correlation_id": one.arrival.correlation_id,
        }
        for place, one in enumerate(said)
    )
    added = await (await connection.execute(_SQL["add_messages"], {"rows": given})).fetchall()
    ids = {(row["client_id"], row["external_id"], row["correlation_id"]): row["id"] for row in added}
    new = []
    for one in said:
        key = (one.client.client_id, one.message.external_id, one.arrival.correlation_id)
        if key in ids:
            new.append(replace(one, id=ids.pop(key)))
    return new


async def _store_unparsed(
    connection: Connection, arrivals: Sequence[ParsedRequest], clients: Mapping[int, SourceDesk]
) -> None:
    """Keep the deliveries of which something could not be stored, with the first reason why."""
    aside = []
    for arrival in arrivals:
        without_client = arrival.messages and arrival.source_id not in clients
        reason = NO_DESK if without_client else next(iter(arrival.unparsed), None)
        if without_client:
            logs.warning("source_without_client", source_id=arrival.source_id, next_step="carillon support add-client")
        if reason:
            record = Unparsed(reason)
            aside.append(inbox.ParsedRequest(arrival.source_id, arrival.correlation_id, arrival.delivery, [record]))
    if aside:
        await inbox.store_unparsed(connection, aside)


def _stored(
    arrival: ParsedRequest,
    new: Sequence[InboundMessage],
    echoed: int,
    follows: effects.Effects,
    *,
    has_client: bool = True,
) -> Stored:
    lost = 0 if has_client else len(arrival.messages)
    tally = {
        "stored": len(new),
        "duplicates": len(arrival.messages) - len(new) - echoed - lost,
        "ignored": arrival.ignored + echoed,
        "unparsed": sum(arrival.unparsed.values()) + lost,
    }
    told = {one.conversation.conversation_id for one in new}
    bots = [one.conversation.client.telegram_bot_id for one in new if one.conversation.conversation_id in follows.told]
    return Stored(tally, next((bot for bot in bots if bot is not None), None), bool(told & follows.waiting))
