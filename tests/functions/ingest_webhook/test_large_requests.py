"""A large request costs its neighbours nothing."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.large_requests import MAX_RECORDS, RequestWriter, sum_counts
from functions.ingest_webhook.request import ParsedRequest, WebhookRequest
from shared.credentials.webhook_sources import Source
from shared.errors import DatabaseUnavailable
from shared.http.requests import LARGE_BYTES

Request = ParsedRequest[object]


def request(records: list[object], size: int = 10) -> Request:
    return ParsedRequest(1, "correlation", WebhookRequest("", b"x" * size, ""), records)


@dataclass
class Recorder:
    """Writes what it is given once `gate` is open; answers how many records each request had."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    written: list[list[Request]] = field(default_factory=list)

    async def write(self, requests: list[Request]) -> list[int]:
        if any(len(request.webhook.body) > LARGE_BYTES for request in requests):
            await self.gate.wait()
        self.written.append(requests)
        return [len(request.records) for request in requests]


async def test_a_small_request_does_not_wait_for_a_large_one() -> None:
    recorder = Recorder()
    writer = RequestWriter(recorder.write)
    large = asyncio.create_task(writer.submit(request([1], LARGE_BYTES + 1)))
    await asyncio.sleep(0)

    assert await writer.submit(request([2])) == [1]
    assert not large.done()
    recorder.gate.set()
    assert await large == [1]


async def test_small_requests_are_written_together_and_large_ones_alone() -> None:
    recorder = Recorder()
    recorder.gate.set()
    writer = RequestWriter(recorder.write)
    sizes = [10, LARGE_BYTES + 1, 10, LARGE_BYTES + 1, 10]
    await asyncio.gather(*(writer.submit(request([1], size)) for size in sizes))

    assert all(len(group) == 1 for group in recorder.written if len(group[0].webhook.body) > 10)
    assert sum(len(group) for group in recorder.written) == len(sizes)
    assert len(recorder.written) < len(sizes)


async def test_large_requests_are_parsed_one_at_a_time_and_small_ones_beside_them() -> None:
    begun, gate, parsing, most = threading.Event(), threading.Event(), 0, 0

    def parser(webhook: WebhookRequest, _: Source) -> list[object]:
        nonlocal parsing, most
        if len(webhook.body) > LARGE_BYTES:
            parsing += 1
            most = max(most, parsing)
            begun.set()
            gate.wait(60)
            parsing -= 1
        return [1]

    recorder = Recorder()
    recorder.gate.set()
    writer = RequestWriter(recorder.write)
    source = Source(1, "school", {}, "UTC", [])
    large = [
        asyncio.create_task(writer.store(parser, WebhookRequest("", b"x" * (LARGE_BYTES + 1), ""), source))
        for _ in range(3)
    ]
    assert await asyncio.to_thread(begun.wait, 60)
    assert await writer.store(parser, WebhookRequest("", b"x", ""), source) == ([1], [1])
    gate.set()
    assert await asyncio.gather(*large) == [([1], [1])] * 3
    assert most == 1


async def test_many_records_are_written_in_pieces_in_their_order() -> None:
    recorder = Recorder()
    records: list[object] = list(range(2 * MAX_RECORDS + 5))

    assert await RequestWriter(recorder.write).submit(request(records)) == [MAX_RECORDS, MAX_RECORDS, 5]
    assert [record for [piece] in recorder.written for record in piece.records] == records


async def test_what_was_not_parsed_is_written_once_for_the_body_is_kept_with_it() -> None:
    recorder = Recorder()
    unparsed: list[object] = [Unparsed("why")] * (2 * MAX_RECORDS)

    await RequestWriter(recorder.write).submit(request([1, *unparsed, 2]))

    assert [list(piece.records) for [piece] in recorder.written] == [unparsed, [1, 2]]


async def test_what_takes_too_long_is_answered_503_and_goes_on_when_it_comes_again() -> None:
    recorder = Recorder()
    with pytest.raises(DatabaseUnavailable):
        await RequestWriter(recorder.write, timeout=0).submit(request(list(range(MAX_RECORDS + 1))))

    assert len(recorder.written) == 1


@pytest.mark.parametrize("size", [2, LARGE_BYTES + 1])
async def test_a_request_without_records_is_one_piece(size: int) -> None:
    recorder = Recorder()
    recorder.gate.set()

    assert await RequestWriter(recorder.write).submit(request([], size)) == [0]


@pytest.mark.parametrize("pieces", [[{"stored": 0}], [{"stored": 1, "unparsed": 0}, {"stored": 2, "unparsed": 3}]])
def test_counts_of_pieces_are_added(pieces: list[dict[str, int]]) -> None:
    assert sum_counts(pieces) == {name: sum(piece[name] for piece in pieces) for piece in pieces for name in piece}
