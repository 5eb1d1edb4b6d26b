"""One run: create notifications, send, poll again, until nothing is due or the time is up."""

import asyncio
import contextlib
import time

from functions.dispatch_notifications import missed_runs
from functions.dispatch_notifications.courses import broadcasts
from functions.dispatch_notifications.finisher import Finisher
from functions.dispatch_notifications.getcourse import notify
from functions.dispatch_notifications.outbox import backlog, delivery_failures
from functions.dispatch_notifications.outbox.backlog import SafetyNet
from functions.dispatch_notifications.outbox.sender import Resources, Sender
from functions.dispatch_notifications.shutdown import Deadline
from shared import logs
from shared.channels.router import Channels
from shared.config import Settings
from shared.credentials import bots
from shared.database.pool import Database
from shared.delivery import chats

IDLE_GRACE_SECONDS = (
    6.5  # work that falls due within this is waited for (a first retry is); the rest is the next tick's
)
GIVE_UP_AFTER_SECONDS = 3.0  # what is due and stays so (a token that does not open) is left to the next tick
OVERDUE_SECONDS = 600.0  # somebody should look when due messages wait longer than this
LONG_TRANSACTION_SECONDS = 300.0  # whoever holds it makes every queue in the database slower
POLL_SECONDS = 1.0  # while there is something to wait for: not every poke reaches this process
BUSY_POLL_SECONDS = 0.05  # while somebody else holds the work, or it waits for a permit


class Run:
    """The work of one invocation."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        seconds: float,
        bot_id: int | None = None,
        safety_net: SafetyNet | None = None,
    ) -> None:
        """`seconds` is its time budget; with `bot_id` it sends that bot's messages alone. Runs share a `safety_net`."""
        self._database = database
        self._settings = settings
        self._bot_id = bot_id
        self._safety_net = safety_net or SafetyNet()
        self._channels = Channels(settings)
        self._event_loop = asyncio.get_running_loop()
        self._started = time.monotonic()
        self._deadline = Deadline(seconds)
        finisher = Finisher(database, self._deadline)
        self._resources = Resources(database, self._channels, self._deadline, settings.lease_seconds, finisher)
        self._poked = asyncio.Event()
        self._polling = True
        self._last_work = self._started
        self._planning_seconds = 0.0  # that the last batch of answers took
        self._senders: dict[asyncio.Task[None], Sender] = {}  # as long as they send, by what they do
        self._failures: list[BaseException] = []  # of senders
        self._done = {"events": 0, "sent": 0, "failed": 0}

    def join(self, bot_id: int | None) -> bool:
        """Make this run poll once more, instead of a run of one's own.

        False when it has polled for the last time, or sends for another bot alone.
        """
        if self._bot_id not in (None, bot_id):
            return False
        self._poked.set()
        return self._polling and not self._deadline.expired

    def end(self) -> None:
        """Come to the end within 5 seconds: the process is being taken away. May be called by a signal's handler."""
        self._event_loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._deadline.expire()
        self._poked.set()

    async def run(self) -> dict[str, int]:
        """Do what is due. Answers `done`, `remaining` and the parts of `done`."""
        try:
            await self._redirect_moved_chats()
            await self._loop()
        finally:
            self._polling = False
            await self._channels.close()
        if self._failures:  # every sender has come to its end
            raise self._failures[0]
        return await self._report()

    async def _redirect_moved_chats(self) -> None:
        async with self._database.connection() as connection:
            left = await chats.moves_with_pending(connection)
        for bot, old, new in left:
            async with self._database.transaction() as connection:
                await chats.move(connection, bot, old, new)

    async def _loop(self) -> None:
        try:
            await self._start_senders()  # what is due already does not wait for what becomes a message only now
            while not self._deadline.expired and not self._failures:
                self._poked.clear()
                if await self._poll():
                    continue  # more answers may be due
                if not self._senders and not await self._wait_for_work():
                    self._polling = False  # no await since the last poll: a poke from now on starts a run of its own
                    return
                if self._senders:
                    await self._wait_for_event()
        finally:
            if self._senders:  # they have the same deadline
                await asyncio.wait(self._senders)
            self._end_senders()

    async def _poll(self) -> bool:
        """Announce failures, turn one batch of answers into messages, bring broadcasts a step on, let every bot send.

        Answers whether there were answers. However many are due, each batch's messages leave before the next one.
        """
        await delivery_failures.announce(self._database)
        events = await self._create_notifications()
        if await broadcasts.advance(self._database):
            self._last_work = time.monotonic()
        await self._start_senders()
        return bool(events)

    async def _create_notifications(self) -> int:
        """One batch, unless the time would be over before it is done; how many answers were processed."""
        if self._deadline.seconds_left < self._planning_seconds:
            return 0
        started = time.monotonic()
        events = await notify.create_notifications(self._database)
        if events:
            self._last_work = time.monotonic()
            self._planning_seconds = self._last_work - started
            self._done["events"] += events
        return events

    async def _start_senders(self) -> None:
        """A bot with a long broadcast, or with an answer that does not come, keeps nobody waiting."""
        async with self._database.connection() as connection:
            due = await bots.with_due_messages(connection, self._settings.secrets_key, self._bot_id)
        self._end_senders()
        sending = {sender.bot_id: sender for sender in self._senders.values()}
        for bot in due:
            if bot.id in sending:
                sending[bot.id].wake()
            else:
                sender = Sender(self._resources, bot)
                self._senders[asyncio.create_task(self._drain(sender))] = sender

    async def _drain(self, sender: Sender) -> None:
        try:
            await sender.drain()
        finally:
            self._done["sent"] += sender.tally.sent
            self._done["failed"] += sender.tally.failed
        if sender.tally.claimed:
            self._last_work = time.monotonic()
        else:
            await asyncio.sleep(BUSY_POLL_SECONDS)

    async def _wait_for_event(self) -> None:
        """Wait until a bot has sent all that was due, a poke comes, or it is time to poll again anyway."""
        poked = asyncio.create_task(self._poked.wait())
        happening = (poked, *self._senders)
        await asyncio.wait(happening, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        poked.cancel()
        self._end_senders()

    def _end_senders(self) -> None:
        """Forget the senders that are done. What each failed with is logged and kept; none goes unnoticed."""
        for drain in [drain for drain in self._senders if drain.done()]:
            sender = self._senders.pop(drain)
            if not drain.cancelled() and (failure := drain.exception()):
                logs.warning("sender_failed", error=logs.location(failure), bot_id=sender.bot_id)
                self._failures.append(failure)

    async def _wait_for_work(self) -> bool:
        """Wait for a poke, or for what falls due soon; False when there is neither."""
        soon = min(IDLE_GRACE_SECONDS, self._deadline.seconds_left)
        async with self._database.connection() as connection:
            messages = await backlog.next_due_in(connection, self._bot_id, soon)
            answers = await notify.next_due_in(connection)
        if self._poked.is_set():
            return True
        due_in = min((seconds for seconds in (messages, answers) if seconds is not None), default=None)
        if due_in is None or due_in > soon:
            return False
        if due_in <= 0 and time.monotonic() - self._last_work > GIVE_UP_AFTER_SECONDS:
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), min(max(due_in, BUSY_POLL_SECONDS), POLL_SECONDS))
        return True

    async def _report(self) -> dict[str, int]:
        async with self._database.transaction() as connection:
            repaired = 0 if self._deadline.is_forced else await self._safety_net.repair(connection)
            overdue, transaction = await backlog.overdue(connection)
            remaining = await backlog.remaining(connection)
            if self._bot_id is None and not self._deadline.is_forced:
                await missed_runs.announce(connection)
            report = {"done": self._done["events"] + self._done["sent"], "remaining": remaining, **self._done}
        if repaired:
            logs.warning("lanes_repaired", lanes=repaired)
        if overdue > OVERDUE_SECONDS:
            logs.error("messages_overdue", seconds=int(overdue), next_step="carillon doctor")
        if transaction > LONG_TRANSACTION_SECONDS:
            logs.error("transaction_too_long", seconds=int(transaction), next_step="carillon doctor")
        return report
