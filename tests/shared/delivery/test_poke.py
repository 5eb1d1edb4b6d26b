"""Pokes: who has work, told once in a short while, at no risk for whoever tells it."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import config, freezing
from shared.clients.sqs import region
from shared.delivery.poke import MAX_WAIT_SECONDS, Poke
from shared.errors import ConfigError
from tests.helpers import canaries
from tests.helpers.queues import CREDENTIALS, SECRET_KEY, Queue, fifo, groups, sqs
from tests.helpers.serving import free_port
from tests.helpers.waiting import until

URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/pokes.fifo"


@pytest.fixture(scope="module")
def endpoint(printed: Path) -> Iterator[str]:
    """The stand-in for SQS."""
    with sqs(printed) as address:
        yield address


@pytest.fixture
def queue(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """A queue that this process can reach."""
    made = fifo(endpoint)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


def poke_to(queue: Queue) -> Poke:
    return Poke(f"sqs:{queue.url}", canaries.CRON_SECRET)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        (URL, "eu-central-1"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/pokes.fifo", "cn-north-1"),
        ("https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/pokes.fifo", "us-gov-west-1"),
        ("https://vpce-0a1b-2c.sqs.us-east-1.vpce.amazonaws.com/123456789012/pokes.fifo", "us-east-1"),
    ],
)
def test_a_queues_address_says_its_region(url: str, where: str) -> None:
    settings = config.load({"DATABASE_URL": "postgresql://h/d", "POKE": f"sqs:{url}"})

    assert settings.poke == f"sqs:{url}"
    assert region(url) == where


@pytest.mark.parametrize(
    "url",
    ["", "pokes.fifo", URL.removesuffix(".fifo"), URL.replace("eu-central-1.", ""), URL.replace("https", "ftp")],
)
def test_what_is_no_fifo_queue_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^POKE calls nobody: .*[^o]$"):
        config.load({"DATABASE_URL": "postgresql://h/d", "POKE": f"sqs:{url}"})


async def test_a_poke_waits_in_the_group_of_its_bot(queue: Queue) -> None:
    poke = poke_to(queue)

    await poke(7)
    await poke()
    await poke(12)

    assert sorted(groups(queue.drain()), key=str) == [("bot-12", 12), ("bot-7", 7), ("bot-any", None)]


async def test_equal_pokes_one_after_the_other_all_arrive(queue: Queue) -> None:
    poke = poke_to(queue)

    for _ in range(3):
        await poke(7)

    assert groups(queue.drain()) == [("bot-7", 7)] * 3


async def test_a_burst_becomes_a_few_messages_and_the_last_one_leaves_after_the_last_poke(queue: Queue) -> None:
    poke = poke_to(queue)
    poked_at: list[float] = []

    async def webhook(number: int) -> None:
        await asyncio.sleep(number * 0.0007)
        poked_at.append(time.time())
        await poke(7)

    await asyncio.gather(*(webhook(number) for number in range(200)))

    sent_at = [int(record["attributes"]["SentTimestamp"]) for record in queue.drain()]
    assert 1 <= len(sent_at) <= 20
    assert max(sent_at) >= int(max(poked_at) * 1000)


async def test_a_poke_does_not_rely_on_one_that_is_already_on_its_way(queue: Queue) -> None:
    poke = poke_to(queue)

    earlier = asyncio.create_task(poke(7))
    while not poke._last[7]:  # noqa: ASYNC110 - until it has left, and not longer
        await asyncio.sleep(0)
    await poke(7)
    await earlier

    assert groups(queue.drain()) == [("bot-7", 7)] * 2


async def test_pokes_of_several_bots_are_not_gathered_into_one(queue: Queue) -> None:
    poke = poke_to(queue)

    await asyncio.gather(*(poke(bot) for bot in [1, 2, 3] * 20))

    assert sorted(groups(queue.drain())) == [("bot-1", 1), ("bot-2", 2), ("bot-3", 3)]


async def test_a_poke_that_meets_a_running_dispatcher_comes_next_and_other_bots_do_not_wait(queue: Queue) -> None:
    poke = poke_to(queue)
    await poke(7)
    [running] = queue.receive()

    await poke(7)
    await poke(8)

    assert groups(queue.receive()) == [("bot-8", 8)]
    queue.done(running)
    assert groups(queue.receive()) == [("bot-7", 7)]


async def test_a_queue_that_is_gone_is_a_line_in_the_log(queue: Queue, capsys: pytest.CaptureFixture[str]) -> None:
    queue.client.delete_queue(QueueUrl=queue.url)

    await poke_to(queue)(7)

    said = capsys.readouterr().out
    assert '"event": "poke_failed", "error": "AWS.SimpleQueueService.NonExistentQueue"' in said
    assert SECRET_KEY not in said
    assert CREDENTIALS["AWS_ACCESS_KEY_ID"] not in said


async def test_a_queue_that_hangs_costs_each_caller_two_seconds_and_the_process_one_thread(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        poke = Poke(f"sqs:{URL}", canaries.CRON_SECRET)
        started = time.monotonic()
        waits = await asyncio.gather(*(timed(poke, after=number * 0.01) for number in range(100)))
        lasted = time.monotonic() - started
        while poke._tasks:
            await asyncio.wait(set(poke._tasks))

    assert max(waits) < 2 * MAX_WAIT_SECONDS  # nobody waits for a second poke after the first
    assert lasted < 10 * MAX_WAIT_SECONDS  # one after the other they would take minutes
    assert capsys.readouterr().out.count('"poke_failed", "error": "TimeoutError"') == 2


async def timed(poke: Poke, after: float) -> float:
    """How long a poke keeps its caller."""
    await asyncio.sleep(after)
    started = time.monotonic()
    await poke(7)
    return time.monotonic() - started


async def test_over_http_nobody_waits_and_no_bot_is_named() -> None:
    requests: list[bytes] = []
    answered = asyncio.Event()

    async def dispatcher(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        await answered.wait()  # a run takes its time
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(dispatcher, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        poke = Poke(f"http://127.0.0.1:{port}/dispatch", canaries.CRON_SECRET)
        await asyncio.gather(*(poke(7) for _ in range(200)))  # all are back, and nobody was answered
        await until(lambda: requests)
        await poke(7)
        await until(lambda: len(requests) > 1)
        answered.set()
        await asyncio.sleep(0.1)

    assert len(requests) == 2
    assert {request.split(b"\r\n")[0] for request in requests} == {b"POST /dispatch HTTP/1.1"}
    assert all(f"X-Cron-Secret: {canaries.CRON_SECRET}".encode() in request for request in requests)


async def test_where_the_process_freezes_after_its_answer_the_request_has_left_before_it() -> None:
    received, ended = list[bytes](), asyncio.Event()

    async def dispatcher(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.read()  # until whoever poked is gone
        writer.close()
        ended.set()

    async with await asyncio.start_server(dispatcher, "127.0.0.1", 0) as server:
        poke = Poke(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", canaries.CRON_SECRET)
        was = freezing.between_requests.set(True)
        try:
            await poke(7)
        finally:
            freezing.between_requests.reset(was)
        for task in poke._tasks:  # as if nothing of it ever went on
            task.cancel()
        await ended.wait()

    assert received[0].startswith(b"POST / HTTP/1.1")


async def test_a_dispatcher_that_is_away_costs_a_frozen_process_no_more_than_a_queue(
    capsys: pytest.CaptureFixture[str],
) -> None:
    was = freezing.between_requests.set(True)
    try:
        await Poke(f"http://127.0.0.1:{free_port()}/", canaries.CRON_SECRET)(7)
    finally:
        freezing.between_requests.reset(was)

    assert '"event": "poke_failed", "error": "ConnectionRefusedError"' in capsys.readouterr().out


async def test_no_address_pokes_nobody() -> None:
    poke = Poke("none", canaries.CRON_SECRET)

    await poke(7)

    assert not poke._tasks
