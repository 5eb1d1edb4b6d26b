"""A large request costs its neighbours little: it is parsed in a thread, alone, and written apart, piece by piece."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Generic, TypeVar

from functions.ingest_webhook.forwarding import without_headers
from functions.ingest_webhook.inbox import PAUSED, Unparsed
from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from shared import logs
from shared.credentials.webhook_sources import Source
from shared.database.group_commit import ANSWER_WITHIN_SECONDS, GroupCommit
from shared.errors import DatabaseUnavailable
from shared.http.requests import LARGE_BYTES

Record = TypeVar("Record")
Result = TypeVar("Result")
Parsed = tuple[WebhookRequest, Sequence[Any]]

MAX_RECORDS = 200  # of one transaction


class RequestWriter(Generic[Record, Result]):
    """Writes requests: small ones in groups, large ones alone."""

    def __init__(
        self,
        write: Callable[[list[ParsedRequest[Record]]], Awaitable[list[Result]]],
        timeout: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        """`write` stores a group of requests in one transaction, and is safe to repeat. `timeout` is in seconds."""
        self._timeout = timeout
        self._parsing = asyncio.Lock()
        self._small = GroupCommit(write)
        self._large = GroupCommit(write, max_rows=1)

    async def store(
        self, parser: Callable[[WebhookRequest, Source], list[Record]], webhook: WebhookRequest, source: Source
    ) -> tuple[list[Result], Sequence[Any]]:
        """Parse and store a request of `source`; the results of its pieces, and its records. Raises as `submit`."""
        parse = partial(_parse, parser, webhook, source)
        kept, records = await self._beside(parse) if len(webhook.body) > LARGE_BYTES else parse()
        request = ParsedRequest(source.id, logs.correlation_id.get(), kept, records)
        return await self.submit(request), records

    async def _beside(self, parse: Callable[[], Parsed]) -> Parsed:
        """What `parse` answers, from the one thread that parses: each more would hold up everybody else as long."""
        async with self._parsing:
            return await asyncio.to_thread(parse)

    async def submit(self, request: ParsedRequest[Record]) -> list[Result]:
        """The results of the request's pieces, after their commits; a small one has one piece.

        Raises what `write` raised, or DatabaseUnavailable when it takes too long: when the request comes again, the
        pieces that were written are duplicates.
        """
        if len(request.webhook.body) <= LARGE_BYTES and len(request.records) <= MAX_RECORDS:
            return [await self._small.submit(request)]
        ends = time.monotonic() + self._timeout
        results: list[Result] = []
        for records in _pieces(request.records):
            if results and time.monotonic() >= ends:
                raise DatabaseUnavailable
            results.append(await self._large.submit(replace(request, records=records)))
        return results


def _parse(parser: Callable[[WebhookRequest, Source], list[Any]], webhook: WebhookRequest, source: Source) -> Parsed:
    """The request as it may be kept, and its records; during a pause nothing is read."""
    kept = without_headers(webhook)
    return kept, [PAUSED] if source.is_paused else parser(kept, source)


def _pieces(records: Sequence[Record]) -> list[Sequence[Record]]:
    """The records in pieces, at least one; what was not parsed in one, for the request is kept whole with it."""
    unparsed = [record for record in records if isinstance(record, Unparsed)]
    parsed = [record for record in records if not isinstance(record, Unparsed)]
    return [
        *([unparsed] if unparsed else []),
        *(parsed[start : start + MAX_RECORDS] for start in range(0, len(parsed), MAX_RECORDS)),
    ] or [[]]


def sum_counts(pieces: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The counts of all pieces, of which there is at least one, together; each piece has all of them."""
    return {name: sum(counts[name] for counts in pieces) for name in pieces[0]}
