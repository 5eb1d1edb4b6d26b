"""Poke: tell the dispatcher, after a commit, that there is work. The scheduler's tick is the guarantee."""

import asyncio
import time
from urllib.parse import urlsplit

from shared import logs

GAP_SECONDS = 0.02  # pokes closer together than this become one
TIMEOUT_SECONDS = 60.0


class Poke:
    """Pokes `address` without making the caller wait. An address of "none" does nothing."""

    def __init__(self, address: str, cron_secret: str) -> None:
        """`address` is dispatch_notifications' URL or "none"."""
        self._url = urlsplit(address)
        self._cron_secret = cron_secret
        self._last = 0.0
        self._pending = False
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self) -> None:
        """Poke soon: at once, or at the end of the gap when one has just gone out."""
        if not self._url.hostname or self._pending:
            return
        self._pending = True
        task = asyncio.create_task(self._poke())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _poke(self) -> None:
        await asyncio.sleep(max(0.0, self._last + GAP_SECONDS - time.monotonic()))
        self._pending = False
        self._last = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                status = await self._post()
        except (OSError, TimeoutError, ValueError) as error:
            logs.warning("poke_failed", error=type(error).__name__)
        else:
            if status != 200:
                logs.warning("poke_refused", status=status)

    async def _post(self) -> int:
        """One POST without a body; its status. An HTTP library would cost a third of this function's memory."""
        url, encrypted = self._url, self._url.scheme == "https"
        reader, writer = await asyncio.open_connection(
            url.hostname, url.port or (443 if encrypted else 80), ssl=encrypted or None
        )
        try:
            request = (
                f"POST {url.path or '/'} HTTP/1.1\r\nHost: {url.netloc.rpartition('@')[2]}\r\n"
                f"X-Cron-Secret: {self._cron_secret}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            writer.write(request.encode())
            await writer.drain()
            status_line = await reader.readline()
            return int(status_line.split(b" ", 2)[1])
        except IndexError:
            raise ValueError from None
        finally:
            writer.close()
