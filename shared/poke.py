"""Poke: tell the dispatcher, after a commit, that there is work. The scheduler's tick is the guarantee."""

import asyncio
import time

from shared import logs

GAP_SECONDS = 0.02  # pokes closer together than this become one
TIMEOUT_SECONDS = 60.0


class Poke:
    """Pokes `address` without making the caller wait. An address of "none" does nothing."""

    def __init__(self, address: str, cron_secret: str) -> None:
        """`address` is dispatch_notifications' URL or "none"."""
        self._address = address
        self._headers = {"x-cron-secret": cron_secret}
        self._last = 0.0
        self._pending = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: object | None = None

    def __call__(self) -> None:
        """Poke soon: at once, or at the end of the gap when one has just gone out."""
        if self._address == "none" or self._pending:
            return
        self._pending = True
        task = asyncio.create_task(self._poke())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _poke(self) -> None:
        import httpx  # noqa: PLC0415 - 70 ms that an ingest without a poke need not pay

        await asyncio.sleep(max(0.0, self._last + GAP_SECONDS - time.monotonic()))
        self._pending = False
        self._last = time.monotonic()
        if not isinstance(self._client, httpx.AsyncClient):
            self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        try:
            await self._client.post(self._address, headers=self._headers)
        except httpx.HTTPError as error:
            logs.warning("poke_failed", error=type(error).__name__)
