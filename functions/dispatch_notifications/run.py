"""One run: notify, send, look again, until nothing is due or the time is up."""

import asyncio
import contextlib
import time

from functions.dispatch_notifications import mentors, outbox
from functions.dispatch_notifications.sender import Sender
from shared import bots, jobs, logs
from shared.config import Settings
from shared.db import Database
from shared.telegram import Telegram

NAME = "dispatch_notifications"
LINGER_SECONDS = 6.5  # work that falls due within this (a first retry is) is waited for; later work is the next tick's
STUCK_SECONDS = 3.0  # what is due and stays so (a token that does not open) is left to the next tick
BREATH_SECONDS = 0.05  # between looks at work that somebody else holds, or that waits for a permit


class Run:
    """The work of one invocation."""

    def __init__(self, database: Database, settings: Settings, seconds: float) -> None:
        """`seconds` is its time budget."""
        self._database = database
        self._settings = settings
        self._telegram = Telegram(settings.telegram_api_url)
        self._started = time.monotonic()
        self._ends_at = self._started + seconds
        self._poked = asyncio.Event()
        self._looking = True
        self._last_work = self._started
        self._done = {"events": 0, "sent": 0, "failed": 0}

    def join(self) -> bool:
        """Let this run look once more, instead of a run of one's own; False when it has looked for the last time."""
        self._poked.set()
        return self._looking and self._time_left() > 0

    async def to_the_end(self) -> dict[str, int]:
        """Do what is due. Answers `done`, `remaining` and the parts of `done`."""
        try:
            await self._look_until_done()
        finally:
            self._looking = False
            await self._telegram.close()
        return await self._report()

    async def _look_until_done(self) -> None:
        while self._time_left() > 0:
            self._poked.clear()
            if not await self._round() and not await self._work_comes():
                self._looking = False  # no await since the last look: a poke from now on starts a run of its own
                return

    async def _round(self) -> bool:
        """Notify and send what is due now; whether there was anything."""
        events = await mentors.notify(self._database)
        self._done["events"] += events
        async with self._database.connection() as connection:
            due = await bots.with_work(connection, self._settings.secrets_key)
        tallies = await asyncio.gather(
            *(Sender(self._database, self._telegram, bot, self._ends_at).drain() for bot in due)
        )
        for tally in tallies:
            self._done["sent"] += tally.sent
            self._done["failed"] += tally.failed
        if found := bool(events) or any(tally.claimed for tally in tallies):
            self._last_work = time.monotonic()
        return found

    async def _work_comes(self) -> bool:
        """Wait for a poke, or for what falls due soon; False when there is neither."""
        async with self._database.connection() as connection:
            due_in = await outbox.next_due_in(connection)
        if self._poked.is_set():
            return True
        if due_in is None or due_in > min(LINGER_SECONDS, self._time_left()):
            return False
        if due_in <= 0 and time.monotonic() - self._last_work > STUCK_SECONDS:
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), max(due_in, BREATH_SECONDS))
        return True

    async def _report(self) -> dict[str, int]:
        async with self._database.transaction() as connection:
            repaired = await outbox.repair(connection)
            remaining = await outbox.remaining(connection)
            report = {"done": self._done["events"] + self._done["sent"], "remaining": remaining, **self._done}
            await jobs.record(connection, NAME, self._started, report)
        if repaired:
            logs.warning("lanes_repaired", lanes=repaired)
        logs.info("run_finished", **report)
        return report

    def _time_left(self) -> float:
        return self._ends_at - time.monotonic()
