"""Sends what one bot has due: many lanes at once, one message of a lane at a time."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.dispatch_notifications.capacity import Capacity
from functions.dispatch_notifications.finisher import Finisher
from functions.dispatch_notifications.outbox import guards, pictures, queue, render, retry_policy
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.pictures import Call
from functions.dispatch_notifications.outbox.retry_policy import Decision
from functions.dispatch_notifications.shutdown import Deadline
from shared import logs
from shared.channels.outcome import Outcome
from shared.channels.router import Channels
from shared.credentials import bots
from shared.credentials.bots import Bot
from shared.database.pool import Database
from shared.delivery import chats
from shared.telemetry import tracing

MAX_IN_FLIGHT = 150  # more than the channels' connections, so that none of them waits for the next claim
CLAIM_BATCH_DELAY = 0.02  # while most are under way: one claim for many is cheaper
CLAIM_AGAIN_FRACTION = 4  # of the time until the last permit: a claim before that would get none that is earlier
LEASE_SAFETY_FRACTION = 4  # a process that was frozen for longer gives back what it has not begun: the lease runs out
BEGIN_WITHIN_SECONDS = 2.0  # of the end of the run's time: permits are taken a second ahead, and shall not be lost
CUT_OFF = Outcome("ambiguous", "interrupted")  # it was on its way when this process had to go


@dataclass(frozen=True)
class Claim:
    """When a claim was asked for and when it came, by this process's clock, and what the guards decided of it."""

    asked_at: float
    at: float
    decided: Mapping[int, Decision]


@dataclass(frozen=True)
class Resources:
    """What the senders of a run share."""

    database: Database
    channels: Channels
    deadline: Deadline  # nothing new is begun after it
    lease_seconds: float
    finisher: Finisher
    capacity: Capacity = field(default_factory=Capacity)


class NotSent(Exception):
    """The attempt ends before its request."""

    def __init__(self, decision: Decision) -> None:
        """`decision` is how it ends."""
        super().__init__(decision.result)
        self.decision = decision


@dataclass
class Tally:
    """What one drain did."""

    claimed: int = 0
    sent: int = 0
    failed: int = 0


class Sender:
    """Drains one bot's lanes."""

    def __init__(self, resources: Resources, bot: Bot) -> None:
        """`bot` is the one whose messages it sends."""
        self._database = resources.database
        self._channels = resources.channels
        self._deadline = resources.deadline
        self._lease_seconds = resources.lease_seconds
        self._finisher = resources.finisher
        self._capacity = resources.capacity
        self._bot = bot
        self._max_delay = resources.lease_seconds / LEASE_SAFETY_FRACTION
        self._bot_refused = False
        self._wakeup = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight = 0  # claimed, and without an answer
        self._next_send_at = 0.0
        self._claim_again_at = 0.0
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
                self._wakeup.clear()
                await self._claim()
                if not self._tasks:
                    break
                await self._wakeup.wait()
                await asyncio.sleep(max(self._claim_again_at - time.monotonic(), self._batch_delay()))
        finally:
            if self._tasks:  # what is under way ends before an error goes up
                await asyncio.wait(self._tasks)
        if self._error is not None:
            raise self._error

    def wake(self) -> None:
        """More is due, or there is room again."""
        self._wakeup.set()

    def _batch_delay(self) -> float:
        return CLAIM_BATCH_DELAY if self._in_flight > MAX_IN_FLIGHT / 2 else 0.0

    async def _claim(self) -> None:
        """Claim what is due, as far as there is room, and deliver it."""
        most = MAX_IN_FLIGHT - self._in_flight
        if most <= 0 or self._bot_refused or self._deadline.expired:
            return
        self._channels.open()
        async with self._capacity.turn() as room:
            if self._deadline.expired:  # by now
                return
            async with self._database.connection() as connection:
                asked_at = time.monotonic()
                attempts = await queue.claim(connection, self._bot.id, min(most, room), self._lease_seconds)
                decided = await guards.check(connection, attempts)
            self._capacity.take(len(attempts))
        self.tally.claimed += len(attempts)
        self._in_flight += len(attempts)
        claim = Claim(asked_at, time.monotonic(), decided)
        if attempts:
            self._claim_again_at = claim.at + attempts[-1].wait / CLAIM_AGAIN_FRACTION
        for attempt in attempts:
            task = asyncio.create_task(self._deliver(attempt, claim))
            self._tasks.add(task)
            task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._error = self._error or error
        self.wake()

    async def _deliver(self, attempt: Attempt, claim: Claim) -> None:
        logs.correlation_id.set(attempt.correlation_id)
        with tracing.span("deliver", attempt.correlation_id) as note:
            decision = await self._attempt(attempt, claim)
            note(outbox_id=attempt.id, kind=attempt.kind, attempt=attempt.attempt, outcome=decision.result)
            note(error_class=decision.error_class)
            await self._finish(attempt, decision)

    async def _attempt(self, attempt: Attempt, claim: Claim) -> Decision:
        """Do what there is to do about the message, and say how that ended."""
        try:
            self._check(attempt, claim)
            call = await self._render(attempt)
            await self._wait_for_permit(attempt, claim)
            return retry_policy.after_sending(attempt, await self._send(attempt, call))
        except NotSent as end:
            return end.decision
        finally:
            self._in_flight -= 1
            self._capacity.give_back()
            self.wake()

    def _check(self, attempt: Attempt, claim: Claim) -> None:
        if decision := claim.decided.get(attempt.id) or retry_policy.before_sending(attempt):
            raise NotSent(decision)

    async def _render(self, attempt: Attempt) -> Call:
        try:
            parameters = render.parameters(attempt)
        except Exception as error:  # noqa: BLE001 - a payload of any wrong shape is this message's end, not the run's
            logs.error("payload_not_understood", cause=error, outbox_id=attempt.id)
            raise NotSent(retry_policy.POISON) from None
        if "picture" not in parameters:
            return attempt.method, parameters
        drawing = pictures.drawn(self._bot.account, attempt.method, parameters, self._max_delay)
        if (call := await self._deadline.run_until(drawing)) is None:
            raise NotSent(retry_policy.RELEASED)
        return call

    async def _wait_for_permit(self, attempt: Attempt, claim: Claim) -> None:
        """Wait for the bot's shared rate and this process's own, but not until the lease or the run may be over."""
        permitted = await self._deadline.sleep(claim.at + attempt.wait - time.monotonic())
        if not permitted or not await self._deadline.sleep(self._local_pacing_delay()):
            raise NotSent(retry_policy.RELEASED)
        is_late = time.monotonic() > claim.asked_at + attempt.wait + self._max_delay
        if is_late or self._deadline.seconds_left < -BEGIN_WITHIN_SECONDS:
            raise NotSent(retry_policy.RELEASED)

    def _local_pacing_delay(self) -> float:
        """Seconds until this process may send: when it was held up, many permits have come due at once (GCRA)."""
        now, gap = time.monotonic(), 1 / self._bot.rate
        send_at = max(self._next_send_at, now - (self._bot.burst - 1) * gap)
        self._next_send_at = send_at + gap
        return send_at - now

    async def _send(self, attempt: Attempt, call: Call) -> Outcome:
        to = attempt.chat_id if attempt.recipient is None else attempt.recipient
        return await self._deadline.run_until(self._channels.call(self._bot.account, to or 0, *call)) or CUT_OFF

    async def _finish(self, attempt: Attempt, decision: Decision) -> None:
        ours = await self._finisher.finish(attempt, decision)
        await self._after_commit(attempt, decision)
        self.tally.sent += decision.state == "sent"
        self.tally.failed += decision.state in ("dead", "unknown")
        outcome = decision.outcome
        log = logs.warning if decision.state in ("dead", "unknown") else logs.info
        log(
            f"message_{decision.state}",
            outbox_id=attempt.id, kind=attempt.kind, attempt=attempt.attempt, outcome=decision.result,
            message_id=outcome and outcome.message_id, error_class=decision.error_class,
            http_status=outcome and outcome.http_status, zombie=not ours or None,
        )  # fmt: skip

    async def _after_commit(self, attempt: Attempt, decision: Decision) -> None:
        """What has transactions of its own (a chat that moved, a bot that is refused); groups that are not ready."""
        if decision.chat_state and decision.chat_state != attempt.last_error:
            logs.error("chat_not_ready", bot=self._bot.name, state=decision.chat_state, next_step="carillon doctor")
        moved_to = decision.outcome and decision.outcome.moved_to
        if decision.remedy == "move_chat" and attempt.chat_id is not None and moved_to:
            async with self._database.transaction() as connection:
                await chats.move(connection, attempt.bot_id, attempt.chat_id, moved_to)
            logs.warning("chat_moved", bot=self._bot.name)
        if decision.result == "bot_refused" and not self._bot_refused:
            self._bot_refused = True
            async with self._database.connection() as connection:
                await bots.mark_auth_failed(connection, self._bot.id)
            logs.error("bot_refused", bot=self._bot.name, next_step="carillon bots check")
