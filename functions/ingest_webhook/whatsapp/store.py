"""Stores messages and their effects: one transaction for all requests that are written together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from functions.ingest_webhook import inbox
from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.large_requests import sum_counts
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp import corrections, effects
from functions.ingest_webhook.whatsapp.customers import conversations
from functions.ingest_webhook.whatsapp.customers.conversations import AddressesChanged
from functions.ingest_webhook.whatsapp.effects import Effects
from functions.ingest_webhook.whatsapp.events import Correction, DeliveryFailure
from functions.ingest_webhook.whatsapp.gateways.signing_secrets import SigningSecrets
from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from functions.ingest_webhook.whatsapp.media import with_public_url
from functions.ingest_webhook.whatsapp.message import Ignored, Record
from functions.ingest_webhook.whatsapp.outgoing import delivery_failures, echoes
from functions.ingest_webhook.whatsapp.routing import accounts
from functions.ingest_webhook.whatsapp.routing.accounts import Routed
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.config import Settings
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable
from shared.support import outgoing

MAX_TRIES = 10  # of a transaction that met another one with the same new customer

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Stored:
    """What became of a request: numbers, the bot that has messages to send now, and whether an answer is due."""

    counts: dict[str, int]
    bot_id: int | None = None
    is_answer_due: bool = False


def total(pieces: Sequence[Stored]) -> Stored:
    """What became of a request that was written in pieces."""
    bot_id = next((piece.bot_id for piece in pieces if piece.bot_id is not None), None)
    return Stored(sum_counts([piece.counts for piece in pieces]), bot_id, any(piece.is_answer_due for piece in pieces))


class Writer:
    """Writes groups of requests."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """`database` is where they go; `settings` say where files can be fetched."""
        self._database = database
        self._settings = settings
        self._signing_secrets = SigningSecrets(settings.secrets_key)

    async def write(self, requests: list[ParsedRequest[Record]]) -> list[Stored]:
        """Store `requests` in one transaction; writing them again changes nothing.

        Raises DatabaseUnavailable, or psycopg.Error when a row of the group is poison.
        """
        if all(isinstance(record, Ignored) for request in requests for record in request.records):
            return [_stored(request, Written()) for request in requests]
        for _ in range(MAX_TRIES):
            try:
                async with self._database.transaction() as connection:
                    routed = await accounts.route(connection, requests, self._signing_secrets)
                    return await _write(connection, requests, routed, self._settings)
            except AddressesChanged:
                continue
        raise DatabaseUnavailable


@dataclass(frozen=True)
class Written:
    """What became of the records of all requests."""

    new: Sequence[InboundMessage] = ()
    echoes: Counter[str] = field(default_factory=Counter)  # of our own messages, by correlation id, as what follows
    events: Counter[str] = field(default_factory=Counter)  # that are no messages, and were new
    set_aside: Counter[str] = field(default_factory=Counter)
    notices: Mapping[str, int | None] = field(default_factory=dict)  # the bots that have some to send
    effects: Effects = effects.NO_EFFECTS


async def _write(
    connection: Connection, requests: Sequence[ParsedRequest[Record]], routed: Routed, settings: Settings
) -> list[Stored]:
    attached = await conversations.attach_to_conversations(connection, routed)
    others = await echoes.drop_own_echoes(connection, attached.messages)
    new = await _insert(connection, [with_public_url(settings, inbound) for inbound in others])
    applied = await effects.apply(connection, new)
    corrected = await corrections.apply(connection, routed.records_of(Correction))
    routed = routed.with_set_aside(corrected.unknown)
    failed = await delivery_failures.store(connection, routed.records_of(DeliveryFailure))
    await inbox.store_unparsed(connection, [_with_set_aside(request, routed) for request in requests])
    notices = [notice.linked for notice in attached.notices]
    await outgoing.enqueue_linked(connection, [*notices, *applied.linked_messages, *corrected.linked_messages])

    echoed = Counter(inbound.request.correlation_id for inbound in attached.messages)
    echoed.subtract(inbound.request.correlation_id for inbound in others)
    written = Written(
        new,
        echoed,
        Counter(attached.changes) + corrected.new + Counter(failure.request.correlation_id for failure in failed),
        Counter({correlation_id: len(records) for correlation_id, records in routed.set_aside.items()}),
        {failure.request.correlation_id: failure.desk.telegram_bot_id for failure in failed}
        | {notice.correlation_id: notice.telegram_bot_id for notice in attached.notices}
        | corrected.notices,
        applied,
    )
    return [_stored(request, written) for request in requests]


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


def _stored(request: ParsedRequest[Record], written: Written) -> Stored:
    correlation_id = request.correlation_id
    new = [inbound for inbound in written.new if inbound.request is request]
    ignored, unparsed = len(request.records_of(Ignored)), len(request.records_of(Unparsed))
    echoed, set_aside = written.echoes[correlation_id], written.set_aside[correlation_id]
    stored = len(new) + written.events[correlation_id]
    counts = {
        "stored": stored,
        "duplicates": len(request.records) - ignored - unparsed - set_aside - echoed - stored,
        "ignored": ignored + echoed,
        "unparsed": unparsed + set_aside,
    }
    changed = {inbound.conversation.conversation_id: inbound.conversation for inbound in new}
    bots = [changed[shown].desk.telegram_bot_id for shown in changed if shown in written.effects.shown]
    bots.append(written.notices.get(correlation_id))
    bot_id = next((bot for bot in bots if bot is not None), None)
    return Stored(counts, bot_id, bool(changed.keys() & written.effects.awaiting))
