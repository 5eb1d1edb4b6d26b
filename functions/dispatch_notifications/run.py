"""One run: notify, send, look again, until nothing is due or the time is up."""

import asyncio
import contextlib
import time

import httpx
from httpx_aiohttp import HttpxAiohttpClient

from functions.dispatch_notifications import mentors, outbox
from functions.dispatch_notifications.sender import Sender
from shared import bots, jobs, logs
from shared.config import Settings
from shared.db import Database
from shared.telegram import Telegram

NAME = "dispatch_notifications"
LINGER_SECONDS = 6.5  # work that falls due within this (a first retry is) is waited for; later work is the next tick's
BREATH_SECONDS = 0.05  # between looks at work that somebody else holds, or that waits for a permit
CONNECTIONS = 100


class Run:
    """The work of one invocation."""

    def __init__(self, database: Database, settings: Settings, poked: asyncio.Event, seconds: float) -> None:
        """`poked` is set by pokes that meet this run; `seconds` is its time budget."""
        self._database = database
        self._settings = settings
        self._poked = poked
        self._ends_at = time.monotonic() + seconds
        self._done = {"events": 0, "sent": 0, "failed": 0}

    async def to_the_end(self) -> dict[str, int]:
        """Do what is due. Answers `done`, `remaining` and the parts of `done`."""
        await self._begin()
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=5.0)
        async with HttpxAiohttpClient(limits=limits, timeout=None, trust_env=False) as http:  # see Telegram.call
            telegram = Telegram(self._settings.telegram_api_url, http)
            while self._time_left() > 0:
                self._poked.clear()
                if await self._round(telegram):
                    continue
                if self._poked.is_set():
                    continue
                if not await self._wait_for_work():
                    break
        return await self._report()

    async def _begin(self) -> None:
        async with self._database.transaction() as connection:
            await jobs.start(connection, NAME)
            repaired = await outbox.repair(connection)
        if repaired:
            logs.warning("lanes_repaired", lanes=repaired)

    async def _round(self, telegram: Telegram) -> bool:
        """Notify and send what is due now; whether there was anything."""
        events = await mentors.notify(self._database)
        self._done["events"] += events
        async with self._database.connection() as connection:
            active = await bots.active(connection, self._settings.secrets_key)
        tallies = await asyncio.gather(
            *(Sender(self._database, telegram, bot, self._ends_at).drain() for bot in active)
        )
        for tally in tallies:
            self._done["sent"] += tally.sent
            self._done["failed"] += tally.failed
        return bool(events) or any(tally.claimed for tally in tallies)

    async def _wait_for_work(self) -> bool:
        """Wait for what falls due soon, or for a poke; False when there is no such work."""
        async with self._database.connection() as connection:
            due_in = await outbox.next_due_in(connection)
        if self._poked.is_set():
            return True
        if due_in is None or due_in > min(LINGER_SECONDS, self._time_left()):
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), max(due_in, BREATH_SECONDS))
        return True

    async def _report(self) -> dict[str, int]:
        async with self._database.connection() as connection:
            remaining = await outbox.remaining(connection)
            report = {"done": self._done["events"] + self._done["sent"], "remaining": remaining, **self._done}
            await jobs.finish(connection, NAME, report)
        logs.info("run_finished", **report)
        return report

    def _time_left(self) -> float:
        return self._ends_at - time.monotonic()
