"""Which account was written to: each record goes to the desk whose account it names, or is set aside."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp.events import AddressChange, Correction, DeliveryFailure
from functions.ingest_webhook.whatsapp.gateways.signing_secrets import SigningSecrets
from functions.ingest_webhook.whatsapp.inbound import SourceDesk
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record
from functions.ingest_webhook.whatsapp.routing import proofs
from shared import logs
from shared.channels.chatflow import FLOW
from shared.credentials.webhook_sources import Source
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten

Addressed = ParsedMessage | Correction | AddressChange | DeliveryFailure  # records that name an account
Kind_co = TypeVar("Kind_co", covariant=True)
Wanted = TypeVar("Wanted")

NO_DESK = "no client uses this source: carillon support add-client"
FOREIGN_ACCOUNT = (
    "for account {account}, but the client of this source writes as {own}: if {account} is theirs, carillon bots add "
    "NAME --address '{account}', then carillon support settings CLIENT --whatsapp-bot NAME; else stop its webhook"
)
FOREIGN_DESK = (
    "for account {account} of another client, whose source has another secret: let the gateway call that source's "
    "address; or, if both are in the same hands, give both sources one secret: carillon sources rotate NAME --provider "
    "whatsapp {option}"
)
WARN_EVERY_SECONDS = 600.0  # a server that brings us a neighbour's chats does so with each of their messages
MAX_WARNED = 1000

_SQL = sql.load(__file__)
_DESK_FIELDS = tuple(field.name for field in fields(SourceDesk))
_warned: dict[tuple[int, str], float] = {}


@dataclass(frozen=True)
class RoutedRecord(Generic[Kind_co]):
    """A record with the desk that it is for, which need not be the one of the source that brought it."""

    request: ParsedRequest[Record]
    desk: SourceDesk
    record: Kind_co


@dataclass(frozen=True)
class Routed:
    """The records of some requests in order, and why others were set aside, by correlation id."""

    records: Sequence[RoutedRecord[Addressed]]
    set_aside: Mapping[str, Sequence[Unparsed]]

    def records_of(self, *kinds: type[Wanted]) -> list[RoutedRecord[Wanted]]:
        """The records of some kinds, in order."""
        return [
            RoutedRecord(routed.request, routed.desk, routed.record)
            for routed in self.records
            if isinstance(routed.record, kinds)
        ]

    def with_set_aside(self, set_aside: Mapping[str, Sequence[Unparsed]]) -> "Routed":
        """The same with more that was set aside."""
        more = {key: [*self.set_aside.get(key, ()), *reasons] for key, reasons in set_aside.items()}
        return Routed(self.records, {**self.set_aside, **more})


async def route(
    connection: Connection, requests: Sequence[ParsedRequest[Record]], signing_secrets: SigningSecrets
) -> Routed:
    """Find the desk of each record that names an account.

    A source brings what is for another desk only if what proves its calls proves that desk's, too.
    """
    sources = {request.source_id for request in requests if _addressed(request)}
    accounts = {record.account for request in requests for record in _addressed(request) if record.account}
    if not sources:
        return Routed([], {})
    rows = await sql.fetch_all(connection, _SQL["find_desks"], {"sources": list(sources), "accounts": list(accounts)})
    by_id = {row["source_id"]: _source(row) for row in rows}
    desks = [_desk(row) for row in rows if row["client_id"] is not None]
    own = {desk.source_id: desk for desk in desks}
    named = [
        (request, record, _owner_of(record.account, own.get(request.source_id), by_id.get(request.source_id), desks))
        for request in requests
        for record in _addressed(request)
    ]
    foreign = {
        (request.source_id, owner.source_id)
        for request, _, owner in named
        if owner and owner.source_id != request.source_id
    }
    proven = await proofs.shared(connection, foreign, by_id, signing_secrets) if foreign else frozenset[proofs.Pair]()
    records: list[RoutedRecord[Addressed]] = []
    set_aside: dict[str, list[Unparsed]] = {}
    for request, record, owner in named:
        source = request.source_id
        if owner and (owner.source_id == source or (source, owner.source_id) in proven):
            records.append(RoutedRecord(request, owner, record))
        else:
            reason = _reason(record.account, own.get(source), owner)
            _warn(source, record.account, reason)
            set_aside.setdefault(request.correlation_id, []).append(reason)
    return Routed(records, set_aside)


def _addressed(request: ParsedRequest[Record]) -> list[Addressed]:
    return [record for record in request.records if isinstance(record, Addressed)]


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        row["source_id"], row["source"], {}, "UTC", [],
        gateway=row["gateway"], signing_secret_sealed=row["signing_secret_sealed"],
    )  # fmt: skip


def _desk(row: Mapping[str, Any]) -> SourceDesk:
    return SourceDesk(**{name: row[name] for name in _DESK_FIELDS})


def _owner_of(
    account: str | None, own: SourceDesk | None, source: Source | None, desks: Iterable[SourceDesk]
) -> SourceDesk | None:
    """The desk that `account` belongs to. A desk whose account is not known takes what is nobody else's."""
    expected = own.account if own else None
    if own and account in (None, expected):
        return own
    gateway = source.gateway if source else None
    owners = [desk for desk in desks if account and desk.account == account and desk.gateway == gateway]
    if len(owners) == 1:
        return owners[0]
    # What a flow is called says nothing of its account.
    return own if own and (expected is None or expected.startswith(FLOW)) else None


def _reason(account: str | None, own: SourceDesk | None, owner: SourceDesk | None) -> Unparsed:
    """Why a record for `account` is set aside: the account's desk may not be written to, or there is none."""
    if owner:
        option = "--signing-secret-stdin" if owner.gateway == "whatsapp_cloud" else "--secret-stdin"
        return Unparsed(FOREIGN_DESK.format(account=_printable(account), option=option))
    if own is None:
        return Unparsed(NO_DESK)
    return Unparsed(FOREIGN_ACCOUNT.format(account=_printable(account), own=_printable(own.account)))


def _printable(account: str | None) -> str:
    return shorten("".join(character if character.isprintable() else "?" for character in account or ""), 100)


def _warn(source_id: int, account: str | None, reason: Unparsed) -> None:
    """Log that something was set aside, once in a while for each pair of source and account."""
    key, now = (source_id, account or ""), time.monotonic()
    if now - _warned.get(key, -WARN_EVERY_SECONDS) < WARN_EVERY_SECONDS:
        return
    if len(_warned) >= MAX_WARNED:
        _warned.clear()
    _warned[key] = now
    if reason.reason == NO_DESK:
        logs.warning("source_without_client", source_id=source_id, next_step="carillon support add-client")
    else:
        logs.warning("foreign_account", source_id=source_id, cause=reason.reason, next_step="carillon doctor")
