"""Which account was written to: each record goes to the desk whose account it names, or is set aside."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.request import ParsedRequest
from functions.ingest_webhook.whatsapp.events import AddressChange, Correction, DeliveryFailure
from functions.ingest_webhook.whatsapp.inbound import SourceDesk
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record
from shared import logs
from shared.channels.chatflow import FLOW
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
WARN_EVERY_SECONDS = 600.0  # a server that brings us a neighbour's chats does so with each of their messages
MAX_WARNED = 1000

_SQL = sql.load(__file__)
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


async def route(connection: Connection, requests: Sequence[ParsedRequest[Record]]) -> Routed:
    """Find the desk of each record that names an account."""
    sources = {request.source_id for request in requests if _addressed(request)}
    accounts = {record.account for request in requests for record in _addressed(request) if record.account}
    if not sources:
        return Routed([], {})
    rows = await sql.fetch_all(connection, _SQL["find_desks"], {"sources": list(sources), "accounts": list(accounts)})
    gateways = {row["source_id"]: row["gateway"] for row in rows}
    desks = [SourceDesk(**row) for row in rows if row["client_id"] is not None]
    own = {desk.source_id: desk for desk in desks}
    records: list[RoutedRecord[Addressed]] = []
    set_aside: dict[str, list[Unparsed]] = {}
    for request in requests:
        for record in _addressed(request):
            source = request.source_id
            desk = _desk_of(record.account, own.get(source), gateways.get(source), desks)
            if isinstance(desk, SourceDesk):
                records.append(RoutedRecord(request, desk, record))
            else:
                _warn(source, record.account, desk)
                set_aside.setdefault(request.correlation_id, []).append(desk)
    return Routed(records, set_aside)


def _addressed(request: ParsedRequest[Record]) -> list[Addressed]:
    return [record for record in request.records if isinstance(record, Addressed)]


def _desk_of(
    account: str | None, own: SourceDesk | None, gateway: str | None, desks: Iterable[SourceDesk]
) -> SourceDesk | Unparsed:
    """The desk that `account` belongs to. A desk whose account is not known takes whatever its source brings."""
    expected = own.account if own else None
    if own and account in (None, expected):
        return own
    owners = [desk for desk in desks if account and desk.account == account and desk.gateway == gateway]
    if len(owners) == 1:
        return owners[0]
    if own and (expected is None or expected.startswith(FLOW)):  # what a flow is called says nothing of its account
        return own
    if own is None:
        return Unparsed(NO_DESK)
    return Unparsed(FOREIGN_ACCOUNT.format(account=_printable(account), own=_printable(expected)))


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
