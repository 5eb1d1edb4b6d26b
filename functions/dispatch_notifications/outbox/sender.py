"""Sends what one bot has due: many lanes at once, one message of a lane at a time."""

import asyncio
import time
from dataclasses import dataclass

from functions.dispatch_notifications.outbox import guards, pictures, queue, render, retry_policy
from functions.dispatch_notifications.outbox.queue import Attempt
from functions.dispatch_notifications.outbox.retry_policy import Decision
from functions.dispatch_notifications.shutdown import Deadline
from shared import logs
from shared.channels.outcome import Outcome
from shared.channels.router import Channels
from shared.credentials import bots
from shared.credentials.bots import Bot
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.delivery import chats
from shared.errors import DatabaseUnavailable

MAX_IN_FLIGHT = 150  # more than the channels' connections, so that none of them waits for the next claim
CLAIM_BATCH_DELAY = 0.02  # while most are under way: one claim for many is cheaper
LEASE_SAFETY_FRACTION = 4  # a process that was frozen for longer gives back what it has not begun: the lease runs out
FINISH_RETRY_SECONDS = 0.2
FINISH_WITHIN_SECONDS = 30.0  # a message that was sent and is not noted costs a copy: worth waiting for
CUT_OFF = Outcome("ambiguous", "interrupted")  # it was on its way when this process had to go


@dataclass(frozen=True)
class Claimed:
    """When a claim was asked for and when it came, by this process's clock."""

    asked_at: float
    at: float


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0


class Sender:
    """Drains one bot's lanes."""

    def __init__(
        self, database: Database, channels: Channels, bot: Bot, deadline: Deadline, lease_seconds: float
    ) -> None:
        """Nothing new is begun after `deadline`."""
        self._database = database
        self._channels = channels
        self._bot = bot
        self._deadline = deadline
        self._lease_seconds = lease_seconds
        self._finisher = GroupCommit(self._finish, patience=FINISH_WITHIN_SECONDS)
        self._refused = False
        self._asked = asyncio.Event()
        self._carried: set[asyncio.Task[None]] = set()
        self._unanswered = 0
        self._next_turn = 0.0
        self._error: BaseException | None = None
        self.tally = Tally()

    @property
    def bot_id(self) -> int:
        """Whose messages it sends."""
        return self._bot.id

    async def drain(self) -> None:
        """Send until no lane is due, the time is up or the bot is refused. Raises what a message's end raised."""
        try:
            while self._error is None:
                self._asked.clear()
                await self._begin()
                if not self._carried:
                    break
                await self._asked.wait()
                if self._unanswered > MAX_IN_FLIGHT / 2:
                    await asyncio.sleep(CLAIM_BATCH_DELAY)
        finally:
            if self._carried:  # what is under way ends before an error goes up
                await asyncio.wait(self._carried)
        if self._error is not None:
            raise self._error

    def wake(self) -> None:
        """More is due, or there is room again."""
        self._asked.set()

    async def _begin(self) -> None:
        """Claim what is due, as far as there is room, and send it."""
        room = MAX_IN_FLIGHT - self._unanswered
        if room <= 0 or self._refused or self._deadline.expired:
            return
        self._channels.open()
        async with self._database.connection() as connection:
            asked_at = time.monotonic()
            attempts = await queue.claim(connection, self._bot.id, room, self._lease_seconds)
            decided = await guards.check(connection, attempts)
        self.tally.claimed += len(attempts)
        self._unanswered += len(attempts)
        moment = Claimed(asked_at, time.monotonic())
        for attempt in attempts:
            task = asyncio.create_task(self._carry(attempt, decided.get(attempt.id), moment))
            self._carried.add(task)
            task.add_done_callback(self._has_ended)

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        self._carried.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._error = self._error or error
        self.wake()

    async def _carry(self, attempt: Attempt, decision: Decision | None, claimed: Claimed) -> None:
        logs.correlation_id.set(attempt.correlation_id)
        try:
            decision = decision or retry_policy.before_sending(attempt) or await self._send(attempt, claimed)
        finally:
            self._unanswered -= 1
            self.wake()
        ours = await self._finisher.submit((attempt, decision))
        await self._follow(attempt, decision, ours=ours)

    async def _send(self, attempt: Attempt, claimed: Claimed) -> Decision:
        try:
            parameters = render.parameters(attempt)
        except Exception as error:  # noqa: BLE001 - a payload of any wrong shape is this message's end, not the run's
            logs.error("payload_not_understood", cause=error, outbox_id=attempt.id)
            return retry_policy.POISON
        patience = self._lease_seconds / LEASE_SAFETY_FRACTION
        call: pictures.Call | None = attempt.method, parameters
        if "picture" in parameters:
            drawing = pictures.drawn(self._bot.account, attempt.method, parameters, patience)
            call = await self._deadline.run_until(drawing)
        if call is None:
            return retry_policy.RELEASED
        permitted = await self._deadline.sleep(claimed.at + attempt.wait - time.monotonic())
        if not permitted or not await self._deadline.sleep(self._turn_in()):
            return retry_policy.RELEASED
        if time.monotonic() > claimed.asked_at + attempt.wait + patience:
            return retry_policy.RELEASED
        to = attempt.chat_id if attempt.recipient is None else attempt.recipient
        outcome = await self._deadline.run_until(self._channels.call(self._bot.account, to or 0, *call))
        return retry_policy.after_sending(attempt, outcome or CUT_OFF)

    def _turn_in(self) -> float:
        """Seconds until this process may send: when it was held up, many permits have come due at once (GCRA)."""
        now, gap = time.monotonic(), 1 / self._bot.rate
        turn = max(self._next_turn, now - (self._bot.burst - 1) * gap)
        self._next_turn = turn + gap
        return turn - now

    async def _finish(self, finished: list[queue.Finished]) -> list[bool]:
        """Write a group of endings; for each whether it was still ours (a zombie's was taken over)."""
        give_up_at = time.monotonic() + FINISH_WITHIN_SECONDS
        while True:
            try:
                async with self._database.transaction() as connection:
                    ours = await queue.finish(connection, finished)
                return [attempt.id in ours for attempt, _ in finished]
            except DatabaseUnavailable:
                if self._deadline.is_forced or time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(FINISH_RETRY_SECONDS)

    async def _follow(self, attempt: Attempt, decision: Decision, *, ours: bool) -> None:
        """What comes after the commit: a moved chat, a refused bot, the log."""
        if decision.remedy == "move_chat" and attempt.chat_id is not None and decision.moved_to:
            async with self._database.transaction() as connection:
                await chats.move(connection, attempt.chat_id, decision.moved_to)
            logs.warning("chat_moved", bot=self._bot.name)
        if decision.outcome == "bot_refused" and not self._refused:
            self._refused = True
            async with self._database.connection() as connection:
                await bots.mark_auth_failed(connection, self._bot.id)
            logs.error("bot_refused", bot=self._bot.name, next_step="carillon bots check")
        self.tally.sent += decision.state == "sent"
        self.tally.failed += decision.state in ("dead", "unknown")
        logs.info(
            f"message_{decision.state}",
            outbox_id=attempt.id, kind=attempt.kind, attempt=attempt.attempt, outcome=decision.outcome,
            message_id=decision.message_id, error_class=decision.error_class, http_status=decision.http_status,
            zombie=not ours or None,
        )  # fmt: skip
