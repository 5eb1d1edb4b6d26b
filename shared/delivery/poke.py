"""Poke: let the dispatcher know, after a commit, that there is work. The scheduler's tick is the guarantee."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Coroutine
from urllib.parse import urlsplit

from shared import freezing, logs
from shared.clients.sqs import FifoQueue, SendFailed

GAP_SECONDS = 0.02  # pokes of one bot closer together than this become one
TIMEOUT_SECONDS = 60.0
MAX_WAIT_SECONDS = 2.0  # what a queue or a dispatcher that is away may cost the caller


class Poke:
    """Pokes the dispatcher over HTTP or through a queue. An address of "none" does nothing."""

    def __init__(self, address: str, cron_secret: str) -> None:
        """`address` is dispatch_notifications' URL, "sqs:" and a FIFO queue's URL, or "none"."""
        self._queue = FifoQueue(address.removeprefix("sqs:")) if address.startswith("sqs:") else None
        self._url = urlsplit("" if self._queue else address)
        self._cron_secret = cron_secret
        self._last: dict[int | None, float] = defaultdict(float)
        self._locks: dict[int | None, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: dict[int | None, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, bot: int | None = None) -> None:
        """Poke because `bot` has work, or some bot. Never raises: what fails is logged.

        A queue is waited for; over HTTP nobody waits, but where the process freezes once it has answered, with all
        that it still wanted to send: there it waits until the request is on its way.
        """
        if self._queue:
            await asyncio.wait([self._schedule(bot)], timeout=MAX_WAIT_SECONDS)
        elif self._url.hostname:
            sent = self._schedule(None)
            if freezing.between_requests.get():
                await asyncio.wait([sent], timeout=MAX_WAIT_SECONDS)

    def _schedule(self, bot: int | None) -> asyncio.Task[None]:
        """The poke that leaves next: at once, or at the end of the gap when one has just gone out."""
        if bot not in self._waiting:
            self._waiting[bot] = self._start(self._send(bot))
        return self._waiting[bot]

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _send(self, bot: int | None) -> None:
        async with self._locks[bot]:  # a queue that hangs holds one thread of a bot; what comes meanwhile is one poke
            await asyncio.sleep(max(0.0, self._last[bot] + GAP_SECONDS - time.monotonic()))
            del self._waiting[bot]  # from here on, whoever comes may be too late for this one
            self._last[bot] = time.monotonic()
            if self._queue:
                await self._send_sqs(self._queue, bot)
            else:
                await self._send_http()

    async def _send_sqs(self, queue: FifoQueue, bot: int | None) -> None:
        """One message in the bot's group: SQS gives a group's next one out when the one before is done."""
        try:
            await queue.send(f"bot-{'any' if bot is None else bot}", json.dumps({"bot": bot}))
        except SendFailed as error:
            logs.warning("poke_failed", error=str(error))

    async def _send_http(self) -> None:
        """Write the request. Its answer comes at the end of a whole run, and is waited for aside."""
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                reader, writer = await self._post()
        except (OSError, TimeoutError, ValueError) as error:
            logs.warning("poke_failed", error=type(error).__name__)
        else:
            self._start(_await_answer(reader, writer))

    async def _post(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """One POST without a body.

        An HTTP library would cost a third of this function's memory; http.client would keep a thread for as long as
        the dispatcher runs, and few that hang would keep all that the database and SQS need.
        """
        url, encrypted = self._url, self._url.scheme == "https"
        reader, writer = await asyncio.open_connection(
            url.hostname, url.port or (443 if encrypted else 80), ssl=encrypted or None
        )
        request = (
            f"POST {url.path or '/'} HTTP/1.1\r\nHost: {url.netloc.rpartition('@')[2]}\r\n"
            f"X-Cron-Secret: {self._cron_secret}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        try:
            writer.write(request.encode())
            await writer.drain()
        except BaseException:
            writer.close()
            raise
        return reader, writer


async def _await_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Log an answer that is not 200, or that there was none: which says nothing where this process was frozen."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            status_line = await reader.readline()
        status = int(status_line.split(b" ", 2)[1])
    except (OSError, TimeoutError, ValueError, IndexError) as error:
        if not freezing.between_requests.get():
            logs.warning("poke_failed", error=type(error).__name__)
    else:
        if status != 200:
            logs.warning("poke_refused", status=status)
    finally:
        writer.close()
